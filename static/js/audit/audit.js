// <work-audit>: the works of one comparison with all raters' marks on them, and the list of the marks beside.
import { viewerOf } from "../bench/viewers.js";
import { Decision } from "./decision.js";
import { contentOf, MarkCard } from "./mark-card.js";
import { markUnder } from "./mark-under.js";

const FADING = ["picture-viewer", "film-viewer", "sound-viewer"]; // show other marks faintly; the rest show one alone
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

class WorkAudit extends HTMLElement {
  async connectedCallback() {
    this.marks = JSON.parse(this.dataset.marks);
    this.entries = [...this.querySelectorAll(".audit-mark")];
    this.decision = new Decision(this);
    this.card = new MarkCard(this.querySelector(".audit-card"));
    this.viewer = await viewerOf(this);
    this.listen();
    this.viewer.show();
    this.viewer.draw(this.marks);
  }

  disconnectedCallback() {
    this.viewer?.hide();
    this.unlisten?.abort();
  }

  listen() {
    this.unlisten = new AbortController();
    const { signal } = this.unlisten;
    this.entries.forEach((entry, at) => {
      entry.addEventListener("focus", () => this.single(at), { signal });
      entry.addEventListener("pointerenter", () => this.single(at), { signal });
      entry.addEventListener("click", () => this.single(at), { signal });
      entry.addEventListener("pointerleave", () => this.single(this.focused), { signal });
      entry.addEventListener("blur", () => this.single(-1), { signal });
    });
    this.viewer.addEventListener("pointermove", (event) => this.tell(event), { signal });
    this.viewer.addEventListener("pointerdown", (event) => this.tell(event), { signal });
    this.viewer.addEventListener("pointerleave", () => this.card.hide(), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("keyup", (event) => this.viewer.keyUp(event), { signal });
  }

  get focused() {
    return this.entries.indexOf(document.activeElement);
  }

  // One mark stands out and is gone to; -1 for all alike.
  single(at) {
    const mark = this.marks[at];
    this.point(mark);
    if (mark) {
      this.viewer.goTo(mark);
      this.viewer.works[mark.position].scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.viewer.draw(this.drawn(mark));
  }

  drawn(current) {
    if (!current) return this.marks;
    if (!FADING.includes(this.viewer.localName)) return [current];
    return this.marks.map((mark) => ({ ...mark, behind: mark !== current }));
  }

  // Which entry of the list belongs to the mark in hand.
  point(mark) {
    this.entries.forEach((entry, at) => entry.toggleAttribute("data-current", this.marks[at] === mark));
  }

  // What is under the pointer, in a card beside it.
  tell(event) {
    const mark = markUnder(event, this.viewer, this.marks);
    if (mark) this.card.show(contentOf(mark), event);
    else this.card.hide();
    this.point(mark ?? this.marks[this.focused]);
  }

  key(event) {
    if (event.key === "Escape") this.card.hide();
    if (this.decision.key(event)) return void event.preventDefault();
    if (this.decision.form.contains(event.target)) return;
    const step = STEPS[event.key];
    if (step && this.focused >= 0) {
      this.entries[this.focused + step]?.focus();
      event.preventDefault();
    } else if (!event.ctrlKey && !event.metaKey && this.viewer.key(event)) event.preventDefault();
  }
}

customElements.define("work-audit", WorkAudit);
