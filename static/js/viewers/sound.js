// <sound-viewer>: several recordings in lockstep, one of them heard, switched at the same point in time without a gap.
import { press, tool } from "./controls.js";
import { html } from "./html.js";
import { level } from "./level.js";
import { decode, Player, silence } from "./player.js";
import { dress, sign } from "./signs.js";
import { TimedViewer } from "./timed.js";
import { tellTrouble } from "./trouble.js";
import { Wave } from "./wave.js";

const NUDGE = 0.1; // s that , and . go
const LOUDER = 5; // of 100
const isDark = window.matchMedia("(prefers-color-scheme: dark)");

class SoundViewer extends TimedViewer {
  // ── Made once ────────────────────────────────────────────────────────────────────────────────────────────────

  makeTransport() {
    this.player = new Player(Math.max(...this.facts.map(({ duration }) => duration)), {
      onChange: () => this.refresh(),
      onTick: () => this.refreshTime(),
      onPlayed: (at, start, end) => this.count(at, start, end, 1),
    });
    this.player.setGain(level.gain);
    this.stage = html("div", { class: "stage" });
    this.stage.append(...this.works);
    this.append(this.stage);
    this.sources = this.works.map(({ dataset }) => dataset.src);
    if (this.dataset.reference) this.sources.push(this.dataset.reference);
    this.recordings = this.sources.map(fetchBytes);
    this.recordings.forEach((bytes) => bytes.catch(() => {})); // told when they are decoded
    return this.player;
  }

  arrangeBar() {
    const reference = this.dataset.reference ? [this.makeReference()] : [];
    return [
      this.timeline.element,
      this.playButton,
      this.loopButton,
      ...reference,
      this.readout,
      this.says,
      this.makeLevel(),
    ];
  }

  makePane(work, position) {
    const name = this.names[position];
    const { peaks, duration } = this.facts[position];
    this.waves ??= [];
    this.waves[position] = new Wave({
      peaks,
      loudest: Math.max(1, ...this.facts.flatMap((facts) => facts.peaks)),
      length: duration / this.player.duration,
      onSeek: (share) => this.seek(share * this.player.duration),
    });
    const speaker = tool({ name: `Hear ${name}`, key: "s", face: sign("silent"), act: () => this.choose(position) });
    work.append(this.waves[position].element, speaker);
    work.setAttribute("aria-label", `Work ${name}`);
    work.addEventListener("pointerdown", () => this.choose(position));
    super.makePane(work, position);
  }

  makeReference() {
    const act = () => this.toggleReference();
    this.referenceButton = tool({ name: "Hear the reference", key: "h", face: "Reference", act });
    return this.referenceButton;
  }

  makeLevel() {
    this.levelRange = html("input", { type: "range", min: "0", max: "100", "aria-label": "Level" });
    this.levelRange.addEventListener("input", (event) => {
      event.stopPropagation(); // an answer it is not
      this.setLevel(Number(this.levelRange.value));
    });
    this.levelWords = html("span");
    const label = html("label", { class: "sound-level" }, this.levelWords, this.levelRange);
    this.refreshLevel();
    return label;
  }

  // ── On the screen ────────────────────────────────────────────────────────────────────────────────────────────

  show() {
    super.show();
    isDark.addEventListener("change", () => this.drawWaves(), { signal: this.events.signal });
    this.drawWaves();
    this.refreshLevel();
    this.refresh();
    this.load();
  }

  hide() {
    super.hide();
    this.player?.close();
  }

  // Fetched with the page, decoded when they are first to be heard; one that fails is silent and says so.
  async load() {
    if (this.decoding) return;
    this.decoding = true;
    const buffers = await Promise.all(
      this.recordings.map(async (bytes, position) => {
        try {
          return await decode(await bytes);
        } catch {
          this.tellFailure(position);
          return silence();
        }
      }),
    );
    this.player.load(buffers);
  }

  drawWaves() {
    this.waves.forEach((wave) => wave.draw());
  }

  tellFailure(position) {
    if (position === this.works.length) {
      this.referenceButton.disabled = true;
      this.say("The reference did not load.");
      return;
    }
    tellTrouble(this.waves[position].element, `${this.names[position]} did not load.`);
  }

  refresh() {
    if (!this.levelRange) return;
    super.refresh();
    this.works.forEach((work, at) => {
      const isHeard = at === this.player.heard;
      const label = isHeard ? `${this.names[at]} is heard` : `Hear ${this.names[at]}`;
      const name = isHeard ? "sounding" : "silent";
      dress(work.querySelector(":scope > .tool"), { label, key: "s", name, pressed: isHeard });
    });
    this.toggleAttribute("data-at-reference", this.isAtReference);
    if (this.referenceButton) press(this.referenceButton, this.isAtReference);
  }

  refreshTime() {
    super.refreshTime();
    const { time, duration } = this.player;
    this.waves.forEach((wave) => wave.show({ time, duration, loop: this.loop }));
  }

  choose(position) {
    super.choose(position);
    this.hear(this.chosen);
  }

  hear(index) {
    if (index !== this.player.heard) this.player.hear(index);
    this.refresh();
  }

  // ── The reference ────────────────────────────────────────────────────────────────────────────────────────────

  // It comes after the works, stays unmarked and unjudged, and what is heard of it is not counted.
  get isAtReference() {
    return this.player.heard === this.works.length;
  }

  toggleReference() {
    if (this.referenceButton.disabled) return;
    this.hear(this.isAtReference ? this.chosen : this.works.length);
  }

  count(position, ...played) {
    if (position < this.works.length) super.count(position, ...played);
  }

  pick(kind) {
    this.hear(this.chosen);
    super.pick(kind);
  }

  // ── The level ────────────────────────────────────────────────────────────────────────────────────────────────

  setLevel(loud) {
    level.set(loud);
    this.player.setGain(level.gain);
    this.refreshLevel();
  }

  // From the first answer on, all works are heard at the level that was set.
  lockLevel() {
    level.lock();
    this.refreshLevel();
  }

  refreshLevel() {
    this.levelRange.value = level.loud;
    this.levelRange.disabled = level.isLocked;
    this.levelWords.textContent = level.isLocked ? "Level fixed" : "Level";
    this.player.setGain(level.gain);
  }

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────

  draw(marks) {
    super.draw(marks);
    this.waves.forEach((wave, at) => wave.showMarks(marks.filter(({ position }) => position === at), this.player.duration));
  }

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

  get keys() {
    const reference = this.dataset.reference ? [["h", "hear the reference, and back"]] : [];
    const rest = [[", .", "a tenth of a second back, on"], ["- =", "softer, louder, until the first answer"]];
    return [...super.keys, ...reference, ...rest];
  }

  get actions() {
    return {
      ...super.actions,
      ",": () => this.seek(this.player.time - NUDGE),
      ".": () => this.seek(this.player.time + NUDGE),
      "-": () => this.setLevel(level.loud - LOUDER),
      "=": () => this.setLevel(level.loud + LOUDER),
      h: this.dataset.reference && (() => this.toggleReference()),
    };
  }
}

const fetchBytes = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.arrayBuffer();
};

customElements.define("sound-viewer", SoundViewer);
