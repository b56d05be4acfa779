// Placing on several works at once: which of them the keys' crosshair is on.

const COARSE = "(hover: none) and (pointer: coarse)";
const WAYS = { ",": -1, ".": 1 };

// Of the markings in which something is being placed, the one that the keys speak to.
export const aimedOf = (markings) => {
  const placing = markings.filter(({ kind }) => kind);
  return placing.find(({ aimed }) => aimed) ?? placing[0];
};

// What to do, and what to do by keys where there may be some.
export const hintOf = (hand, keys) =>
  matchMedia(COARSE).matches ? `${hand}.` : `${hand}. By keys: ${keys}; , . for another work.`;

// , and . move the crosshair to the work before and after; true if the key did.
export const moveAim = (markings, key) => {
  const from = markings.indexOf(aimedOf(markings));
  if (from < 0 || !(key in WAYS)) return false;
  const to = (from + WAYS[key] + markings.length) % markings.length;
  markings.forEach((marking, at) => marking.aim(at === to));
  return true;
};
