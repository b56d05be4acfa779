// The grey around the works: the theme's own, its opposite, or black. Remembered in this browser.
const KEY = "surround";
const SURROUNDS = ["neutral", "grey", "black"];

const remembered = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be closed to us; then every page begins with the first
  }
};

export const applySurround = (element) => {
  element.dataset.surround = SURROUNDS.includes(remembered()) ? remembered() : SURROUNDS[0];
};

export const nextSurround = (element) => {
  const next = SURROUNDS[(SURROUNDS.indexOf(element.dataset.surround) + 1) % SURROUNDS.length];
  element.dataset.surround = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Not remembered, and no harm done.
  }
};
