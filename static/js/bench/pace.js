// How long a comparison takes this rater, how long is left, and when a break is due.

const AFTER = 3; // comparisons before "about … min left" is worth saying
const IDLE = 5 * 60_000; // ms without an answer that count as a break

export class Pace {
  constructor(breakAfter) {
    this.dwells = [];
    this.breakAfter = breakAfter * 60_000;
    this.since = performance.now();
    this.last = this.since;
  }

  add(dwell) {
    const time = performance.now();
    if (time - this.last > IDLE) this.since = time;
    this.last = time;
    this.dwells.push(dwell);
  }

  undo() {
    this.dwells.pop();
  }

  left(comparisons) {
    if (this.dwells.length < AFTER) return "";
    const middle = [...this.dwells].sort((one, other) => one - other)[Math.floor(this.dwells.length / 2)];
    return `about ${Math.max(1, Math.round((middle * comparisons) / 60_000))} min left`;
  }

  // A word about a break, once each time that one is due.
  breakDue() {
    const worked = performance.now() - this.since;
    if (!this.breakAfter || worked < this.breakAfter) return "";
    this.since = performance.now();
    return `You have judged for ${Math.round(worked / 60_000)} minutes: a short break keeps eye and ear fresh.`;
  }
}
