// The waveform of one work, drawn from its peaks in the colour of the style sheet, with a needle and the loop over it.
import { html } from "./html.js";
import { badge, sideOf } from "./marks.js";

const BAR = 2; // px
const SPACE = 1; // px between bars

const share = (part, whole) => `${((100 * part) / whole).toFixed(3)}%`;

export class Wave {
  // `loudest` is the highest peak of all works; `length` the work's share of the longest; `onSeek(share)` of that, too.
  constructor({ peaks, loudest, length, onSeek }) {
    Object.assign(this, { peaks, loudest, onSeek });
    this.canvas = html("canvas", { "aria-hidden": "true" });
    this.needle = html("i", { class: "needle" });
    this.region = html("i", { class: "wave-loop" });
    this.marks = html("div", { class: "wave-marks" });
    this.element = html("div", { class: "wave" }, this.canvas, this.region, this.needle, this.marks);
    this.canvas.style.width = share(length, 1);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
  }

  grab(event) {
    if (event.button !== 0) return;
    const seek = ({ clientX }) => {
      const { left, width } = this.element.getBoundingClientRect();
      this.onSeek(Math.min(Math.max((clientX - left) / width, 0), 1));
    };
    this.element.setPointerCapture(event.pointerId);
    seek(event);
    const drop = new AbortController();
    this.element.addEventListener("pointermove", seek, { signal: drop.signal });
    ["pointerup", "pointercancel"].forEach((name) =>
      this.element.addEventListener(name, () => drop.abort(), { signal: drop.signal }),
    );
  }

  show({ time, duration, loop }) {
    this.needle.style.left = share(time, duration);
    this.region.hidden = loop.start === null || loop.end === null;
    if (this.region.hidden) return;
    this.region.style.left = share(loop.start, duration);
    this.region.style.width = share(loop.end - loop.start, duration);
  }

  showMarks(marks, duration) {
    this.marks.replaceChildren(
      ...marks.map((mark) => {
        const { time, start = time, end = time } = mark.place;
        const stretch = html("div", { class: `wave-mark ${sideOf(mark)}` }, badge(mark));
        stretch.style.left = share(start, duration);
        stretch.style.width = share(end - start, duration);
        return stretch;
      }),
    );
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const scale = window.devicePixelRatio;
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = getComputedStyle(this.canvas).getPropertyValue("--wave");
    const bars = Math.max(1, Math.floor(width / (BAR + SPACE)));
    for (let bar = 0; bar < bars; bar += 1) {
      const tall = Math.max(1, (this.peak(bar / bars, (bar + 1) / bars) / this.loudest) * height);
      pen.fillRect(bar * (BAR + SPACE), (height - tall) / 2, BAR, tall);
    }
  }

  peak(from, to) {
    const first = Math.floor(from * this.peaks.length);
    return Math.max(...this.peaks.slice(first, Math.max(first + 1, Math.floor(to * this.peaks.length))));
  }
}
