// The controls above the models, and what they show of the viewer's state.
import { press, tool, toolbar } from "./controls.js";
import { faceOf } from "./icons.js";
import { MODES } from "./stage.js";
import { nextSurround } from "./surround.js";

const NAMES = { shaded: "Shaded", clay: "Clay", wire: "Wire", normals: "Normals" };

export class SolidTools {
  constructor(viewer) {
    this.viewer = viewer;
    const make = (face, name, key, act) => tool({ name, key, face: faceOf(face), act });
    this.modes = MODES.map((mode) => make(NAMES[mode], NAMES[mode], "v", () => viewer.look(mode)));
    this.turn = make("round", "Turn round", " ", () => viewer.toggleTurning());
    this.hint = Object.assign(document.createElement("p"), { className: "hint" });
    this.hint.setAttribute("role", "status");
    this.bar = toolbar(
      "View of the models",
      this.hint,
      ...this.modes,
      Object.assign(document.createElement("span"), { className: "rule" }),
      this.turn,
      make("out", "Farther", "-", () => viewer.step(-1)),
      make("in", "Nearer", "+", () => viewer.step(1)),
      make("fit", "As at first", "z", () => viewer.reset()),
      make("surround", "Surround", "s", () => nextSurround(viewer)),
    );
    this.refresh();
  }

  refresh() {
    this.modes.forEach((button, at) => press(button, MODES[at] === this.viewer.mode));
    press(this.turn, this.viewer.turning);
  }
}
