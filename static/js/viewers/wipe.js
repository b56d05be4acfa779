// Two pictures in one frame with an edge between them that is moved by hand, by keys or by the slider below.
import { gestures } from "./gestures.js";

const STEP = 2; // percent per key

export class Wipe {
  isOn = false;

  constructor([host, guest]) {
    Object.assign(this, { host, guest });
    const range = { type: "range", className: "wipe", min: 0, max: 100, step: 0.1, value: 50 };
    this.slider = Object.assign(document.createElement("input"), range);
    this.slider.setAttribute("aria-label", `Wipe between ${host.letter} and ${guest.letter}`);
    this.slider.addEventListener("input", () => this.refresh());
    this.edge = Object.assign(document.createElement("div"), { className: "edge" });
    const letterOf = (pane) => Object.assign(document.createElement("b"), { textContent: pane.letter });
    this.edge.append(letterOf(host), letterOf(guest));
    gestures(this.edge, {
      start: (event) => event.stopPropagation(),
      move: ({ x }) => this.move((100 * x) / (this.span.right - this.span.left)),
      scale: () => {},
    });
    host.frame.append(this.edge);
    host.frame.after(this.slider);
    this.toggle(false);
  }

  toggle(on = !this.isOn) {
    this.isOn = on;
    this.edge.hidden = this.slider.hidden = !on;
    this.host.look(on ? [this.host, this.guest] : [this.host]);
    if (!on) this.host.image.style.clipPath = "";
  }

  move(percent) {
    this.slider.value = Number(this.slider.value) + percent;
    this.refresh();
  }

  step(direction) {
    this.move(direction * STEP);
  }

  // What of the frame the two pictures take, from left to right.
  get span() {
    const boxes = [this.host, this.guest].map((pane) => this.host.boxes.get(pane));
    return {
      left: Math.max(0, Math.min(...boxes.map((box) => box.left))),
      right: Math.min(this.host.room.width, Math.max(...boxes.map((box) => box.left + box.width))),
    };
  }

  refresh() {
    if (!this.isOn) return;
    const { left, right } = this.span;
    const at = left + ((right - left) * this.slider.value) / 100;
    this.edge.style.left = `${at}px`;
    this.slider.style.setProperty("--from", `${left}px`);
    this.slider.style.setProperty("--length", `${right - left}px`);
    const clip = (pane, sides) => {
      const { width, left: start } = this.host.boxes.get(pane);
      const here = Math.min(Math.max(at - start, 0), width);
      this.host.pictures.get(pane).style.clipPath = sides(here, width);
    };
    clip(this.host, (here, width) => `inset(0 ${width - here}px 0 0)`);
    clip(this.guest, (here) => `inset(0 0 0 ${here}px)`);
  }
}
