// What every viewer of works has in common: its figures, when they were looked at, and how marks are announced.

export class Viewer extends HTMLElement {
  letters = true; // whether single letters are keys; the bench says
  shownAt = null;
  dwell = 0;

  get works() {
    return [...this.querySelectorAll(".work")];
  }

  get isShown() {
    return this.shownAt !== null;
  }

  get isWhole() {
    return this.dataset.exposure === "whole";
  }

  show() {
    this.shownAt ??= performance.now();
  }

  hide() {
    if (this.isShown) this.dwell += performance.now() - this.shownAt;
    this.shownAt = null;
  }

  get dwellMs() {
    return Math.round(this.dwell + (this.isShown ? performance.now() - this.shownAt : 0));
  }

  // True if the key was used.
  key() {
    return false;
  }

  keyUp() {
    return false;
  }

  // True if there was something to leave: a mark being placed, a full view.
  escape() {
    return false;
  }

  get keys() {
    return [];
  }

  get tools() {
    return [];
  }

  pick() {}

  unpick() {}

  draw() {}

  goTo() {}

  // What was seen of each work, by its position on the screen.
  seen() {
    return this.works.map(() => ({ dwell_ms: this.dwellMs }));
  }

  // What was seen of the works before this page was opened counts on; told twice it counts once.
  recall(seen) {
    this.dwell = Math.max(this.dwell, ...seen.map(({ dwell_ms: dwell = 0 }) => dwell));
  }

  // What has still to be seen, in words.
  missing() {
    return "";
  }

  placed(position, kind, place) {
    this.dispatchEvent(new CustomEvent("placed", { bubbles: true, detail: { position, kind, place } }));
  }
}

export const factsOf = (work) => JSON.parse(work.dataset.facts || "{}");
