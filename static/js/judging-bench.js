// <judging-bench>: keys, the next comparison held ready, answers that are never lost, and undo.
import { encode, Outbox } from "./outbox.js";

const PACE_AFTER = 3; // comparisons before "about … min left" is worth saying

const randomKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const isTyping = (target) => target.matches?.("textarea, input:not([type=radio], [type=checkbox], [type=number])");

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);

class JudgingBench extends HTMLElement {
  connectedCallback() {
    this.total = Number(this.dataset.total);
    this.done = Number(this.querySelector("form.task").dataset.done);
    this.dwells = [];
    this.ready = []; // forms held ready, the next one first
    this.noMore = false;
    this.token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    this.outbox = new Outbox({
      deliver: (response, letter) => this.deliver(response, letter),
      onChange: (count, reason) => this.tellUnsent(count, reason),
    });
    this.outbox.letters.forEach((letter) => {
      letter.body.csrfmiddlewaretoken = this.token;
    });
    this.listen();
    this.show(this.querySelector("form.task"), { quiet: true });
    this.say(this.dataset.says ?? "");
    this.outbox.flush().then(() => this.lookAhead());
  }

  listen() {
    this.events = new AbortController();
    const { signal } = this.events;
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    window.addEventListener("online", () => this.outbox.flush(), { signal });
    window.addEventListener("beforeunload", (event) => this.outbox.size && event.preventDefault(), { signal });
    this.addEventListener("submit", (event) => this.onSubmit(event), { signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    this.addEventListener("change", (event) => this.onChange(event), { signal });
    this.addEventListener("focusin", (event) => this.onFocus(event), { signal });
  }

  disconnectedCallback() {
    this.events.abort();
  }

  // ── What is on the screen ────────────────────────────────────────────────────────────────────────────────────

  show(form, { quiet = false } = {}) {
    if (this.current && this.current !== form) this.current.hidden = true;
    this.current = form;
    form.hidden = false;
    form.inert = false;
    this.shownAt = performance.now();
    this.say("");
    this.showProgress();
    this.activate(this.firstOpen() ?? this.criteria[0], { focus: false });
    if (!quiet) form.querySelector("h1").focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  hold(form) {
    form.hidden = true;
    form.inert = true;
    if (!form.isConnected) this.insertBefore(form, this.querySelector("#undo"));
    form.querySelectorAll("img").forEach((image) => image.decode().catch(() => {}));
  }

  showProgress() {
    const { done } = this;
    this.total = Math.max(this.total, done + 1);
    const bar = this.current.querySelector("progress");
    bar.max = this.total;
    bar.value = done;
    this.current.querySelector("[data-count]").textContent = `${done + 1} of ${this.total}`;
    this.current.querySelector("[data-left]").textContent = this.timeLeft(done);
  }

  timeLeft(done) {
    if (this.dwells.length < PACE_AFTER) return "";
    const pace = [...this.dwells].sort((one, other) => one - other)[Math.floor(this.dwells.length / 2)];
    return `about ${Math.max(1, Math.round((pace * (this.total - done)) / 60_000))} min left`;
  }

  say(message, { trouble = false } = {}) {
    const status = this.current.querySelector(".status");
    status.textContent = message;
    status.toggleAttribute("data-trouble", trouble);
  }

  tellUnsent(count, reason) {
    if (count && reason) this.say(`${count} not sent: ${reason}. Kept here, trying again.`, { trouble: true });
    else if (!count) this.say("Saved.");
  }

  // ── Criteria ─────────────────────────────────────────────────────────────────────────────────────────────────

  get criteria() {
    return [...this.current.querySelectorAll(".criterion")];
  }

  isAnswered(criterion) {
    if (criterion.querySelector("[type=radio]:checked")) return true;
    return criterion.querySelector("rank-list")?.complete ?? false;
  }

  firstOpen() {
    return this.criteria.find((criterion) => !this.isAnswered(criterion));
  }

  activate(criterion, { focus = true } = {}) {
    const hadFocus = this.active?.contains(document.activeElement);
    this.active = criterion;
    this.criteria.forEach((one) => one.toggleAttribute("data-active", one === criterion));
    if (focus && hadFocus) criterion.querySelector("input:checked, input")?.focus();
  }

  advance() {
    const open = this.firstOpen();
    if (open) this.activate(open);
    else if (this.wantsReason()) this.reason.focus();
    else this.submit();
  }

  get reason() {
    return this.current.querySelector("[name=rationale]");
  }

  wantsReason() {
    return this.current.dataset.rationale === "required" && !this.reason.value.trim();
  }

  choose(value) {
    const input = this.active.querySelector(`[type=radio][value="${value}"]`);
    if (!input) return false;
    input.checked = true;
    this.advance();
    return true;
  }

  toggleVerdict(value) {
    const box = this.active.querySelector(`[type=checkbox][value=${value}]`);
    box.checked = !box.checked;
    this.keepOneVerdict(box);
  }

  keepOneVerdict(box) {
    if (!box.checked) return;
    box.closest(".verdicts").querySelectorAll("[type=checkbox]").forEach((other) => {
      if (other !== box) other.checked = false;
    });
  }

  // ── Keys, mouse, touch ───────────────────────────────────────────────────────────────────────────────────────

  onKey(event) {
    if (this.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
    } else if (isPlain(event)) {
      this.onPlainKey(event);
    }
  }

  onPlainKey(event) {
    if (this.onDigit(event.key, event.target) || this.onLetter(event.key)) event.preventDefault();
  }

  onDigit(key, target) {
    const list = this.active.querySelector("rank-list");
    if (key === "0" || (!list && /^[1-9]$/.test(key))) return this.choose(key);
    if (!list || target.type === "radio") return false;
    const was = this.active.querySelector("[type=radio]:checked");
    if (!list.key(key)) return false;
    if (was) was.checked = false;
    if (list.complete && /^[1-9]$/.test(key)) this.advance();
    return true;
  }

  onLetter(key) {
    if (!this.hasAttribute("data-letter-keys")) return false;
    const act = {
      x: () => this.toggleVerdict("none"),
      g: () => this.toggleVerdict("all"),
      u: () => this.undo(),
      r: () => this.reason?.focus(),
      "?": () => this.help(),
    }[key];
    act?.();
    return Boolean(act);
  }

  onClick(event) {
    if (event.target.closest("[data-help]")) this.help();
    const criterion = event.target.closest(".criterion");
    if (criterion && criterion !== this.active) this.activate(criterion, { focus: false });
    // A real press of a pointer moves on; arrows within a group of radio buttons only look around.
    const step = event.target.closest("[type=radio]");
    if (step && this.pressed) this.advance();
    this.pressed = !event.target.matches("input") && Boolean(event.target.closest(".step, .verdict"));
  }

  onChange(event) {
    if (event.target.matches("[data-letter-keys-switch]")) this.switchLetterKeys(event.target.checked);
    if (event.target.matches("[type=checkbox]") && event.target.closest(".verdicts")) this.keepOneVerdict(event.target);
  }

  onFocus(event) {
    const criterion = event.target.closest?.(".criterion");
    if (criterion && criterion !== this.active) this.activate(criterion, { focus: false });
  }

  onSubmit(event) {
    if (event.target.matches("form.task")) {
      event.preventDefault();
      this.submit();
    } else if (event.target.id === "undo") {
      event.preventDefault();
      this.undo();
    }
  }

  help() {
    this.querySelector("dialog").showModal();
  }

  switchLetterKeys(on) {
    this.toggleAttribute("data-letter-keys", on);
    this.post(this.dataset.letterKeysUrl, { on: on ? "1" : "0" });
  }

  // ── Answers and undo ─────────────────────────────────────────────────────────────────────────────────────────

  submit() {
    const form = this.current;
    if (form.hasAttribute("data-waiting")) return;
    const open = this.firstOpen();
    if (open) {
      this.activate(open);
      this.say(`${open.querySelector("legend").textContent} is not answered yet.`, { trouble: true });
      return;
    }
    if (this.wantsReason()) {
      this.reason.focus();
      this.say("This study asks for a reason.", { trouble: true });
      return;
    }
    const dwell = Math.round(performance.now() - this.shownAt);
    form.querySelector("[name=dwell_ms]").value = dwell;
    this.dwells.push(dwell);
    this.done += 1;
    const body = Object.fromEntries(new FormData(form));
    this.next(form);
    this.outbox.add({ url: form.getAttribute("action"), body: { ...body, ahead: "1", holding: this.holding() } });
  }

  // Put the next comparison on the screen at once; without one, wait for the server's answer.
  next(answered) {
    const form = this.ready.shift();
    if (!form) {
      answered.toggleAttribute("data-waiting", true);
      return;
    }
    this.show(form);
    answered.remove();
  }

  async deliver(response, letter) {
    if (response.status === 422) {
      this.bringBack(await response.text());
    } else if (response.status === 200) {
      this.take(await response.text());
    } else if (response.status === 204) {
      this.noMore = true;
      if (this.isWaiting()) this.finish();
    } else if (response.status === 409) {
      this.done -= 1;
      this.say(await response.text(), { trouble: true });
      if (letter.body.ahead) await this.lookAhead();
    } else {
      window.location.reload();
    }
  }

  isWaiting() {
    return this.current.hasAttribute("data-waiting");
  }

  take(html) {
    const form = this.parse(html);
    const known = [this.current, ...this.ready].some((one) => one.dataset.assignment === form.dataset.assignment);
    if (known && !this.isWaiting()) return;
    this.hold(form);
    if (!this.isWaiting()) {
      this.ready.push(form);
      return;
    }
    const waited = this.current;
    this.show(form);
    waited.remove();
    if (!this.outbox.size) this.say("Saved.");
  }

  // The server did not take the answers: show them again with what is wrong.
  bringBack(html) {
    const form = this.parse(html);
    this.done -= 1;
    this.showBefore(form);
    this.say(form.querySelector("[role=alert]")?.textContent ?? "", { trouble: true });
  }

  // Show the form now; what is on the screen comes after it.
  showBefore(form) {
    const present = this.current;
    this.hold(form);
    if (this.isWaiting()) present.remove();
    else {
      this.hold(present);
      this.ready.unshift(present);
    }
    this.show(form);
  }

  parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return document.importNode(template.content.querySelector("form.task"), true);
  }

  holding() {
    return [this.current, ...this.ready].map((form) => form.dataset.assignment);
  }

  async lookAhead() {
    if (this.ready.length > 0 || this.noMore) return;
    const response = await this.post(this.dataset.ahead, { holding: this.holding() });
    if (!response) return;
    if (response.status === 200) this.take(await response.text());
    else if (response.status === 204) {
      this.noMore = true;
      if (this.isWaiting()) this.finish();
    }
  }

  async undo() {
    await this.outbox.flush();
    if (this.outbox.size) {
      this.say("Undo has to wait until all is sent.", { trouble: true });
      return;
    }
    const response = await this.post(this.dataset.undo, { key: randomKey(), ahead: "1" });
    if (!response) this.say("No connection: nothing was undone.", { trouble: true });
    else if (response.status === 200) this.showUndone(await response.text());
    else this.say(await response.text(), { trouble: true });
  }

  showUndone(html) {
    const form = this.parse(html);
    this.dwells.pop();
    this.done = Number(form.dataset.done);
    this.showBefore(form);
    this.say("Undone. Your answers are back.");
  }

  async post(url, fields) {
    try {
      return await fetch(url, { method: "POST", body: encode({ csrfmiddlewaretoken: this.token, ...fields }) });
    } catch {
      return null;
    }
  }

  async finish() {
    await this.outbox.flush();
    // The bench's own address resumes what is still in hand, and else says thank you.
    if (!this.outbox.size) window.location.assign(window.location.pathname);
  }
}

customElements.define("judging-bench", JudgingBench);
