// Points, boxes and brush strokes on a picture: placed by pointer, touch and keys, and drawn over it.
//
//   const marking = new Marking(surface, { size, toScreen, toOriginal, onPlaced, onAim });
//     surface       the positioned element in which the picture lies; it is given an overlay
//     size()        { width, height } of the original
//     toScreen(p)   from { x, y } in pixels of the original to CSS pixels from the surface's corner
//     toOriginal(p) and back; the pixel (3, 5) covers 3 ≤ x < 4, 5 ≤ y < 6
//     onPlaced(kind, place)   a place in whole pixels: {x, y}, {x, y, width, height} or {size, strokes}
//     onAim(p)      the keys' crosshair is over p (of the original): bring it into sight
//     start()       where the keys' crosshair begins, of the original; the middle if not told
//   marking.pick("point" | "box" | "brush") starts placing, marking.unpick() leaves it; marking.kind is "" or which;
//     marking.drop() gives up what was begun (marking.isBegun)
//   marking.aim(true | false) the keys' crosshair is on this surface or another
//   marking.key(event) is true if it used the key: arrows (Shift: faster), Enter, [ and ] for the brush
//   marking.draw([{ kind, place, sign, number, tag }]) shows marks; marking.refresh() after the picture has moved
import { badge, layBadge, shapeOf, sideOf } from "./marks.js";
import { svg } from "./svg.js";

const SLIP = 4; // px: a press that moves less is a click
const BRUSH = 28; // px on the screen, to begin with
const BRUSH_STEP = 1.25;
const STRIDE = 8; // px on the screen per arrow key; with Shift five times that
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

const around = (one, other) => ({
  x: Math.min(one.x, other.x),
  y: Math.min(one.y, other.y),
  width: Math.abs(one.x - other.x) + 1,
  height: Math.abs(one.y - other.y) + 1,
});

export class Marking {
  kind = "";
  marks = [];
  strokes = []; // finished strokes of the brush
  trace = []; // pixels of what is being drawn
  cursor = null; // the pixel under the pointer or the keys' crosshair
  aimed = false;
  brush = BRUSH;

  constructor(surface, { size, toScreen, toOriginal, onPlaced, onAim = () => {}, start = () => this.middle }) {
    Object.assign(this, { surface, size, toScreen, toOriginal, onPlaced, onAim, start });
    this.lines = svg("svg", { "aria-hidden": "true" });
    this.overlay = Object.assign(document.createElement("div"), { className: "overlay" });
    this.overlay.append(this.lines);
    surface.append(this.overlay);
    this.listen();
  }

  // Before anything else on the surface: while something is being placed, the pointer is ours.
  listen() {
    const on = (type, act) =>
      this.surface.addEventListener(type, (event) => this.kind && act.call(this, event), { capture: true });
    on("pointerdown", this.onDown);
    on("pointermove", this.onMove);
    on("pointerup", this.onUp);
    on("pointercancel", this.drop);
    on("pointerleave", this.onLeave);
    on("dblclick", (event) => event.stopPropagation());
  }

  pick(kind) {
    this.unpick();
    this.kind = kind;
    this.surface.dataset.marking = kind;
  }

  unpick() {
    this.kind = "";
    this.aimed = false;
    delete this.surface.dataset.marking;
    this.drop();
  }

  // What was begun is given up.
  drop() {
    this.strokes = [];
    this.trace = [];
    this.cursor = null;
    this.refresh();
  }

  draw(marks) {
    this.marks = marks;
    this.refresh();
  }

  // ── Pixels ───────────────────────────────────────────────────────────────────────────────────────────────────

  get isBegun() {
    return this.trace.length > 0 || this.strokes.length > 0;
  }

  get scale() {
    return this.toScreen({ x: 1, y: 0 }).x - this.toScreen({ x: 0, y: 0 }).x;
  }

  get brushSize() {
    return Math.max(1, Math.round(this.brush / this.scale));
  }

  get middle() {
    const { width, height } = this.size();
    return { x: width / 2, y: height / 2 };
  }

  within({ x, y }) {
    const { width, height } = this.size();
    return { x: clamp(Math.floor(x), 0, width - 1), y: clamp(Math.floor(y), 0, height - 1) };
  }

  pixelAt(event) {
    const { left, top } = this.surface.getBoundingClientRect();
    return this.within(this.toOriginal({ x: event.clientX - left, y: event.clientY - top }));
  }

