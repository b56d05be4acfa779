// What a mark says, in a card beside the pointer.

const GAP = 14; // px between pointer and card

export const contentOf = ({ number, sign, tag, kind, about, place, note, claim, rater }) => [
  ["b", `${number} ${sign > 0 ? "+" : "−"} ${tag || kind}`],
  ["span", [sign > 0 ? "for" : "against", about].filter(Boolean).join(" · ")],
  ["q", place.quote],
  ["span", note],
  ["code", claim],
  ["small", rater],
];

export class MarkCard {
  constructor(box) {
    this.box = box;
  }

  show(lines, { clientX, clientY }) {
    const told = lines.filter(([, text]) => text);
    this.box.replaceChildren(
      ...told.map(([name, textContent]) => Object.assign(document.createElement(name), { textContent, dir: "auto" })),
    );
    this.box.hidden = false;
    const { width, height } = this.box.getBoundingClientRect();
    const [right, below] = [clientX + GAP, clientY + GAP];
    this.box.style.left = `${Math.max(0, right + width > innerWidth ? clientX - GAP - width : right)}px`;
    this.box.style.top = `${Math.max(0, below + height > innerHeight ? clientY - GAP - height : below)}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}
