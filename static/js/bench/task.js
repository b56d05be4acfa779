// One comparison of the bench: its form, its works in their viewer, what is entered, and what is still lacking.
import { Criteria } from "./criteria.js";
import { Draft } from "./draft.js";
import { Exposure } from "./exposure.js";
import { viewerOf } from "./viewers.js";

export class Task {
  viewer = null; // as long as it is on the screen

  // `post(url, fields, options)` tells the server something beside the answer.
  constructor(form, post) {
    this.form = form;
    this.draft = new Draft(form, (said, options) => post(form.dataset.draft, { said }, options));
    this.exposure = new Exposure(form, this.draft);
  }

  get id() {
    return this.form.dataset.assignment;
  }

  get reason() {
    return this.form.querySelector("[name=rationale]");
  }

  get marks() {
    return this.form.querySelector("mark-list");
  }

  // The answer was sent, and there is nothing yet to follow it.
  get isWaiting() {
    return this.form.hasAttribute("data-waiting");
  }

  wait() {
    this.form.toggleAttribute("data-waiting", true);
  }

  say(message, { trouble = false } = {}) {
    const status = this.form.querySelector(".status");
    status.textContent = message;
    status.toggleAttribute("data-trouble", trouble);
  }

  // ── On the screen and off it ─────────────────────────────────────────────────────────────────────────────────

  // Held ready: out of sight, its works on their way.
  hold() {
    this.form.hidden = true;
    this.form.inert = true;
    this.form.querySelectorAll("img").forEach((image) => image.decode().catch(() => {}));
    viewerOf(this.form).catch(() => {}); // it is tried again when the works are wanted
  }

  show() {
    this.form.hidden = false;
    this.form.inert = false;
    this.shownAt = performance.now();
    this.say(this.draft.restore() ? "What you had entered is back." : "");
    this.criteria = new Criteria(this.form);
  }

  // Show the works, once the medium's viewer is loaded; true if they are there.
  async open({ letters }) {
    const viewer = await viewerOf(this.form).catch(() => null);
    if (this.form.hidden || !this.form.isConnected || (viewer && this.viewer === viewer)) return false;
    if (!viewer) {
      this.say("The works could not be loaded. Check the connection and reload the page.", { trouble: true });
      return false;
    }
    this.viewer = viewer;
    viewer.letters = letters;
    this.exposure.begin(viewer);
    viewer.show();
    this.marks?.show();
    this.drawMarks();
    return true;
  }

  hide() {
    this.exposure.end();
    this.form.hidden = true;
    this.viewer?.hide();
    this.viewer = null;
  }

  // ── What is entered ──────────────────────────────────────────────────────────────────────────────────────────

  keep() {
    this.exposure.note();
    this.draft.keep();
  }

  rank(key) {
    const { active } = this.criteria;
    const list = active.querySelector("rank-list");
    if (!list.key(key)) return false;
    this.criteria.clear(active.querySelector(".verdicts"), "[type=radio]");
    return true;
  }

  toggleVerdict(value) {
    this.criteria.toggleVerdict(value);
    this.keep();
  }

  placed(detail) {
    this.marks.add(detail, { criterion: this.criteria.slug, favoured: this.criteria.favoured() });
  }

  drawMarks() {
    const drawn = (this.marks?.marks ?? []).map((mark, at) => ({ ...mark, number: at + 1 }));
    this.viewer?.draw(drawn);
  }

  escape() {
    return Boolean(this.viewer?.escape() || this.marks?.stop() || this.marks?.closeEditor());
  }

  // ── The answer ───────────────────────────────────────────────────────────────────────────────────────────────

  // What still keeps it from being sent: a criterion, the reason, a mark, or works not seen whole. It is pointed out.
  lacks() {
    const { criteria } = this;
    const open = criteria.firstOpen();
    if (open) return this.lacksAt(open, `${criteria.nameOf(open)} is not answered yet.`);
    if (this.form.dataset.rationale === "required" && !this.reason.value.trim()) {
      this.reason.focus();
      return this.lacksAt(null, "This study asks for a reason.");
    }
    const bare = this.form.dataset.marks === "strong" && criteria.unreasoned(this.marks.marks);
    if (bare)
      return this.lacksAt(bare, `A strong preference on ${criteria.nameOf(bare)} wants a mark: press m and show where.`);
    const unseen = criteria.all.every((one) => criteria.cannot(one)) ? "" : this.viewer?.missing();
    return Boolean(unseen) && this.lacksAt(null, `${unseen} first.`);
  }

  lacksAt(criterion, words) {
    if (criterion) this.criteria.activate(criterion);
    this.say(words, { trouble: true });
    return true;
  }

  // The answer as it is sent; nothing of it is kept here any longer.
  seal() {
    const dwell = Math.round(performance.now() - this.shownAt);
    this.form.elements.dwell_ms.value = dwell;
    this.exposure.end();
    this.draft.drop();
    return { dwell, body: Object.fromEntries(new FormData(this.form)) };
  }
}
