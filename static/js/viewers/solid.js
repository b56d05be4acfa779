// <solid-viewer>: models side by side under one light, turned as one.
import { aimedOf, hintOf, moveAim } from "./aiming.js";
import { arrange } from "./arrangement.js";
import { isForControl } from "./controls.js";
import { gestures } from "./gestures.js";
import { Orbit } from "./orbit.js";
import { SolidPane } from "./solid-pane.js";
import { SolidTools } from "./solid-tools.js";
import { MODES, theStage } from "./stage.js";
import { applySurround, nextSurround } from "./surround.js";
import { Viewer } from "./viewer.js";

const WHOLE = 270; // degrees round a model that count as having seen it
const TURNTABLE = 40; // degrees a second
const STEP = 15; // degrees an arrow key turns
const NEARER = 1.2;
const DRAG = 0.4; // degrees a pixel
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
const HINT = ["Press on a spot of a model", "arrows, Enter"];
const MISSED = "There is nothing of the model at that point.";
const NO_WEBGL = "This browser shows no 3D: WebGL is switched off or missing. Answer 0, cannot judge.";
const LOST = "The graphics card let go of the picture. It comes back by itself, or with the page loaded again.";

const inWords = (panes) =>
  panes
    .map(({ letter }) => letter)
    .join(", ")
    .replace(/, (\w)$/, " and $1");

class SolidViewer extends Viewer {
  connectedCallback() {
    if (this.panes) return;
    this.orbit = new Orbit();
    this.mode = MODES[0];
    const asked = { onSpot: (...where) => this.setSpot(...where), isOn: (...where) => Boolean(this.spotUnder(...where)) };
    this.panes = this.works.map((work) => new SolidPane(work, asked));
    this.panes.forEach((pane) => this.listenTo(pane));
    this.controls = new SolidTools(this);
    this.prepend(this.controls.bar);
    applySurround(this);
    this.resizing = new ResizeObserver(() => this.isShown && this.arrange());
  }

  disconnectedCallback() {
    if (this.isShown) this.hide();
  }

  show() {
    super.show();
    applySurround(this);
    try {
      this.stage = theStage();
    } catch {
      this.panes.forEach((pane) => pane.tell(NO_WEBGL));
      return;
    }
    Object.assign(this.stage, { onLost: () => this.tellLost(true), onRestored: () => this.tellLost(false) });
    this.controls.bar.after(this.stage.canvas); // behind the works, which come after it
    this.resizing.observe(this);
    this.arrange();
    this.begin();
  }

  hide() {
    super.hide();
    this.stopTurning();
    this.unpick();
    this.resizing.disconnect();
    cancelAnimationFrame(this.pending);
    this.pending = null;
    if (this.stage?.canvas.parentElement === this) this.stage.canvas.remove();
    this.ready.forEach((pane) => pane.model.release());
  }

