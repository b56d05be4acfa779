// The controls above the pictures, and what they show of the viewer's state.
import { press, tool, toolbar } from "./controls.js";
import { faceOf } from "./icons.js";
import { nextSurround } from "./surround.js";

export class PictureTools {
  constructor(viewer) {
    this.viewer = viewer;
    const make = (face, name, key, act) => tool({ name, key, face: faceOf(face), act });
    this.buttons = {
      fit: make("fit", "Fit", "\\", () => viewer.fit()),
      actual: make("1:1", "Pixel for pixel", "z", () => viewer.toggleActual()),
      out: make("out", "Smaller", "-", () => viewer.magnify(-1)),
      in: make("in", "Larger", "+", () => viewer.magnify(1)),
      flicker: this.held(make("turns", "Take turns in one place", " ", (event) => this.toggleFlicker(event))),
      wipe: make("wipe", "Wipe", "w", () => viewer.toggleWipe()),
      loupe: make("loupe", "Loupe", "l", () => viewer.toggleLoupe()),
      surround: make("surround", "Surround", "s", () => nextSurround(viewer)),
    };
    this.buttons.wipe.hidden = !viewer.wipe;
    this.buttons.flicker.hidden = viewer.panes.length < 2;
    this.level = Object.assign(document.createElement("span"), { className: "level" });
    this.hint = Object.assign(document.createElement("p"), { className: "hint" });
    this.hint.setAttribute("role", "status");
    this.bar = toolbar("View of the pictures", this.hint, this.level, ...Object.values(this.buttons));
  }

  // The works take turns as long as the button is held, like the key.
  held(button) {
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      this.viewer.startFlicker();
    });
    button.addEventListener("lostpointercapture", () => this.viewer.flicker.stop());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    return button;
  }

  // Pressed by the keyboard, it is switched on and off.
  toggleFlicker(event) {
    if (event.detail) return;
    if (this.viewer.flicker.isOn) this.viewer.flicker.stop();
    else this.viewer.startFlicker();
  }

  refresh() {
    const { flicker, loupe, viewport, wipe } = this.viewer;
    press(this.buttons.actual, viewport.isActual);
    press(this.buttons.flicker, flicker.isOn);
    press(this.buttons.loupe, loupe.isOn);
    press(this.buttons.wipe, wipe?.isOn);
    this.level.textContent = `${Math.round((100 * viewport.zoom) / viewport.actual)} %`;
  }
}
