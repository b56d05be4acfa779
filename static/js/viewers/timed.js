// What video and sound have in common: a transport, a loop, a scrubber, marks in time, and what was really played.
import { isForControl, tool, toolbar } from "./controls.js";
import { html } from "./html.js";
import { Intervals } from "./intervals.js";
import { dress, sign } from "./signs.js";
import { clockTime, Timeline } from "./timeline.js";
import { factsOf, Viewer } from "./viewer.js";

const WHOLE = 0.95; // of a work's length counts as all of it
const JUMP = 1; // s an arrow goes
const REPEATS = /^(Arrow.*|[,.])$/; // keys that go on while they are held

export const milliseconds = (seconds) => Math.round(seconds * 1000) / 1000;

const inWords = (names) => names.join(", ").replace(/, ([^,]*)$/, " and $1");

// Those who extend it give a `transport`: time, duration, wanted, rate, and play, pause, seek, setLoop.
export class TimedViewer extends Viewer {
  chosen = 0; // the work in focus: the one that is heard, and that marks are made on
  loop = { start: null, end: null };
  spanStart = null;
  marks = [];

  connectedCallback() {
    if (this.transport) return;
    this.names = this.works.map((work) => work.dataset.letter);
    this.facts = this.works.map(factsOf);
    this.played = this.works.map(() => new Intervals());
    this.fastest = this.works.map(() => 0);
    this.transport = this.makeTransport();
    this.prepend(this.makeBar());
    this.works.forEach((work, position) => this.makePane(work, position));
    this.choose(0);
  }

  disconnectedCallback() {
    this.hide();
  }

  show() {
    super.show();
    this.events ??= new AbortController();
    const { signal } = this.events;
    document.addEventListener("visibilitychange", () => document.hidden && this.transport.pause(), { signal });
  }

  hide() {
    this.events?.abort();
    this.events = null;
    this.transport?.pause();
    super.hide();
  }

  // ── The bar ──────────────────────────────────────────────────────────────────────────────────────────────────

  makeBar() {
    this.playButton = tool({ name: "Play", key: " ", face: sign("play"), act: () => this.toggle() });
    this.loopButton = tool({ name: "Loop from here", key: "a", face: sign("loop"), act: () => this.stepLoop() });
    this.readout = html("span", { class: "readout" });
    this.says = html("span", { class: "says", role: "status" });
    this.timeline = new Timeline({
      letters: this.names,
      onSeek: (time) => this.seek(time),
      onLoop: (start, end) => this.setLoop(start, end),
      onMark: (mark) => this.goTo(mark),
    });
    return toolbar("Playing", ...this.arrangeBar());
  }

  makePane(work, position) {
    work.tabIndex = 0;
    work.setAttribute("role", "group");
    work.addEventListener("focusin", () => this.choose(position));
  }

  say(...words) {
    this.says.replaceChildren(...words);
  }

  refresh() {
    const { transport, loop } = this;
    const playing = transport.wanted;
    dress(this.playButton, { label: playing ? "Pause" : "Play", key: " ", name: playing ? "pause" : "play" });
    const next = { label: "Loop from here", key: "a" };
    if (loop.start !== null) Object.assign(next, { label: "Loop to here", key: "b" });
    if (loop.end !== null) Object.assign(next, { label: "End the loop", key: "a" });
    dress(this.loopButton, { ...next, name: "loop", pressed: loop.start !== null });
    this.refreshTime();
  }

  refreshTime() {
    const { time, duration } = this.transport;
    const words = this.timeInWords(time);
    if (this.readout.children.length !== words.length) this.readout.replaceChildren(...words.map(() => html("span")));
    words.forEach((word, at) => (this.readout.children[at].textContent = word));
    this.timeline.show({ time, duration, loop: this.loop, text: words.join(", ") });
    this.played.forEach((played, at) => this.timeline.showPlayed(at, played.spans, this.facts[at].duration));
  }

  timeInWords(time) {
    return [clockTime(time)];
  }

  // ── Playing ──────────────────────────────────────────────────────────────────────────────────────────────────

  toggle() {
    if (this.transport.wanted) this.transport.pause();
    else this.transport.play();
  }

  seek(time) {
    this.transport.seek(Math.min(Math.max(time, 0), this.transport.duration));
  }

  choose(position) {
    this.chosen = (position + this.works.length) % this.works.length;
    this.works.forEach((work, at) => {
      work.toggleAttribute("data-chosen", at === this.chosen);
      work.setAttribute("aria-current", String(at === this.chosen));
    });
  }

  count(position, start, end, rate) {
    this.played[position].add(start, Math.min(end, this.facts[position].duration));
    this.fastest[position] = Math.max(this.fastest[position], rate);
  }

