// How loud everything is: set once, before the first answer, and from then on the same for all works.
const SHELF = "salon-level";

const state = (() => {
  try {
    return { loud: 70, locked: false, ...JSON.parse(sessionStorage.getItem(SHELF)) };
  } catch {
    return { loud: 70, locked: false };
  }
})();

const keep = () => {
  try {
    sessionStorage.setItem(SHELF, JSON.stringify(state));
  } catch {
    // A shelf that is full or forbidden only means that the level is asked for again.
  }
};

export const level = {
  get loud() {
    return state.loud; // 0..100
  },

  // Ears are nearer to a square than to a straight line.
  get gain() {
    return (state.loud / 100) ** 2;
  },

  get isLocked() {
    return state.locked;
  },

  set(loud) {
    if (state.locked) return;
    state.loud = Math.min(Math.max(loud, 0), 100);
    keep();
  },

  lock() {
    state.locked = true;
    keep();
  },
};
