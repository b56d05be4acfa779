// <judging-bench>: what keys, pointer and server do to the comparison on the screen; answers that are never lost; undo.
import { Dialogs } from "./dialogs.js";
import { Keyboard } from "./keyboard.js";
import { encode, Outbox } from "./outbox.js";
import { Pace } from "./pace.js";
import { Sequence } from "./sequence.js";

const randomKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

class JudgingBench extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form.task");
    this.total = Number(this.dataset.total);
    this.done = Number(form.dataset.done);
    this.token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    this.pace = new Pace(Number(this.dataset.breakAfter ?? 0));
    this.keyboard = new Keyboard(this, JSON.parse(this.dataset.keymap || "{}"));
    this.dialogs = new Dialogs(this);
    this.outbox = new Outbox({
      deliver: (response) => this.deliver(response),
      onFailure: (count, reason) => this.tellUnsent(count, reason),
    });
    this.outbox.letters.forEach((letter) => {
      letter.body.csrfmiddlewaretoken = this.token;
    });
    this.listen();
    this.sequence = new Sequence(this);
    this.sequence.show(this.sequence.taskOf(form));
    if (this.dataset.says) this.task.say(this.dataset.says);
    this.outbox.flush().then(() => this.sequence.lookAhead());
  }

  listen() {
    this.events = new AbortController();
    const { signal } = this.events;
    const letGo = () => this.task.viewer?.keyUp(new KeyboardEvent("keyup", { key: " " }));
    document.addEventListener("keydown", (event) => this.keyboard.down(event), { signal });
    document.addEventListener("keyup", (event) => this.task.viewer?.keyUp(event), { signal });
    window.addEventListener("blur", letGo, { signal });
    window.addEventListener("online", () => this.outbox.flush(), { signal });
    window.addEventListener("beforeunload", (event) => this.outbox.size && event.preventDefault(), { signal });
    this.addEventListener("submit", (event) => this.onSubmit(event), { signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    this.addEventListener("change", (event) => this.onChange(event), { signal });
    this.addEventListener("input", (event) => this.onInput(event), { signal });
    this.addEventListener("placed", (event) => this.task.placed(event.detail), { signal });
    this.addEventListener("focusin", (event) => this.onFocus(event), { signal });
    this.dialogs.listen(signal);
  }

  disconnectedCallback() {
    this.events.abort();
  }

  get task() {
    return this.sequence.current;
  }

  // ── What is told ─────────────────────────────────────────────────────────────────────────────────────────────

  async onShown(task, { follows }) {
    this.showProgress();
    if (follows) task.form.querySelector("h1").focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
    if (await task.open({ letters: this.hasAttribute("data-letter-keys") })) this.dialogs.tellKeys(task.viewer.keys);
  }

  showProgress() {
    const { form } = this.task;
    this.total = Math.max(this.total, this.done + 1);
    Object.assign(form.querySelector("progress"), { max: this.total, value: this.done });
    form.querySelector("[data-count]").textContent = `${this.done + 1} of ${this.total}`;
    form.querySelector("[data-left]").textContent = this.pace.left(this.total - this.done);
  }

  tellUnsent(count, reason) {
    this.task.say(`${count} not sent: ${reason}. Kept here, trying again.`, { trouble: true });
  }

  // ── What keys, mouse and touch do ────────────────────────────────────────────────────────────────────────────

  choose(key) {
    const { criteria } = this.task;
    if (!criteria.choose(key)) return false;
    if (criteria.isAnswered(criteria.active)) this.advance();
    return true;
  }

  rank(key) {
    if (!this.task.rank(key)) return false;
    if (/^[1-9]$/.test(key) && this.task.criteria.isAnswered(this.task.criteria.active)) this.advance();
    return true;
  }

  // To the next criterion that is open, or on.
  advance() {
    const { task } = this;
    task.keep();
    task.viewer?.lockLevel?.();
    const open = task.criteria.firstOpen();
    if (open) task.criteria.activate(open);
    else this.submit();
  }

  onClick(event) {
    const { criteria } = this.task;
    this.onButton(event.target);
    this.activateAround(event.target);
    // A real press of a pointer moves on; arrows within a group of radio buttons only look around.
    if (event.target.closest("[type=radio]") && this.pressed && criteria.isAnswered(criteria.active)) this.advance();
    this.pressed = !event.target.matches("input") && Boolean(event.target.closest(".step, .verdict"));
  }

  onButton(target) {
    if (target.closest("[data-help]")) this.dialogs.help();
    if (target.closest("[data-mark]")) this.task.marks?.start();
    if (target.closest("button[data-flag]")) this.dialogs.askFlag();
    if (target.closest("[data-enlarge]")) this.dialogs.enlarge(target.closest("[data-enlarge]"));
    if (target.closest("[data-close]")) target.closest("dialog").close();
  }

  onChange({ target }) {
    const { task } = this;
    if (target.matches("[data-letter-keys-switch]")) this.dialogs.switchLetterKeys(target.checked);
    if (!task.form.contains(target)) return;
    if (target.matches("[type=checkbox]")) task.criteria.keepOneVerdict(target);
    if (target.matches("[type=radio]")) task.criteria.settle();
    if (target.matches("mark-list")) task.drawMarks();
    task.keep();
  }

  onInput({ target }) {
    if (target.matches("textarea") && this.task.form.contains(target)) this.task.keep();
  }

  onFocus(event) {
    this.activateAround(event.target);
  }

  activateAround(target) {
    const criterion = target.closest?.(".criterion");
    const { criteria } = this.task;
    if (criterion && criterion !== criteria.active) criteria.activate(criterion, { focus: false });
  }

  onSubmit(event) {
    if (event.target.matches("[method=dialog]")) return;
    event.preventDefault();
    if (event.target.matches("form.task")) this.submit();
    else if (event.target.id === "undo") this.undo();
    else this.dialogs.flag(event.target);
  }

  // ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────

  submit() {
    const { task, sequence } = this;
    if (task.isWaiting || task.lacks()) return;
    const { dwell, body } = task.seal();
    this.pace.add(dwell);
    this.done += 1;
    const rest = sequence.next() && this.pace.breakDue();
    if (rest) this.task.say(rest);
    this.outbox.add({
      url: task.form.getAttribute("action"),
      body: { ...body, ahead: "1", holding: sequence.holding },
    });
  }

  // The server's last word on a letter.
  async deliver(response) {
    if (response.status === 200) this.take(await response.text());
    else if (response.status === 204) this.end();
    else if (response.status === 422) this.bringBack(await response.text());
    else if (response.status === 409) this.stand(await response.text());
    else window.location.reload();
    this.sequence.lookAhead();
  }

  take(html) {
    this.sequence.take(html);
    if (!this.outbox.size) this.task.say("Saved.");
  }

  end() {
    if (!this.outbox.size) this.task.say("Saved.");
    this.sequence.end();
  }

  // The server did not take the answers: show them again with what is wrong.
  bringBack(html) {
    this.done -= 1;
    const { form } = this.sequence.showBefore(html);
    this.task.say(form.querySelector("[role=alert]")?.textContent ?? "", { trouble: true });
  }

  // It was answered before, and that answer stands.
  stand(message) {
    this.done -= 1;
    this.task.say(message, { trouble: true });
  }

  async undo() {
    await this.outbox.flush();
    if (this.outbox.size) {
      this.task.say("Undo has to wait until all is sent.", { trouble: true });
      return;
    }
    const response = await this.post(this.dataset.undo, { key: randomKey(), ahead: "1" });
    if (!response) this.task.say("No connection: nothing was undone.", { trouble: true });
    else if (response.status === 200) this.showUndone(await response.text());
    else this.task.say(await response.text(), { trouble: true });
  }

  showUndone(html) {
    this.pace.undo();
    const { form } = this.sequence.showBefore(html);
    this.done = Number(form.dataset.done);
    this.showProgress();
    this.task.say("Undone. Your answers are back.");
  }

  // A word to the server beside the answers; null without a connection.
  async post(url, fields, options) {
    const body = encode({ csrfmiddlewaretoken: this.token, ...fields });
    try {
      return await fetch(url, { method: "POST", body, ...options });
    } catch {
      return null;
    }
  }

  async finish() {
    await this.outbox.flush();
    // The bench's own address resumes what is still in hand, and else says thank you.
    if (!this.outbox.size && this.task.isWaiting) window.location.assign(window.location.pathname);
  }
}

customElements.define("judging-bench", JudgingBench);
