// Stretches of time that were really played, merged as they grow.

const TOUCHING = 0.02; // s: stretches this close are one

const milliseconds = (seconds) => Math.round(seconds * 1000) / 1000;

export class Intervals {
  spans = [];

  add(start, end) {
    if (!(end > start)) return;
    const touches = ([from, to]) => from <= end + TOUCHING && to >= start - TOUCHING;
    const joined = [[start, end], ...this.spans.filter(touches)];
    const whole = [Math.min(...joined.map(([from]) => from)), Math.max(...joined.map(([, to]) => to))];
    this.spans = [...this.spans.filter((span) => !touches(span)), whole].sort(([one], [other]) => one - other);
  }

  get total() {
    return this.spans.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  toJSON() {
    return this.spans.map((span) => span.map(milliseconds));
  }
}
