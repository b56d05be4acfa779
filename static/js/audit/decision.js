// What the lead decides, by keys: digits say what holds, criterion after criterion; Ctrl Enter settles it.
import "../bench/rank-list.js";

const PAIR = { 1: "A", 2: "=", 3: "B" };
const LEADS_TO = { n: "[rel=next]", p: "[rel=prev]" };

const WRITES = "textarea, select, input[type=number]";

const isOpen = (fieldset) =>
  [...fieldset.querySelectorAll("input")].every((input) => (input.type === "radio" ? !input.checked : !input.value));

export class Decision {
  constructor(page) {
    this.page = page;
    this.form = page.querySelector(".decide");
    this.letters = page.hasAttribute("data-letter-keys");
  }

  // True if the key was used.
  key(event) {
    const { key, target } = event;
    const held = event.ctrlKey || event.metaKey;
    if (held) return key === "Enter" && this.settle();
    if (event.altKey || target.matches?.(WRITES)) return false;
    return /^[1-9]$/.test(key) ? this.digit(key) : this.letters && this.letter(key);
  }

  settle() {
    const button = this.form.querySelector("[value=resolved]");
    if (button) this.form.requestSubmit(button);
    return Boolean(button);
  }

  letter(key) {
    const link = LEADS_TO[key] && this.page.querySelector(LEADS_TO[key]);
    if (link) link.click();
    else if (key === "d") this.current?.querySelector("input").focus();
    return Boolean(link) || key === "d";
  }

  // The criterion in hand, else the first that is not settled.
  get current() {
    const all = [...this.form.querySelectorAll(".decide-on")];
    return all.find((fieldset) => fieldset.contains(document.activeElement)) ?? all.find(isOpen) ?? all[0];
  }

  digit(key) {
    const { current } = this;
    const ranks = current?.querySelector("rank-list");
    if (ranks) return ranks.key(key);
    const step = current?.querySelector(`[value="${PAIR[key]}"]`);
    if (!step) return false;
    step.checked = true;
    (this.form.querySelectorAll(".decide-on")[this.at(current) + 1] ?? current).querySelector("input").focus();
    return true;
  }

  at(fieldset) {
    return [...this.form.querySelectorAll(".decide-on")].indexOf(fieldset);
  }
}