  isNear(one, other, screen) {
    return Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y)) * this.scale < screen;
  }

  // ── Pointer and touch ────────────────────────────────────────────────────────────────────────────────────────

  onDown(event) {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.surface.setPointerCapture(event.pointerId);
    this.aimed = false;
    this.isSecondPress = this.trace.length > 0;
    this.isDown = true;
    if (this.isSecondPress) this.extend(this.pixelAt(event));
    else this.begin(this.pixelAt(event));
  }

  onMove(event) {
    if (!event.isPrimary) return;
    event.stopImmediatePropagation();
    this.aimed = false;
    this.extend(this.pixelAt(event));
  }

  onUp(event) {
    if (!this.isDown || !event.isPrimary) return;
    event.stopImmediatePropagation();
    this.isDown = false;
    this.extend(this.pixelAt(event));
    const isClick = !this.isSecondPress && this.isNear(this.trace[0], this.cursor, SLIP);
    // Two clicks make a box as well as one drag does; with Shift the brush goes on after it was lifted.
    if (this.kind === "box" && isClick) return;
    if (this.kind === "brush" && event.shiftKey) this.lift();
    else this.finish();
  }

  onLeave() {
    if (this.isDown || this.trace.length) return;
    this.cursor = null;
    this.refresh();
  }

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

  aim(on) {
    this.aimed = on;
    if (on) this.cursor ??= this.within(this.start());
    else this.drop();
    this.refresh();
  }

  key(event) {
    if (!this.kind) return false;
    if (event.key in ARROWS) this.step(ARROWS[event.key], event.shiftKey ? 5 * STRIDE : STRIDE);
    else if (event.key === "Enter") this.set();
    else if (this.kind === "brush" && "[]".includes(event.key)) this.resize(event.key === "]" ? 1 : -1);
    else return false;
    return true;
  }

  step([right, down], stride) {
    if (!this.cursor) this.aim(true);
    this.aimed = true;
    const far = Math.max(1, Math.round(stride / this.scale));
    this.extend(this.within({ x: this.cursor.x + right * far, y: this.cursor.y + down * far }));
    this.onAim(this.cursor);
  }

  // Enter: the first sets a point, begins a box or a stroke; the next ends it.
  set() {
    if (!this.cursor) return this.aim(true);
    if (this.trace.length) return this.finish();
    this.begin(this.cursor);
    return this.kind === "point" && this.finish();
  }

  resize(steps) {
    this.brush = clamp(this.brush * BRUSH_STEP ** steps, 4, 200);
    this.refresh();
  }

  // ── What is being drawn ──────────────────────────────────────────────────────────────────────────────────────

  begin(pixel) {
    this.trace = [pixel];
    this.cursor = pixel;
    this.refresh();
  }

  extend(pixel) {
    this.cursor = pixel;
    const last = this.trace.at(-1);
    if (last && this.kind === "point") this.trace = [pixel];
    else if (last && this.kind === "box") this.trace = [this.trace[0], pixel];
    else if (last && !this.isNear(last, pixel, this.brush / 8)) this.trace.push(pixel);
    this.refresh();
  }

  lift() {
    this.strokes.push(this.trace.map(({ x, y }) => [x, y]));
    this.trace = [];
    this.refresh();
  }

  get place() {
    if (this.kind === "point") return { ...this.trace[0] };
    if (this.kind === "box") return around(this.trace[0], this.trace.at(-1));
    const stroke = this.trace.map(({ x, y }) => [x, y]);
    return { size: this.brushSize, strokes: [...this.strokes, ...(stroke.length ? [stroke] : [])] };
  }

  finish() {
    const { kind, place } = this;
    this.unpick();
    this.onPlaced(kind, place);
  }

  // ── What is to be seen ───────────────────────────────────────────────────────────────────────────────────────

  refresh() {
    const drawn = this.marks.map((mark) => {
      const { shape, ...extent } = shapeOf(mark.kind, mark.place, this.toScreen, sideOf(mark));
      const label = badge(mark);
      layBadge(label, extent, this.surface);
      return { shape, label };
    });
    this.lines.replaceChildren(...drawn.map(({ shape }) => shape), ...this.unfinished());
    this.overlay.replaceChildren(this.lines, ...drawn.map(({ label }) => label));
  }

  unfinished() {
    if (!this.kind) return [];
    const shapes = this.isBegun ? [shapeOf(this.kind, this.place, this.toScreen, "new").shape] : [];
    return [...shapes, ...this.pointer()];
  }

  // The brush's outline, and the crosshair that the keys move.
  pointer() {
    if (!this.cursor) return [];
    const { x, y } = this.toScreen({ x: this.cursor.x + 0.5, y: this.cursor.y + 0.5 });
    const round = svg("circle", { cx: x, cy: y, r: (this.brushSize * this.scale) / 2, class: "outline" });
    const { clientWidth, clientHeight } = this.surface;
    const cross = svg("path", { d: `M${x} 0V${clientHeight}M0 ${y}H${clientWidth}`, class: "cross" });
    return [...(this.kind === "brush" ? [round] : []), ...(this.aimed ? [cross] : [])];
  }
}
