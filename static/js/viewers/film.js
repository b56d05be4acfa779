// <film-viewer>: several videos on one clock, side by side, under a wipe, or one after another.
import { Clock } from "./clock.js";
import { tool } from "./controls.js";
import { FilmStage, ratioOf, sizeOf } from "./film-stage.js";
import { html } from "./html.js";
import { Marking } from "./marking.js";
import { dress, sign } from "./signs.js";
import { milliseconds, TimedViewer } from "./timed.js";
import { tellTrouble } from "./trouble.js";

const SPEEDS = [0.25, 0.5, 1, 2];
const SPEED_NAMES = { 0.25: "¼ ×", 0.5: "½ ×", 1: "1 ×", 2: "2 ×" };
const LAYOUTS = { side: "Side by side", wipe: "Under a wipe", turns: "One after another" };
const ON_FRAME = ["point", "box", "brush"];
const wantsStillness = window.matchMedia("(prefers-reduced-motion: reduce)");

class FilmViewer extends TimedViewer {
  // ── Made once ────────────────────────────────────────────────────────────────────────────────────────────────

  makeTransport() {
    this.stage = new FilmStage(this.works, (by) => this.works[this.chosen + by] && this.choose(this.chosen + by));
    this.append(this.stage.element);
    this.videos = this.works.map((work) => work.querySelector("video"));
    this.clock = new Clock(this.videos, this.facts, {
      onChange: () => this.refresh(),
      onTick: () => this.refreshTime(),
      onPlayed: (at, start, end) => this.count(at, start, end, this.clock.rate),
      onEnd: () => this.onEnd(),
      onLap: () => this.onLap(),
    });
    return this.clock;
  }

  arrangeBar() {
    const step = (by) => () => this.clock.step(by);
    this.speedButton = tool({ name: "Speed", key: "]", face: "", act: () => this.changeSpeed(1, { around: true }) });
    this.layoutButton = tool({ name: "", face: "", act: () => this.lay(this.stage.next) });
    return [
      this.playButton,
      tool({ name: "A frame back", key: ",", face: sign("back"), act: step(-1) }),
      tool({ name: "A frame on", key: ".", face: sign("forward"), act: step(1) }),
      this.timeline.element,
      this.readout,
      this.speedButton,
      this.loopButton,
      this.layoutButton,
      this.says,
    ];
  }

  makePane(work, position) {
    const video = this.videos[position];
    const frame = html("div", { class: "frame" });
    video.before(frame);
    frame.append(video);
    frame.style.setProperty("--ratio", ratioOf(work));
    [work, video].forEach((element) => element.setAttribute("aria-label", `Work ${this.names[position]}`));
    video.addEventListener("error", () => this.tellFailure(position));
    if (video.error) this.tellFailure(position);
    this.listenToFrame(frame, position);
    if (this.facts[position].sound) work.append(this.makeSpeaker(position));
    super.makePane(work, position);
  }

  makeSpeaker(position) {
    const name = `Hear ${this.names[position]}`;
    return tool({ name, key: "s", face: sign("silent"), act: () => this.choose(position) });
  }

  // A press chooses the work; on the one that is chosen it plays and pauses.
  listenToFrame(frame, position) {
    let wasChosen = false;
    frame.addEventListener("pointerdown", () => {
      wasChosen = this.chosen === position;
    });
    frame.addEventListener("click", () => {
      if (this.isMarking) return;
      if (wasChosen) this.toggle();
      else this.choose(position);
    });
  }

  tellFailure(position) {
    tellTrouble(this.works[position].querySelector(".frame"), `${this.names[position]} did not load.`);
  }

  connectedCallback() {
    this.videos?.forEach((video, at) => (video.src = this.works[at].dataset.src));
    const isNew = !this.transport;
    super.connectedCallback();
    if (!isNew) return;
    this.markings = this.works.map((work, position) => this.makeMarking(work, position));
    new ResizeObserver(() => this.arrange()).observe(this);
    this.lay("side");
  }

  // Gives the decoders back at once.
  disconnectedCallback() {
    super.disconnectedCallback();
    this.videos.forEach((video) => {
      video.removeAttribute("src");
      video.load();
    });
  }

  // ── On the screen ────────────────────────────────────────────────────────────────────────────────────────────

  show() {
    super.show();
    this.arrange();
    this.refresh();
    if (!wantsStillness.matches) this.clock.play();
  }

  hide() {
    this.unpick?.();
    super.hide();
  }

  arrange() {
    this.stage.arrange();
    this.markings.forEach((marking) => marking.refresh());
  }

  refresh() {
    if (!this.layoutButton) return;
    super.refresh();
    dress(this.speedButton, { label: "Speed", key: "[ ]", words: SPEED_NAMES[this.clock.rate] });
    dress(this.layoutButton, { label: LAYOUTS[this.stage.layout], key: "v", name: this.stage.layout });
    this.toggleAttribute("data-held", this.clock.isHeld);
    this.refreshSound();
  }

  refreshTime() {
    super.refreshTime();
    this.markings?.forEach((_, position) => this.drawMarks(position));
  }

  timeInWords(time) {
    return [...super.timeInWords(time), `frame ${this.clock.frame}`];
  }

  refreshSound() {
    this.videos.forEach((video, at) => {
      const isHeard = at === this.chosen;
      video.muted = !isHeard || !this.facts[at].sound;
      const speaker = this.works[at].querySelector(":scope > .tool");
      const label = isHeard ? `${this.names[at]} is heard` : `Hear ${this.names[at]}`;
      if (speaker) dress(speaker, { label, key: "s", name: isHeard ? "sounding" : "silent", pressed: isHeard });
    });
  }

