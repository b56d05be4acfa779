// The scrubber all works share: where we are, what was played of each, the loop, and the marks in time.
import { html } from "./html.js";
import { sideOf } from "./marks.js";

const NUDGE = 0.1; // s a handle moves at a press of an arrow

const share = (part, whole) => `${(100 * Math.min(Math.max(whole ? part / whole : 0, 0), 1)).toFixed(3)}%`;

const slider = (className, label) =>
  html("div", { class: className, role: "slider", tabindex: "0", "aria-label": label, "aria-valuemin": "0" });

export const clockTime = (seconds) => {
  const hundredths = Math.floor(seconds * 100 + 1e-6);
  const rest = String(hundredths % 6000).padStart(4, "0");
  return `${Math.floor(hundredths / 6000)}:${rest.slice(0, 2)}.${rest.slice(2)}`;
};

export class Timeline {
  // `onSeek(time)`, `onLoop(start, end)`, `onMark(mark)`; a lane for each of the works, by letter.
  constructor({ letters, onSeek, onLoop, onMark }) {
    Object.assign(this, { onSeek, onLoop, onMark, duration: 0 });
    this.strip = html("canvas", { class: "timeline-strip", "aria-hidden": "true" });
    this.lanes = letters.map((letter) => html("div", { class: "timeline-lane", "data-letter": letter }));
    this.region = html("div", { class: "timeline-loop" });
    this.ends = [slider("timeline-end", "Loop from"), slider("timeline-end", "Loop to")];
    this.head = slider("timeline-head", "Time");
    this.marks = html("div", { class: "timeline-marks" });
    const lanes = html("div", { class: "timeline-lanes", "aria-hidden": "true" }, ...this.lanes);
    this.element = html("div", { class: "timeline" }, this.strip, lanes, this.region, this.marks, this.head, ...this.ends);
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
    new ResizeObserver(() => this.drawStrip()).observe(this.element);
  }

  // `loop` is {start, end}, either of them null while it is not set; `text` says the time in words.
  show({ time, duration, loop, text }) {
    this.duration = duration;
    this.loop = loop;
    this.place(this.head, time, text);
    [loop.start, loop.end].forEach((at, index) => {
      this.ends[index].hidden = at === null;
      if (at !== null) this.place(this.ends[index], at, clockTime(at));
    });
    this.region.hidden = loop.start === null;
    this.region.style.left = share(loop.start ?? 0, duration);
    this.region.style.width = share((loop.end ?? loop.start ?? 0) - (loop.start ?? 0), duration);
  }

  place(handle, time, text) {
    handle.style.left = share(time, this.duration);
    handle.setAttribute("aria-valuemax", this.duration.toFixed(2));
    handle.setAttribute("aria-valuenow", time.toFixed(2));
    handle.setAttribute("aria-valuetext", text);
  }

  showPlayed(index, spans, length) {
    const lane = this.lanes[index];
    lane.style.width = share(length, this.duration);
    while (lane.children.length < spans.length) lane.append(html("i"));
    while (lane.children.length > spans.length) lane.lastChild.remove();
    spans.forEach(([start, end], at) => {
      lane.children[at].style.left = share(start, length);
      lane.children[at].style.width = share(end - start, length);
    });
  }

  showMarks(marks) {
    const taken = new Map(); // badges at one time stand side by side
    this.marks.replaceChildren(
      ...marks.flatMap((mark) => {
        const { time, start = time, end = time } = mark.place;
        const nth = taken.get(start) ?? 0;
        taken.set(start, nth + 1);
        const bar = html("i", { class: `timeline-span ${sideOf(mark)}` });
        bar.style.left = share(start, this.duration);
        bar.style.width = share(end - start, this.duration);
        return [bar, this.badge(mark, start, nth)];
      }),
    );
  }

  badge(mark, start, nth) {
    const badge = html("button", { type: "button", class: `timeline-mark ${sideOf(mark)}` }, String(mark.number));
    badge.setAttribute("aria-label", `Mark ${mark.number}${mark.tag ? `, ${mark.tag}` : ""}, at ${clockTime(start)}`);
    badge.title = mark.tag ?? "";
    badge.style.left = share(start, this.duration);
    badge.style.setProperty("--nth", nth);
    badge.addEventListener("click", () => this.onMark(mark));
    return badge;
  }

  // ── Pointer and keys ─────────────────────────────────────────────────────────────────────────────────────────

  timeAt(event) {
    const { left, width } = this.element.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - left) / width, 0), 1) * this.duration;
  }

  grab(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const end = this.ends.indexOf(event.target);
    const move = (step) => (end < 0 ? this.onSeek(this.timeAt(step)) : this.moveEnd(end, this.timeAt(step)));
    this.element.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (end < 0) move(event);
    const drop = new AbortController();
    this.element.addEventListener("pointermove", move, { signal: drop.signal });
    ["pointerup", "pointercancel"].forEach((name) =>
      this.element.addEventListener(name, () => drop.abort(), { signal: drop.signal }),
    );
  }

  moveEnd(end, time) {
    const { start, end: last } = this.loop;
    if (end === 0) this.onLoop(Math.min(time, last ?? this.duration), last);
    else this.onLoop(start, Math.max(time, start));
  }

  // What an arrow does on the end of the loop that has the focus.
  stepOf({ key, target }) {
    const end = this.ends.indexOf(target);
    const step = { ArrowLeft: -NUDGE, ArrowRight: NUDGE }[key];
    if (end < 0 || !step) return null;
    const time = [this.loop.start, this.loop.end][end] + step;
    return () => this.moveEnd(end, Math.min(Math.max(time, 0), this.duration));
  }

  // ── The filmstrip ────────────────────────────────────────────────────────────────────────────────────────────

  // Stills of a work side by side in one picture, each of the given proportion (width to height).
  async useStrip(address, proportion, length) {
    if (this.stripAddress === address) return;
    this.stripAddress = address;
    const picture = new Image();
    picture.src = address;
    await picture.decode().catch(() => {});
    if (this.stripAddress !== address || !picture.naturalWidth) return;
    this.stills = { picture, length, count: Math.round(picture.naturalWidth / picture.naturalHeight / proportion) || 1 };
    this.drawStrip();
  }

  drawStrip() {
    if (!this.stills) return;
    const { picture, length, count } = this.stills;
    const { clientWidth, clientHeight } = this.strip;
    const scale = window.devicePixelRatio;
    this.strip.width = clientWidth * scale;
    this.strip.height = clientHeight * scale;
    const pen = this.strip.getContext("2d");
    const cell = (this.strip.width * length) / (this.duration || length) / count;
    const still = picture.naturalWidth / count;
    // Each still fills its cell, cut where it is too wide or too high.
    const across = Math.min(still, (picture.naturalHeight * cell) / this.strip.height);
    const down = Math.min(picture.naturalHeight, (still * this.strip.height) / cell);
    for (let at = 0; at < count; at += 1) {
      const left = at * still + (still - across) / 2;
      const top = (picture.naturalHeight - down) / 2;
      pen.drawImage(picture, left, top, across, down, at * cell, 0, cell, this.strip.height);
    }
  }
}