  // Once all have come, they are turned once round.
  async begin() {
    await Promise.all(this.panes.map((pane) => pane.loaded));
    if (!this.isShown) return;
    this.arrange();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches && !this.wasTurned) this.startTurning(360);
  }

  get ready() {
    return this.panes.filter((pane) => pane.model);
  }

  tellLost(isLost) {
    this.controls.hint.textContent = isLost ? LOST : "";
    if (!isLost) this.invalidate();
  }

  listenTo(pane) {
    gestures(pane.frame, {
      start: () => this.stopTurning(),
      move: (shift, point, event, fingers) => this.drag(pane, shift, event.shiftKey || fingers > 1),
      scale: (factor) => this.approach(factor),
      double: () => this.reset(),
    });
  }

  // ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────────

  arrange() {
    arrange(this, this.panes.map(() => ({ width: 1, height: 1 })));
    this.stage.fill(this);
    this.render(performance.now());
  }

  invalidate() {
    if (this.isShown && this.stage) this.pending ??= requestAnimationFrame((now) => this.render(now));
  }

  render(now) {
    this.pending = null;
    if (this.stage.isLost) return;
    this.turnOn(now);
    for (const pane of this.ready) {
      this.stage.draw(pane.model.scene, pane.frame, this.orbit, this.mode);
      pane.layMarks(this.stage.camera, false);
      pane.trail.turn(this.drawnAt ?? this.orbit.azimuth, this.orbit.azimuth);
      pane.trail.note(this.dwellMs / 1000, this.orbit);
    }
    this.drawnAt = this.orbit.azimuth;
    this.settle();
  }

  // What hides a mark is looked for when everything has come to rest: in a large model that takes its time.
  settle() {
    clearTimeout(this.settling);
    if (this.turning) this.invalidate();
    else if (this.panes.some((pane) => pane.marks.length)) this.settling = setTimeout(() => this.layMarks(), 200);
  }

  layMarks() {
    for (const pane of this.isShown ? this.ready : []) {
      this.orbit.place(this.stage.camera, pane.room.width / pane.room.height);
      pane.layMarks(this.stage.camera, true);
    }
  }

  // ── Turning ──────────────────────────────────────────────────────────────────────────────────────────────────

  startTurning(degrees = Infinity) {
    this.wasTurned = true;
    this.turning = { left: degrees, at: performance.now() };
    this.controls.refresh();
    this.invalidate();
  }

  stopTurning() {
    this.turning = null;
    this.controls.refresh();
  }

  turnOn(now) {
    if (!this.turning) return;
    const step = Math.min((TURNTABLE * Math.max(0, now - this.turning.at)) / 1000, this.turning.left, STEP);
    this.turning = { left: this.turning.left - step, at: now };
    this.orbit.turn(step, 0);
    if (this.turning.left <= 0) this.stopTurning();
  }

  toggleTurning() {
    if (this.turning) this.stopTurning();
    else this.startTurning();
  }

  turn([across, up]) {
    this.stopTurning();
    this.orbit.turn(across, up);
    this.invalidate();
  }

  approach(factor) {
    this.stopTurning();
    this.orbit.approach(factor);
    this.invalidate();
  }

  // Nearer by so many steps.
  step(steps) {
    this.approach(NEARER ** steps);
  }

  drag(pane, { x, y }, isShift) {
    const length = (2 * this.orbit.distance) / Math.min(pane.room.width, pane.room.height);
    if (isShift) this.orbit.shift(-x * length, y * length);
    else this.orbit.turn(-x * DRAG, y * DRAG);
    this.invalidate();
  }

  reset() {
    this.stopTurning();
    this.orbit.reset();
    this.drawnAt = null;
    this.invalidate();
  }

  // ── Modes and keys ─────────────────────────────────────────────────────────────────────────────────────────────────

  look(mode) {
    this.mode = mode;
    this.controls.refresh();
    this.invalidate();
  }

  get keys() {
    return [
      ["arrows", "Turn the models"],
      ["+ −", "Nearer, farther"],
      ["Space", "Turn by themselves, and stop"],
      ["z", "As at first"],
      ["v", "Shaded, clay, wire, normals"],
      ["s", "Grey or black around the models"],
    ];
  }

  key(event) {
    if (isForControl(event)) return false;
    if (event.repeat && event.key === " ") return true;
    if (this.placing(event)) return true;
    const act = this.sign(event.key) ?? (this.letters && this.letter(event.key));
    act?.();
    return Boolean(act);
  }

  placing(event) {
    const markings = this.panes.map(({ marking }) => marking);
    return aimedOf(markings)?.key(event) || moveAim(markings, event.key);
  }

  sign(key) {
    if (key in ARROWS) return () => this.turn(ARROWS[key]);
    return {
      " ": () => this.toggleTurning(),
      "+": () => this.step(1),
      "=": () => this.step(1),
      "-": () => this.step(-1),
    }[key];
  }

  letter(key) {
    return {
      z: () => this.reset(),
      v: () => this.look(MODES[(MODES.indexOf(this.mode) + 1) % MODES.length]),
      s: () => nextSurround(this),
    }[key];
  }

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────

  get tools() {
    return ["spot"];
  }

  pick() {
    this.stopTurning();
    this.panes.forEach((pane) => pane.marking.pick("point"));
    this.controls.hint.textContent = hintOf(...HINT);
  }

  unpick() {
    this.panes.forEach((pane) => pane.marking.unpick());
    this.controls.hint.textContent = "";
  }

  setSpot(pane, point) {
    const place = this.spotUnder(pane, point);
    if (place) {
      this.unpick();
      this.placed(pane.position, "spot", place);
    } else {
      pane.marking.pick("point");
      this.controls.hint.textContent = MISSED;
    }
  }

  spotUnder(pane, point) {
    if (!pane.model || !this.stage) return null;
    this.orbit.place(this.stage.camera, pane.room.width / pane.room.height);
    return pane.model.spotAt(...pane.toView(point), this.stage.camera);
  }

  draw(marks) {
    for (const pane of this.panes) pane.marks = marks.filter(({ position }) => position === pane.position);
    this.invalidate();
  }

  // Turn so that the spot looks at the eye.
  goTo({ position, place }) {
    const pane = this.panes.find((one) => one.position === position);
    if (!pane.model) return;
    this.stopTurning();
    this.orbit.face(pane.model.find(place).normal);
    this.drawnAt = null;
    pane.work.scrollIntoView({ block: "nearest" });
    this.invalidate();
  }

  // ── What was seen ────────────────────────────────────────────────────────────────────────────────────────────

  seen() {
    return this.panes.map(({ trail }) => ({ dwell_ms: this.dwellMs, turned: trail.turned, path: trail.path }));
  }

  recall(seen) {
    super.recall(seen);
    this.panes.forEach(({ trail }, at) => trail.recall(seen[at]));
  }

  missing() {
    if (!this.isWhole) return "";
    const failed = this.panes.filter(({ hasFailed }) => hasFailed);
    if (failed.length) return `${inWords(failed)} cannot be shown: answer 0, cannot judge`;
    const unseen = this.panes.filter(({ trail }) => trail.turned < WHOLE);
    return unseen.length ? `Turn ${inWords(unseen)} round: ${unseen[0].trail.turned}° of ${WHOLE}° seen` : "";
  }
}

customElements.define("solid-viewer", SolidViewer);
