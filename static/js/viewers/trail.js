// What a camera has seen: the degrees it has gone round, and its way.

const LENGTH = 60; // points kept of the way
const PACE = 0.25; // s between them, to begin with

const round = (value, digits = 2) => Number(value.toFixed(digits));

export class Trail {
  degrees = new Set();
  before = 0; // degrees that were seen before
  path = [];
  pace = PACE;

  // The eye came from one azimuth to another, both in degrees and not wrapped.
  turn(from, to) {
    for (let degree = Math.floor(Math.min(from, to)); degree <= Math.max(from, to); degree += 1) {
      this.degrees.add(((degree % 360) + 360) % 360);
    }
  }

  note(seconds, { azimuth, elevation, distance }) {
    if (this.path.length && seconds - this.path.at(-1)[0] < this.pace) return;
    this.path.push([round(seconds), round(azimuth, 1), round(elevation, 1), round(distance, 3)]);
    if (this.path.length <= LENGTH) return;
    // Long looks are kept in longer steps.
    this.path = this.path.filter((_, at) => at % 2 === 0);
    this.pace *= 2;
  }

  // Which degrees were seen before is told by the way that was gone.
  recall({ turned = 0, path = [] }) {
    path.slice(1).forEach(([, azimuth], at) => this.turn(path[at][1], azimuth));
    this.before = Math.max(this.before, turned);
    if (path.length > this.path.length) this.path = path;
  }

  get turned() {
    return Math.max(this.before, this.degrees.size);
  }
}
