// The criteria of one task: which is being answered, what is answered, and what a key says on it.

export class Criteria {
  constructor(form) {
    this.form = form;
    this.all = [...form.querySelectorAll(".criterion")];
    this.activate(this.firstOpen() ?? this.all[0], { focus: false });
  }

  firstOpen() {
    return this.all.find((criterion) => !this.isAnswered(criterion));
  }

  isAnswered(criterion) {
    if (this.cannot(criterion)) return true;
    const list = criterion.querySelector("rank-list");
    if (list) return list.complete ?? false;
    return this.scales(criterion).every((scale) => scale.querySelector(":checked"));
  }

  cannot(criterion) {
    return Boolean(criterion.querySelector(".verdicts [type=radio]:checked"));
  }

  scales(criterion) {
    return [...criterion.querySelectorAll(".scale")];
  }

  nameOf(criterion) {
    return criterion.querySelector("legend").textContent;
  }

  get slug() {
    return this.active.dataset.slug;
  }

  activate(criterion, { focus = true } = {}) {
    const hadFocus = this.active?.contains(document.activeElement);
    this.active = criterion;
    this.all.forEach((one) => one.toggleAttribute("data-active", one === criterion));
    if (focus && hadFocus) criterion.querySelector("input:checked, input")?.focus();
  }

  // True if the key chose a step; with several scales (the best, the worst) it goes to the first still open.
  choose(key) {
    const scales = this.scales(this.active);
    const scale = key === "0" ? this.active.querySelector(".verdicts") : (this.open(scales) ?? scales[0]);
    const input = scale?.querySelector(`[type=radio][data-key="${key}"]`);
    if (!input || input.disabled) return false;
    if (scale === scales[0]) scales.slice(1).forEach((later) => this.clear(later));
    input.checked = true;
    this.settle();
    return true;
  }

  open(scales) {
    return scales.find((scale) => !scale.querySelector(":checked"));
  }

  clear(scale, which = "input") {
    scale.querySelectorAll(`${which}:checked`).forEach((input) => {
      input.checked = false;
    });
  }

  // The best cannot be the worst as well, and an answer is no longer "cannot judge".
  settle() {
    const [best, worst] = this.scales(this.active);
    const chosen = best?.querySelector(":checked")?.value;
    worst?.querySelectorAll("input").forEach((input) => {
      input.disabled = input.value === chosen;
      if (input.disabled) input.checked = false;
    });
  }

  toggleVerdict(value) {
    const box = this.active.querySelector(`[type=checkbox][value=${value}]`);
    box.checked = !box.checked;
    this.keepOneVerdict(box);
  }

  keepOneVerdict(box) {
    if (!box.checked) return;
    box
      .closest(".verdicts")
      .querySelectorAll("[type=checkbox]")
      .forEach((other) => {
        if (other !== box) other.checked = false;
      });
  }

  // Which side the active criterion favours so far: 0 for the left of a pair, 1 for the right, -1 for neither.
  favoured() {
    const step = this.active.querySelector(".scale :checked");
    return step?.dataset.favours ? Number(step.dataset.favours) : -1;
  }

  // A criterion with a strong preference that no mark of the list gives a reason for.
  unreasoned(marks) {
    return this.all.find((criterion) => {
      const strength = Number(criterion.querySelector(".scale :checked")?.dataset.strength ?? 0);
      const named = marks.some((mark) => !mark.criterion || mark.criterion === criterion.dataset.slug);
      return strength >= 2 && !named;
    });
  }
}
