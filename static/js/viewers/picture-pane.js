// One picture in its frame: where it lies, whose picture is to be seen there, and what was seen of it.
import { tellTrouble } from "./trouble.js";
import { fitScale } from "./viewport.js";

const SMOOTH_UP_TO = 4; // screen pixels per pixel; beyond, pixels are squares

export class Pane {
  room = { width: 0, height: 0 };
  reached = 0; // the highest zoom seen: 1 is one screen pixel per pixel

  constructor(work) {
    this.work = work;
    this.position = Number(work.dataset.position);
    this.letter = work.dataset.letter;
    this.image = work.querySelector("img");
    this.size = { width: Number(work.dataset.width), height: Number(work.dataset.height) };
    this.frame = Object.assign(document.createElement("div"), { className: "frame" });
    this.frame.style.setProperty("--shape", this.size.width / this.size.height);
    this.image.before(this.frame);
    this.frame.append(this.image);
    this.image.draggable = false;
    this.image.addEventListener("error", () => this.tellFailure());
    if (this.image.complete && !this.image.naturalWidth) this.tellFailure();
    this.pictures = new Map([[this, this.image]]);
    this.faces = [this];
    this.boxes = new Map();
  }

  tellFailure() {
    tellTrouble(this.frame, `${this.letter} did not load.`);
  }

  // What room the frame has; to be asked for again when the viewer is arranged anew.
  measure() {
    this.room = { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  // The size of the whole picture in its frame, in CSS pixels.
  get fitted() {
    const scale = fitScale(this.room, this.size);
    return { width: this.size.width * scale, height: this.size.height * scale };
  }

  // How much of the picture its frame shows at a zoom: 1 is all of it, more if there is room beside it.
  viewAt(zoom) {
    const { width, height } = this.fitted;
    return { width: this.room.width / (width * zoom), height: this.room.height / (height * zoom) };
  }

  // The zoom at which it is shown pixel for pixel.
  get actual() {
    return this.grain / (fitScale(this.room, this.size) * window.devicePixelRatio);
  }

  // Pixels of the picture as it is shown, per pixel of the original.
  get grain() {
    return (this.image.naturalWidth || this.size.width) / this.size.width;
  }

  // ── Whose picture is in the frame ────────────────────────────────────────────────────────────────────────────

  // Show the pictures of these panes here, the last on top.
  look(faces) {
    this.faces = faces;
    for (const face of faces) if (!this.pictures.has(face)) this.invite(face);
    for (const [face, picture] of this.pictures) picture.hidden = !faces.includes(face);
    this.work.querySelector("figcaption").textContent = faces.map((face) => face.letter).join(" ");
    this.frame.toggleAttribute("data-guest", faces[0] !== this);
  }

  invite(face) {
    const copy = face.image.cloneNode();
    copy.alt = "";
    this.image.after(copy);
    this.pictures.set(face, copy);
  }

  // ── Where it lies ────────────────────────────────────────────────────────────────────────────────────────────

  lay(viewport) {
    for (const face of new Set([this, ...this.faces])) {
      const box = viewport.place(this.room, face.size);
      this.boxes.set(face, box);
      const { style } = this.pictures.get(face);
      for (const side of ["left", "top", "width", "height"]) style[side] = `${box[side]}px`;
      const depth = (box.scale * window.devicePixelRatio) / face.grain;
      style.imageRendering = depth > SMOOTH_UP_TO ? "pixelated" : "";
      if (this.faces.includes(face) && face.image.naturalWidth) face.reached = Math.max(face.reached, depth);
    }
    this.work.style.setProperty("--below", `${this.below}px`);
  }

  // What is free below the picture: its letter moves up there.
  get below() {
    const { top, height } = this.boxes.get(this.faces[0]);
    return Math.max(0, this.room.height - top - height);
  }

  get box() {
    return this.boxes.get(this) ?? { scale: 1, left: 0, top: 0, ...this.size };
  }

  toScreen({ x, y }) {
    return { x: this.box.left + x * this.box.scale, y: this.box.top + y * this.box.scale };
  }

  toOriginal({ x, y }) {
    return { x: (x - this.box.left) / this.box.scale, y: (y - this.box.top) / this.box.scale };
  }

  // The place under a point of the frame, 0..1 of the work's width and height.
  placeAt(point) {
    const { x, y } = this.toOriginal(point);
    return { x: x / this.size.width, y: y / this.size.height };
  }

  fromMiddle({ x, y }) {
    return { x: x - this.room.width / 2, y: y - this.room.height / 2 };
  }
}
