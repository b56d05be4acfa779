// What lies over the works for a moment: keys, guide and criteria; a word to the lead; the expert's lesson.

export class Dialogs {
  constructor(bench) {
    this.bench = bench;
    this.helping = bench.querySelector("dialog.help");
    this.flagging = bench.querySelector("dialog.flag");
  }

  // Example works are loaded when the rubric is first opened.
  help() {
    this.helping.querySelectorAll("template").forEach((held) => held.replaceWith(held.content));
    this.helping.showModal();
  }

  // Of examples and works only one is heard at a time.
  listen(signal) {
    const { helping, bench } = this;
    const players = () => [...helping.querySelectorAll("video, audio")];
    const alone = ({ target }) => {
      bench.task.viewer?.transport?.pause();
      players().forEach((player) => player !== target && player.pause());
    };
    helping.addEventListener("play", alone, { capture: true, signal });
    helping.addEventListener("close", () => players().forEach((player) => player.pause()), { signal });
  }

  // A picture opens to the width of the dialog, and closes again.
  enlarge(button) {
    const isLarge = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(isLarge));
    button.closest(".example").toggleAttribute("data-large", isLarge);
  }

  // The keys of this medium, for the help page.
  tellKeys(keys) {
    const rows = keys.flatMap(([signs, meaning]) => {
      const [term, told] = [document.createElement("dt"), document.createElement("dd")];
      term.append(...signs.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
      told.textContent = meaning;
      return [term, told];
    });
    this.helping.querySelector("[data-viewer-keys]").replaceChildren(...rows);
  }

  switchLetterKeys(on) {
    const { bench } = this;
    bench.toggleAttribute("data-letter-keys", on);
    if (bench.task.viewer) bench.task.viewer.letters = on;
    bench.post(bench.dataset.letterKeysUrl, { on: on ? "1" : "0" });
  }

  askFlag() {
    this.flagging.showModal();
  }

  async flag(form) {
    const { task } = this.bench;
    const response = await this.bench.post(task.form.dataset.flag, Object.fromEntries(new FormData(form)));
    this.flagging.close();
    if (response?.ok) form.reset();
    if (response?.ok) task.say("The lead was told.");
    else task.say("No connection: the lead was not told.", { trouble: true });
  }

  // The expert's word on a training comparison.
  teach(lesson) {
    this.bench.append(lesson);
    lesson.addEventListener("close", () => lesson.remove(), { once: true });
    lesson.showModal();
  }
}