  seen() {
    return this.works.map((_, at) => ({
      dwell_ms: this.dwellMs,
      played: this.played[at].toJSON(),
      rate: this.fastest[at] || 1,
    }));
  }

  recall(seen) {
    super.recall(seen);
    seen.forEach(({ played = [], rate = 1 }, at) => played.forEach((span) => this.count(at, ...span, rate)));
  }

  missing() {
    if (!this.isWhole) return "";
    const open = this.names.filter((_, at) => this.played[at].total < WHOLE * this.facts[at].duration);
    if (!open.length) return "";
    return open.length === 1 ? `Play ${open[0]} to its end` : `Play ${inWords(open)} to the end`;
  }

  // ── The loop ─────────────────────────────────────────────────────────────────────────────────────────────────

  setLoop(start, end) {
    this.loop = { start, end };
    this.transport.setLoop(end !== null && end > start ? [start, end] : null);
    this.refresh();
  }

  loopFrom() {
    if (this.loop.start === null) this.setLoop(this.edge(this.transport.time, "start"), null);
    else this.setLoop(null, null);
  }

  loopTo() {
    const start = this.loop.start ?? 0;
    const end = this.edge(this.transport.time, "end");
    if (end > start) this.setLoop(start, end);
  }

  stepLoop() {
    if (this.loop.start === null || this.loop.end !== null) this.loopFrom();
    else this.loopTo();
  }

  // Where a stretch that begins or ends now really does; whole frames, where there are any.
  edge(time) {
    return milliseconds(time);
  }

  // ── Marks in time ────────────────────────────────────────────────────────────────────────────────────────────

  get tools() {
    return ["moment", "span"];
  }

  pick(kind) {
    if (kind === "moment") this.placed(this.chosen, kind, this.momentAt(this.transport.time));
    else if (this.loop.end !== null) this.placeSpan(this.loop.start, this.loop.end);
    else if (this.spanStart === null) this.beginSpan();
    else this.placeSpan(this.spanStart, this.edge(this.transport.time, "end"));
  }

  beginSpan() {
    this.spanStart = this.edge(this.transport.time, "start");
    const end = html("button", { type: "button", class: "link" }, "end it here");
    end.addEventListener("click", () => this.pick("span"));
    this.say(`From ${clockTime(this.spanStart)}; Enter or `, end);
  }

  placeSpan(one, other) {
    this.unpick();
    const length = this.facts[this.chosen].duration;
    const [start, end] = [one, other].map((time) => Math.min(time, length)).sort((first, second) => first - second);
    this.placed(this.chosen, "span", this.spanOf(start, end));
  }

  momentAt(time) {
    return { time: milliseconds(Math.min(time, this.facts[this.chosen].duration)) };
  }

  spanOf(start, end) {
    return { start: milliseconds(start), end: milliseconds(end) };
  }

  unpick() {
    this.spanStart = null;
    this.say();
  }

  escape() {
    const placing = this.spanStart !== null;
    this.unpick();
    return placing;
  }

  draw(marks) {
    this.marks = marks;
    this.timeline.showMarks(marks);
  }

  goTo(mark) {
    this.choose(mark.position);
    this.transport.pause();
    this.seek(mark.place.time ?? mark.place.start);
  }

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

  get keys() {
    return [
      ["Space", "play and pause"],
      ["← →", "a second back, on"],
      ["a b", "loop from here, to here; a again ends it"],
      ["s", "hear the next work"],
    ];
  }

  get actions() {
    return {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.transport.time - JUMP),
      ArrowRight: () => this.seek(this.transport.time + JUMP),
      Home: () => this.seek(0),
      End: () => this.seek(this.transport.duration),
      a: () => this.loopFrom(),
      b: () => this.loopTo(),
      s: () => this.choose(this.chosen + 1),
      c: () => this.choose(this.chosen + 1),
    };
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isAtControl(event)) return false;
    const isLetter = /^[a-z]$/.test(event.key);
    const action = isLetter && !this.letters ? null : this.actionOf(event);
    if (!action) return false;
    if (!event.repeat || REPEATS.test(event.key)) action();
    return true;
  }

  actionOf(event) {
    const step = this.timeline.stepOf(event);
    if (step) return step;
    if (event.key === "Enter" && this.spanStart !== null) return () => this.pick("span");
    return this.actions[event.key];
  }
}

// A focused button has Space for itself, a range its arrows.
const isAtControl = (event) =>
  isForControl(event) || (/^(Arrow|Home|End)/.test(event.key) && event.target.matches?.("[type=range]"));
