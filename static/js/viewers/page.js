// <page-viewer>: texts in columns of equal measure, how far each was read, and words that can be marked.
import { press, tool, toolbar } from "./controls.js";
import { swipes } from "./swipe.js";
import { Viewer } from "./viewer.js";

const READ = 0.98; // of a text's height; the last line may hide under a rounding

// Browsers count UTF-16 units, marks count code points.
const toPoints = (text, unit) => [...text.slice(0, unit)].length;

const toUnit = (text, point) => [...text].slice(0, point).join("").length;

class PageViewer extends Viewer {
  connectedCallback() {
    if (this.bar) return;
    this.turning = tool({ name: "One after another", key: "v", face: "One by one", act: () => this.turn() });
    this.bar = toolbar("Texts", this.turning);
    this.prepend(this.bar);
    this.style.setProperty("--columns", this.works.length);
    this.read = this.works.map(() => 0);
    this.layout = "columns";
    this.sheets.forEach((sheet, at) => sheet.addEventListener("scroll", () => this.note(at), { passive: true }));
    this.addEventListener("pointerup", () => this.picking && this.take());
    swipes(this, (by) => this.open(this.opened + by), () => this.layout === "one" && !this.picking && !this.selected());
  }

  get sheets() {
    return this.works.map((work) => work.querySelector(".sheet"));
  }

  show() {
    super.show();
    this.listening = new AbortController();
    window.addEventListener("resize", () => this.noteAll(), { signal: this.listening.signal });
    requestAnimationFrame(() => this.noteAll());
  }

  hide() {
    super.hide();
    this.listening?.abort();
    this.highlight([]);
  }

  noteAll() {
    this.sheets.forEach((_, at) => this.note(at));
  }

  note(at) {
    const sheet = this.sheets[at];
    if (!this.isShown || !sheet.clientHeight) return;
    const box = sheet.getBoundingClientRect();
    const visible = Math.min(sheet.clientHeight, window.innerHeight - box.top);
    const reached = Math.min(1, (sheet.scrollTop + visible) / sheet.scrollHeight);
    this.read[at] = Math.max(this.read[at], reached);
    this.works[at].style.setProperty("--read-share", this.read[at].toFixed(3));
    this.works[at].toggleAttribute("data-read", this.read[at] >= READ);
  }

  key(event) {
    if (this.picking && this.pickKey(event)) return true;
    if (event.key === "v" && this.letters) {
      this.turn();
      return true;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && this.layout === "one") {
      this.open(this.opened + step);
      return true;
    }
    if (event.key === " " && this.layout === "one") return this.scrollOn(event.shiftKey ? -1 : 1);
    return false;
  }

  // While words are picked, arrows go from word to word, with Shift they take more of them, and Enter marks them.
  pickKey(event) {
    if (event.key === "Enter") {
      this.take();
      return true;
    }
    const way = { ArrowLeft: "backward", ArrowRight: "forward", ArrowUp: "backward", ArrowDown: "forward" }[event.key];
    if (!way) return false;
    const unit = event.key === "ArrowUp" || event.key === "ArrowDown" ? "line" : "word";
    const selection = document.getSelection();
    if (event.shiftKey) selection.modify("extend", way, unit);
    else {
      if (way === "forward") selection.collapseToEnd();
      else selection.collapseToStart();
      if (unit === "line" || way === "backward") selection.modify("move", way, unit);
      selection.modify("extend", "forward", "word");
    }
    return true;
  }

  get keys() {
    return [
      ["v", "Side by side, or one after another"],
      ["← → Space", "One after another: the text before, the next, read on"],
    ];
  }

  turn() {
    this.layout = this.layout === "columns" ? "one" : "columns";
    this.dataset.layout = this.layout;
    press(this.turning, this.layout === "one");
    this.open(0);
  }

  open(at) {
    this.opened = Math.min(Math.max(at, 0), this.works.length - 1);
    this.works.forEach((work, one) => work.toggleAttribute("data-open", one === this.opened));
    if (this.layout === "one") this.sheets[this.opened].focus({ preventScroll: true });
    this.noteAll();
  }

  scrollOn(way) {
    const sheet = this.sheets[this.opened];
    sheet.scrollBy({ top: way * sheet.clientHeight * 0.9 });
    return true;
  }

  seen() {
    return this.works.map((_, at) => ({ dwell_ms: this.dwellMs, scrolled: Number(this.read[at].toFixed(3)) }));
  }

  recall(seen) {
    super.recall(seen);
    this.read = this.read.map((share, at) => Math.max(share, seen[at].scrolled ?? 0));
  }

  missing() {
    const at = this.isWhole ? this.read.findIndex((share) => share < READ) : -1;
    return at < 0 ? "" : `Read ${this.works[at].dataset.letter} to its end`;
  }

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────

  get tools() {
    return ["words"];
  }

  pick() {
    this.picking = true;
    if (this.selected()) {
      this.take();
      return;
    }
    const sheet = this.sheets[this.opened ?? 0];
    sheet.focus({ preventScroll: true });
    document.getSelection().collapse(...this.spot(sheet, 0));
  }

  unpick() {
    this.picking = false;
  }

  escape() {
    if (!this.picking) return false;
    this.unpick();
    return true;
  }

  // What is selected within one text, or null.
  selected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const position = this.sheets.findIndex((sheet) => sheet.contains(range.commonAncestorContainer));
    return position < 0 ? null : { position, range };
  }

  take() {
    const found = this.selected();
    if (!found) return;
    const sheet = this.sheets[found.position];
    const before = document.createRange();
    before.setStart(sheet, 0);
    before.setEnd(found.range.startContainer, found.range.startOffset);
    const text = sheet.textContent;
    const from = before.toString().length;
    const quote = found.range.toString();
    const start = toPoints(text, from);
    this.unpick();
    this.placed(found.position, "words", { start, end: start + [...quote].length, quote });
  }

  draw(marks) {
    this.marks = marks.filter((mark) => mark.kind === "words");
    this.highlight(this.marks);
  }

  highlight(marks) {
    if (!window.CSS?.highlights) return;
    for (const sign of [1, -1]) {
      const ranges = marks.filter((mark) => mark.sign === sign).map((mark) => this.rangeOf(mark));
      CSS.highlights.set(sign > 0 ? "mark-for" : "mark-against", new Highlight(...ranges));
    }
  }

  rangeOf({ position, place }) {
    const sheet = this.sheets[position];
    const text = sheet.textContent;
    const range = document.createRange();
    range.setStart(...this.spot(sheet, toUnit(text, place.start)));
    range.setEnd(...this.spot(sheet, toUnit(text, place.end)));
    return range;
  }

  spot(sheet, unit) {
    const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
    let left = unit;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    return [sheet, sheet.childNodes.length];
  }

  goTo(mark) {
    if (this.layout === "one") this.open(mark.position);
    const sheet = this.sheets[mark.position];
    const box = this.rangeOf(mark).getBoundingClientRect();
    sheet.scrollBy({ top: box.top - sheet.getBoundingClientRect().top - sheet.clientHeight / 3 });
  }
}

customElements.define("page-viewer", PageViewer);
