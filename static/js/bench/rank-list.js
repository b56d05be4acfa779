// <rank-list>: a rank for each work of a set, by digits and arrows, or by dragging into order.

class RankList extends HTMLElement {
  connectedCallback() {
    this.chosen = 0;
    this.addEventListener("pointerdown", this);
    this.addEventListener("focusin", this);
    this.show();
  }

  get ranks() {
    return [...this.querySelectorAll(".rank")];
  }

  get inputs() {
    return this.ranks.map((rank) => rank.querySelector("input"));
  }

  // Untouched ranks are empty, so that an order nobody gave can never be complete.
  get complete() {
    return this.inputs.every((input) => input.value !== "" && input.checkValidity());
  }

  handleEvent(event) {
    if (event.type === "focusin") {
      this.choose(this.ranks.findIndex((rank) => rank.contains(event.target)));
    } else if (event.type === "pointerdown") {
      this.drag(event);
    }
  }

  choose(at) {
    this.chosen = Math.min(Math.max(at, 0), this.ranks.length - 1);
    this.show();
  }

  show() {
    this.ranks.forEach((rank, at) => rank.toggleAttribute("data-chosen", at === this.chosen));
  }

  // Returns whether the key meant something here.
  key(key) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step) {
      this.choose(this.chosen + step);
      return true;
    }
    if (key === "ArrowUp" || key === "ArrowDown") {
      this.nudge(key === "ArrowUp" ? -1 : 1);
      return true;
    }
    const rank = Number(key);
    if (!Number.isInteger(rank) || rank < 1 || rank > this.inputs.length) return false;
    this.set(this.chosen, rank);
    const open = this.inputs.findIndex((input) => input.value === "");
    this.choose(open >= 0 ? open : this.chosen);
    return true;
  }

  nudge(by) {
    const now = Number(this.inputs[this.chosen].value) || (by < 0 ? this.inputs.length + 1 : 0);
    this.set(this.chosen, Math.min(Math.max(now + by, 1), this.inputs.length));
  }

  set(at, rank) {
    this.inputs[at].value = String(rank);
    this.inputs[at].dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Drag a work between the others: the order from left to right becomes the ranks.
  drag(event) {
    const dragged = event.target.closest(".rank");
    if (!dragged || event.button !== 0) return;
    const start = event.clientX;
    let moved = false;
    const move = (step) => {
      if (!moved && Math.abs(step.clientX - start) < 6) return;
      moved = true;
      dragged.toggleAttribute("data-dragged", true);
      const after = this.ranks.find((rank) => {
        const box = rank.getBoundingClientRect();
        return rank !== dragged && step.clientX < box.left + box.width / 2;
      });
      this.insertBefore(dragged, after ?? null);
    };
    const drop = () => {
      document.removeEventListener("pointermove", move);
      dragged.toggleAttribute("data-dragged", false);
      if (!moved) return;
      this.ranks.forEach((_, at) => this.set(at, at + 1));
      this.choose(this.ranks.indexOf(dragged));
      dragged.addEventListener("click", (click) => click.preventDefault(), { once: true });
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop, { once: true });
    document.addEventListener("pointercancel", drop, { once: true });
  }
}

customElements.define("rank-list", RankList);
