// Which comparison is on the screen, and which are held ready to follow it.
import { Task } from "./task.js";

const AHEAD = 2; // comparisons held ready

export class Sequence {
  current = null;
  ready = []; // the next one first
  answered = new Set(); // the assignments that were on the screen and left it with an answer
  isOver = false; // nothing more is handed out
  isLooking = false; // ahead, at this moment
  isWanted = false; // another look

  constructor(bench) {
    this.bench = bench;
  }

  get holding() {
    return [this.current, ...this.ready].map((task) => task.id);
  }

  taskOf(form) {
    return new Task(form, (...told) => this.bench.post(...told));
  }

  // A task out of what the server sent; a lesson in it is taught over whatever is on the screen.
  parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const lesson = template.content.querySelector("dialog.lesson");
    if (lesson) this.bench.dialogs.teach(document.importNode(lesson, true));
    const form = template.content.querySelector("form.task");
    return form && this.taskOf(document.importNode(form, true));
  }

  // ── What is on the screen ────────────────────────────────────────────────────────────────────────────────────

  show(task) {
    const last = this.current;
    if (last !== task) last?.hide();
    this.current = task;
    task.show();
    this.bench.onShown(task, { follows: Boolean(last) });
    return last;
  }

  hold(task) {
    task.hold();
    if (!task.form.isConnected) this.bench.insertBefore(task.form, this.bench.querySelector("#undo"));
  }

  // Put the next one on the screen at once; without one, wait for what the server sends. True if it was there.
  next() {
    this.answered.add(this.current.id);
    const task = this.ready.shift();
    if (task) this.show(task).form.remove();
    else this.current.wait();
    return Boolean(task);
  }

  // Show this one first: an answer that came back, or was taken back. What is on the screen comes after it.
  showBefore(html) {
    const task = this.parse(html);
    const present = this.current;
    this.answered.delete(task.id);
    this.hold(task);
    this.show(task);
    if (present.isWaiting) present.form.remove();
    else {
      this.hold(present);
      this.ready.unshift(present);
    }
    return task;
  }

  // ── What follows ─────────────────────────────────────────────────────────────────────────────────────────────

  // One more, or nothing more, has come. True if it was one that is not here yet.
  take(html) {
    const task = this.parse(html);
    if (!task) {
      this.end();
      return false;
    }
    const { isWaiting } = this.current;
    if (this.answered.has(task.id) || this.holding.includes(task.id)) return false; // two replies crossed
    this.hold(task);
    if (isWaiting) this.show(task).form.remove();
    else this.ready.push(task);
    return true;
  }

  // Hold as many ready as there should be. What is asked for while an answer is still on its way may come back as
  // something known: then the next reply looks again.
  async lookAhead() {
    this.isWanted = true;
    if (this.isLooking) return;
    this.isLooking = true;
    while (this.isWanted && this.ready.length < AHEAD && !this.isOver) {
      this.isWanted = false;
      if (await this.bringOne()) this.isWanted = true;
    }
    this.isLooking = false;
  }

  async bringOne() {
    const response = await this.bench.post(this.bench.dataset.ahead, { holding: this.holding });
    if (response?.status === 204) this.end();
    return response?.status === 200 && this.take(await response.text());
  }

  end() {
    this.isOver = true;
    if (this.current.isWaiting) this.bench.finish();
  }
}
