// One model in its frame: how it comes, where its marks are to be seen, and what was seen of it.
import { Marking } from "./marking.js";
import { parseModel } from "./model.js";
import { Trail } from "./trail.js";
import { tellTrouble } from "./trouble.js";
import { factsOf } from "./viewer.js";

const RINGS = 12; // from the middle of the frame to its edge, when the keys look for the model
const RAYS = 16; // on each ring

const looksAway = ({ point, normal }, camera) => camera.position.clone().sub(point).dot(normal) < 0;

export class SolidPane {
  model = null;
  hasFailed = false;
  trail = new Trail();
  marks = [];

  // onSpot(pane, point) where a spot was set; isOn(pane, point) whether the model lies under a point of the frame.
  constructor(work, { onSpot, isOn }) {
    this.work = work;
    this.position = Number(work.dataset.position);
    this.letter = work.dataset.letter;
    this.frame = Object.assign(document.createElement("div"), { className: "frame" });
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", `Work ${this.letter}, a model to be turned`);
    work.prepend(this.frame);
    // What is placed by hand is a point of the frame; the spot of the model lies under it.
    this.marking = new Marking(this.frame, {
      size: () => this.room,
      toScreen: (point) => point,
      toOriginal: (point) => point,
      onPlaced: (_, point) => onSpot(this, point),
      start: () => this.aroundMiddle().find((point) => isOn(this, point)) ?? this.marking.middle,
    });
    this.loaded = this.load(); // before it is shown, so that it is there at once
  }

  async load() {
    try {
      const response = await fetch(this.work.dataset.src);
      if (!response.ok) throw new Error(`${response.status}`);
      this.model = await parseModel(await response.arrayBuffer(), factsOf(this.work));
    } catch {
      this.tell(`${this.letter} did not load.`);
    }
  }

  tell(message) {
    this.hasFailed = true;
    tellTrouble(this.frame, message);
  }

  get room() {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  // The middle of the frame, then ring after ring around it: what has a hole is met at its edge.
  aroundMiddle() {
    const { x, y } = this.marking.middle;
    const stride = Math.min(x, y) / RINGS;
    const onRing = (ring, ray) => {
      const angle = (2 * Math.PI * ray) / RAYS;
      return { x: x + ring * stride * Math.cos(angle), y: y + ring * stride * Math.sin(angle) };
    };
    const rings = Array.from({ length: RINGS * RAYS }, (_, at) => onRing(1 + Math.floor(at / RAYS), at % RAYS));
    return [{ x, y }, ...rings];
  }

  // From a point of the frame to -1..1, as a camera counts.
  toView({ x, y }) {
    return [(2 * (x + 0.5)) / this.room.width - 1, 1 - (2 * (y + 0.5)) / this.room.height];
  }

  // Put the marks where the camera sees their spots. Those behind something are faint; while the model moves, it has to
  // do that they look away.
  layMarks(camera, atRest) {
    const pins = this.marks.map((mark) => {
      const surface = this.model.find(mark.place);
      const behind = atRest ? this.model.isHidden(surface.point, camera) : looksAway(surface, camera);
      const { x, y } = surface.point.clone().project(camera);
      const { width, height } = this.room;
      const place = { x: ((x + 1) * width) / 2 - 0.5, y: ((1 - y) * height) / 2 - 0.5 };
      return { ...mark, kind: "point", place, behind };
    });
    this.marking.draw(pins);
  }
}
