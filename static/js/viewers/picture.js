// <picture-viewer>: still and moving pictures side by side, zoomed as one, in turns in one place, or under a wipe.
import { aimedOf, hintOf, moveAim } from "./aiming.js";
import { arrange } from "./arrangement.js";
import { isForControl } from "./controls.js";
import { Flicker } from "./flicker.js";
import { gestures } from "./gestures.js";
import { Loupe } from "./loupe.js";
import { Marking } from "./marking.js";
import { centreOf } from "./marks.js";
import { Pane } from "./picture-pane.js";
import { PictureTools } from "./picture-tools.js";
import { applySurround, nextSurround } from "./surround.js";
import { swipes } from "./swipe.js";
import { Viewer } from "./viewer.js";
import { Viewport } from "./viewport.js";
import { Wipe } from "./wipe.js";

const ZOOM_STEP = 1.25;
const PAN_STEP = 0.1; // of what is in view
const NUDGE = 24; // px that an arrow key moves the loupe
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HINTS = {
  point: ["Press on a spot", "arrows, Enter"],
  box: ["Drag a box", "arrows, Enter at two corners"],
  brush: ["Paint", "[ ] for the size, arrows, Enter to begin and to end"],
};

class PictureViewer extends Viewer {
  connectedCallback() {
    if (this.panes) return;
    this.panes = this.works.map((work) => new Pane(work));
    this.viewport = new Viewport();
    this.loupe = new Loupe(this.panes);
    this.flicker = new Flicker(this.panes, () => this.lay());
    this.wipe = this.panes.length === 2 ? new Wipe(this.panes) : null;
    this.markings = this.panes.map((pane) => this.markingOn(pane));
    this.panes.forEach((pane) => this.listenTo(pane));
    this.controls = new PictureTools(this);
    this.prepend(this.controls.bar);
    applySurround(this);
    this.resizing = new ResizeObserver(() => this.isShown && this.arrange());
  }

  disconnectedCallback() {
    this.hide();
  }

  show() {
    super.show();
    this.resizing.observe(this);
    applySurround(this);
    this.arrange();
  }

  hide() {
    super.hide();
    this.resizing.disconnect();
    this.flicker.stop();
    this.unpick();
  }

  listenTo(pane) {
    gestures(pane.frame, {
      move: (shift) => this.drag(pane, shift),
      scale: (factor, point) => this.zoomAt(pane, this.viewport.zoom * factor, point),
      double: (point) => this.toggleActual(pane, point),
    });
    swipes(pane.frame, (by) => this.bring(pane, by), () => this.isAtRest);
    pane.frame.addEventListener("pointermove", (event) => this.aimLoupe(pane, event));
    pane.frame.addEventListener("pointerdown", (event) => this.aimLoupe(pane, event));
    pane.image.addEventListener("load", () => this.isShown && this.arrange());
  }

  // Nothing is zoomed, marked, wiped or under the loupe: a finger may go from work to work.
  get isAtRest() {
    return !(this.viewport.isZoomed || this.loupe.isOn || this.wipe?.isOn || this.markings.some(({ kind }) => kind));
  }

  // Where works lie one below the other, the work after this one, or before it.
  bring(pane, by) {
    this.panes[this.panes.indexOf(pane) + by]?.work.scrollIntoView({ block: "center" });
  }

  // ── Where everything lies ────────────────────────────────────────────────────────────────────────────────────

  arrange() {
    arrange(this, this.panes.map((pane) => pane.size));
    this.panes.forEach((pane) => pane.measure());
    this.viewport.actual = Math.max(...this.inSight.map((pane) => pane.actual));
    this.lay();
  }

  get inSight() {
    return this.panes.filter((pane) => pane.room.width);
  }

  // Put every picture where the viewport says.
  lay() {
    this.viewport.settle(this.inSight.map((pane) => pane.viewAt(this.viewport.zoom)));
    this.inSight.forEach((pane) => pane.lay(this.viewport));
    this.wipe?.refresh();
    this.loupe.refresh();
    this.markings.forEach((marking) => marking.refresh());
    this.toggleAttribute("data-zoomed", this.viewport.isZoomed);
    this.controls.refresh();
  }

  // ── Zoom and pan ─────────────────────────────────────────────────────────────────────────────────────────────

  zoom(to) {
    this.viewport.zoomTo(to);
    this.lay();
  }

  magnify(steps) {
    this.zoom(this.viewport.zoom * ZOOM_STEP ** steps);
  }

  zoomAt(pane, zoom, point) {
    this.viewport.zoomTo(zoom, pane.placeAt(point), pane.fromMiddle(point), pane.fitted);
    this.lay();
  }

  fit() {
    this.viewport.fit();
    this.lay();
  }

  toggleActual(pane, point) {
    if (!this.viewport.isFitted) this.fit();
    else if (pane) this.zoomAt(pane, this.viewport.actual, point);
    else this.zoom(this.viewport.actual);
  }

  drag(pane, { x, y }) {
    if (!this.viewport.isZoomed) return;
    this.viewport.pan(-x / pane.box.width, -y / pane.box.height);
    this.lay();
  }

  step([right, down]) {
    const { panes, viewport } = this;
    if (this.loupe.isOn && !viewport.isZoomed) this.nudgeLoupe(right, down);
    else if (this.wipe?.isOn && !viewport.isZoomed && right) this.wipe.step(right);
    else if (viewport.isZoomed) {
      const view = panes[0].viewAt(viewport.zoom);
      viewport.pan(right * PAN_STEP * view.width, down * PAN_STEP * view.height);
      this.lay();
    } else return false;
    return true;
  }

