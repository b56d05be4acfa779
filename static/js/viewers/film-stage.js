// Where the videos stand: beside each other as large as they can be, under a wipe, or each alone in turn.
import { columnsFor } from "./arrangement.js";
import { html } from "./html.js";
import { swipes } from "./swipe.js";

const DESK = { gap: 16, caption: 36 }; // px between works, and for the letter below each
const HAND = { gap: 8, caption: 0 };
const TALLEST = 0.5; // of a small window, for all works
const isSmall = window.matchMedia("(max-width: 760px)");

export const sizeOf = ({ dataset }) => ({ width: Number(dataset.width), height: Number(dataset.height) });

export const ratioOf = (work) => sizeOf(work).width / sizeOf(work).height;

export class FilmStage {
  layout = "side";

  // `onTurn(by)` when a finger asks for the next work, or the one before.
  constructor(works, onTurn) {
    this.works = works;
    this.wipe = html("input", { class: "wipe", type: "range", min: "0", max: "1000", value: "500", "aria-label": "Wipe" });
    this.wipe.addEventListener("input", (event) => {
      event.stopPropagation(); // an answer it is not
      this.moveWipe();
    });
    this.element = html("div", { class: "stage" }, ...works, this.wipe);
    swipes(this.element, onTurn, () => this.layout === "turns");
    this.moveWipe();
    this.lay("side");
  }

  // A wipe is between two.
  get layouts() {
    return this.works.length === 2 ? ["side", "wipe", "turns"] : ["side", "turns"];
  }

  get next() {
    return this.layouts[(this.layouts.indexOf(this.layout) + 1) % this.layouts.length];
  }

  lay(layout) {
    this.layout = layout;
    this.element.dataset.layout = layout;
    this.wipe.hidden = layout !== "wipe";
    this.works.forEach((work) => (work.hidden = false));
  }

  showOnly(position) {
    this.works.forEach((work, at) => (work.hidden = at !== position));
  }

  moveWipe() {
    this.element.style.setProperty("--wipe", String(this.wipe.value / 1000));
  }

  // As large as they can be in the room there is.
  arrange() {
    const { gap, caption } = isSmall.matches ? HAND : DESK;
    const width = this.element.clientWidth;
    const height = isSmall.matches ? window.innerHeight * TALLEST : this.element.clientHeight;
    const isSide = this.layout === "side";
    const columns = isSide ? columnsFor(this.works.map(sizeOf), { width, height }, gap) : 1;
    const rows = isSide ? Math.ceil(this.works.length / columns) : 1;
    const wide = Math.max(40, (width - gap * (columns - 1)) / columns);
    const high = Math.max(40, (height - gap * (rows - 1)) / rows - caption);
    const widest = Math.min(wide, high * Math.max(...this.works.map(ratioOf)));
    const { style } = this.element;
    style.setProperty("--columns", columns);
    Object.entries({ wide, high, widest }).forEach(([name, length]) => style.setProperty(`--${name}`, `${length}px`));
  }
}