  // ── The work in focus ────────────────────────────────────────────────────────────────────────────────────────

  choose(position) {
    super.choose(position);
    this.clock.lead = this.chosen;
    if (this.stage.layout === "turns") this.turnTo(this.chosen);
    const { strip } = this.works[this.chosen].dataset;
    const { duration } = this.facts[this.chosen];
    if (strip) this.timeline.useStrip(strip, ratioOf(this.works[this.chosen]), duration);
    this.markings?.forEach((marking, at) => marking.kind && marking.aim(at === this.chosen));
    this.refresh();
  }

  changeSpeed(by, { around = false } = {}) {
    const at = SPEEDS.indexOf(this.clock.rate) + by;
    const last = SPEEDS.length - 1;
    this.clock.setRate(SPEEDS[around && at > last ? 0 : Math.min(Math.max(at, 0), last)]);
  }

  // ── Layouts ──────────────────────────────────────────────────────────────────────────────────────────────────

  lay(layout) {
    this.stage.lay(layout);
    if (layout === "turns") this.beginTurns();
    else this.clock.activate([...this.works.keys()]);
    this.arrange();
    this.refresh();
  }

  beginTurns() {
    this.seek(this.loop.end === null ? 0 : this.loop.start);
    this.choose(0);
  }

  turnTo(position) {
    this.stage.showOnly(position);
    this.clock.activate([position]);
  }

  onEnd() {
    const next = this.chosen + 1;
    if (this.stage.layout !== "turns" || next >= this.works.length) return;
    this.choose(next);
    this.seek(0);
    this.clock.play();
  }

  onLap() {
    if (this.stage.layout === "turns") this.choose(this.chosen + 1);
    this.seek(this.loop.start);
  }

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────

  get tools() {
    return [...ON_FRAME, "span", "moment"];
  }

  makeMarking(work, position) {
    const frame = work.querySelector(".frame");
    const size = sizeOf(work);
    const scale = () => frame.clientWidth / size.width || 1;
    return new Marking(frame, {
      size: () => size,
      toScreen: ({ x, y }) => ({ x: x * scale(), y: y * scale() }),
      toOriginal: ({ x, y }) => ({ x: x / scale(), y: y / scale() }),
      onPlaced: (kind, place) => {
        this.choose(position);
        this.unpick();
        this.placed(position, kind, { ...place, ...this.momentAt(this.clock.time) });
      },
    });
  }

  get isMarking() {
    return this.markings.some((marking) => marking.kind);
  }

  pick(kind) {
    if (!ON_FRAME.includes(kind)) return super.pick(kind);
    this.clock.pause();
    this.toggleAttribute("data-marking", true);
    this.markings.forEach((marking) => marking.pick(kind));
    this.markings[this.chosen].aim(true);
    return undefined;
  }

  unpick() {
    super.unpick();
    this.toggleAttribute("data-marking", false);
    this.markings?.forEach((marking) => marking.kind && marking.unpick());
  }

  escape() {
    const placing = this.isMarking;
    return super.escape() || placing;
  }

  draw(marks) {
    super.draw(marks.filter((mark) => "time" in mark.place || "start" in mark.place));
    this.markings.forEach((_, position) => this.drawMarks(position));
  }

  // Marks on a frame are seen on that frame alone.
  drawMarks(position) {
    const frame = this.clock.reels[position].frameAt(this.clock.time);
    const here = this.marks.filter(
      ({ kind, place, position: on }) => on === position && ON_FRAME.includes(kind) && place.frame === frame,
    );
    const { marks } = this.markings[position];
    if (here.length !== marks.length || here.some((mark, at) => mark !== marks[at])) this.markings[position].draw(here);
  }

  // A stretch of whole frames: from the beginning of one to the end of another.
  edge(time, side) {
    const reel = this.clock.reels[this.chosen];
    return (reel.frameAt(time) + (side === "end" ? 1 : 0)) / reel.rate;
  }

  momentAt(time) {
    const reel = this.clock.reels[this.chosen];
    const frame = reel.frameAt(time);
    return { frame, time: milliseconds(frame / reel.rate) };
  }

  spanOf(start, end) {
    const reel = this.clock.reels[this.chosen];
    const within = 0.5 / reel.rate;
    return { ...super.spanOf(start, end), first: reel.frameAt(start + within), last: reel.frameAt(end - within) };
  }

  goTo(mark) {
    const reel = this.clock.reels[mark.position];
    const frame = mark.place.frame ?? mark.place.first;
    super.goTo(mark);
    if (frame !== undefined) this.seek(reel.middleOf(frame));
  }

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

  get keys() {
    const slower = [["[ ]", "slower, faster"]];
    return [...super.keys, [", .", "a frame back, on"], ...slower, ["v", "side by side, wipe, one after another"]];
  }

  get actions() {
    const [slower, faster] = [() => this.changeSpeed(-1), () => this.changeSpeed(1)];
    return {
      ...super.actions,
      ",": () => this.clock.step(-1),
      ".": () => this.clock.step(1),
      "[": slower,
      "-": slower,
      "]": faster,
      "=": faster,
      v: () => this.lay(this.stage.next),
    };
  }

  key(event) {
    const { kind } = this.markings[this.chosen];
    return (kind && this.markings[this.chosen].key(event)) || super.key(event);
  }
}

customElements.define("film-viewer", FilmViewer);