  // ── Loupe, wipe, flicker, surround ───────────────────────────────────────────────────────────────────────────

  aimLoupe(pane, event) {
    if (!this.loupe.isOn) return;
    const { left, top } = pane.frame.getBoundingClientRect();
    const point = { x: event.clientX - left, y: event.clientY - top };
    this.loupe.aim(pane.placeAt(point), event.pointerType === "touch");
  }

  nudgeLoupe(right, down) {
    const { x, y } = this.loupe.place;
    const { width, height } = this.panes[0].box;
    const within = (value) => Math.min(Math.max(value, 0), 1);
    this.loupe.aim({ x: within(x + (right * NUDGE) / width), y: within(y + (down * NUDGE) / height) });
  }

  toggleLoupe() {
    this.loupe.toggle();
    this.toggleAttribute("data-loupe", this.loupe.isOn);
    this.controls.refresh();
  }

  toggleWipe() {
    this.flicker.stop();
    this.wipe.toggle();
    this.toggleAttribute("data-wipe", this.wipe.isOn);
    this.arrange();
  }

  startFlicker() {
    if (!this.wipe?.isOn) this.flicker.start();
  }

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  get keys() {
    return [
      ["Space", "Held: the works take turns in one place"],
      ["+ −", "Larger, smaller"],
      ["z", "Pixel for pixel, and back"],
      ["\\", "The whole picture"],
      ["arrows", "Move about, when zoomed"],
      ...(this.wipe ? [["w", "Wipe between the two"]] : []),
      ["l", "Loupe"],
      ["s", "Grey or black around the works"],
    ];
  }

  key(event) {
    if (isForControl(event)) return false;
    if (this.aimed?.key(event) || moveAim(this.markings, event.key)) return true;
    if (event.key in ARROWS) return this.step(ARROWS[event.key]);
    const act = this.sign(event.key) ?? (this.letters && this.letter(event.key));
    if (act) act();
    return Boolean(act);
  }

  sign(key) {
    return {
      " ": () => this.startFlicker(),
      "+": () => this.magnify(1),
      "=": () => this.magnify(1),
      "-": () => this.magnify(-1),
      "\\": () => this.fit(),
    }[key];
  }

  letter(key) {
    return {
      z: () => this.toggleActual(),
      w: this.wipe && (() => this.toggleWipe()),
      l: () => this.toggleLoupe(),
      s: () => nextSurround(this),
    }[key];
  }

  keyUp(event) {
    if (event.key !== " " || isForControl(event)) return false;
    this.flicker.stop();
    return true;
  }

  escape() {
    if (this.aimed?.isBegun) this.aimed.drop();
    else if (this.wipe?.isOn) this.toggleWipe();
    else if (this.loupe.isOn) this.toggleLoupe();
    else return false;
    return true;
  }

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────

  get tools() {
    return ["point", "box", "brush"];
  }

  markingOn(pane) {
    return new Marking(pane.frame, {
      size: () => pane.size,
      toScreen: (point) => pane.toScreen(point),
      toOriginal: (point) => pane.toOriginal(point),
      onAim: (point) => this.reveal(pane, point),
      onPlaced: (kind, place) => {
        this.unpick();
        this.placed(pane.position, kind, place);
      },
    });
  }

  get aimed() {
    return aimedOf(this.markings);
  }

  pick(kind) {
    if (this.wipe?.isOn) this.toggleWipe();
    if (this.loupe.isOn) this.toggleLoupe();
    this.markings.forEach((marking) => marking.pick(kind));
    this.controls.hint.textContent = hintOf(...HINTS[kind]);
    this.lay();
  }

  unpick() {
    this.markings.forEach((marking) => marking.unpick());
    this.controls.hint.textContent = "";
  }

  draw(marks) {
    this.panes.forEach(({ position }, at) => {
      this.markings[at].draw(marks.filter((mark) => mark.position === position));
    });
  }

  goTo({ position, kind, place }) {
    const pane = this.panes.find((one) => one.position === position);
    if (this.wipe?.isOn) this.toggleWipe();
    this.reveal(pane, centreOf(kind, place), 0.5);
    pane.work.scrollIntoView({ block: "nearest" });
  }

  // Bring a pixel into sight, at least `within` the middle part of the view.
  reveal(pane, { x, y }, within = 0.9) {
    const view = pane.viewAt(this.viewport.zoom);
    const place = { x: x / pane.size.width, y: y / pane.size.height };
    for (const [axis, side] of [["x", "width"], ["y", "height"]]) {
      const reach = (within * view[side]) / 2;
      this.viewport[axis] = Math.min(Math.max(this.viewport[axis], place[axis] - reach), place[axis] + reach);
    }
    this.lay();
  }

  // ── What was seen ────────────────────────────────────────────────────────────────────────────────────────────

  seen() {
    return this.panes.map(({ reached }) => ({ dwell_ms: this.dwellMs, zoom: Math.round(reached * 1000) / 1000 }));
  }

  recall(seen) {
    super.recall(seen);
    this.panes.forEach((pane, at) => (pane.reached = Math.max(pane.reached, seen[at].zoom ?? 0)));
  }
}

customElements.define("picture-viewer", PictureViewer);
