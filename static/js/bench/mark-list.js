// <mark-list>: reasons pinned to places in the works. Holds them, shows them as chips, and edits one at a time.

const KINDS = {
  point: "point",
  box: "box",
  brush: "brush",
  moment: "moment",
  span: "stretch",
  words: "words",
  spot: "spot",
};

const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

class MarkList extends HTMLElement {
  connectedCallback() {
    if (this.chips) return;
    this.field = this.querySelector("input[name=marks]");
    this.chips = this.querySelector("ol");
    this.bar = this.querySelector(".mark-bar");
    this.tags = JSON.parse(this.dataset.tags || "[]");
    this.claims = JSON.parse(this.dataset.claims || "[]");
    this.tool = 0;
    this.show();
  }

  get marks() {
    return JSON.parse(this.field.value || "[]");
  }

  // Store the marks, and tell the bench, which draws and keeps them.
  set marks(marks) {
    this.field.value = JSON.stringify(marks);
    this.show();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get viewer() {
    return this.closest("form").querySelector("[data-viewer]");
  }

  get letters() {
    return this.viewer.works.map((work) => work.dataset.letter);
  }

  // ── Placing ──────────────────────────────────────────────────────────────────────────────────────────────────

  start() {
    const tools = this.viewer.tools ?? [];
    if (!tools.length) return;
    this.picking = true;
    this.offer(tools);
    this.viewer.pick(tools[this.tool % tools.length]);
  }

  nextTool() {
    if (this.picking) this.viewer.unpick();
    this.tool = (this.tool + 1) % Math.max(1, this.viewer.tools?.length ?? 0);
    this.start();
  }

  useTool(at) {
    if (at !== this.tool % this.viewer.tools.length) this.viewer.unpick();
    this.tool = at;
    this.start();
  }

  offer(tools) {
    const chosen = this.tool % tools.length;
    const choices = tools.map((kind, at) =>
      make("button", {
        type: "button",
        className: "tool",
        textContent: KINDS[kind],
        ariaPressed: String(at === chosen),
        onclick: () => this.useTool(at),
      }),
    );
    this.bar.replaceChildren(make("span", { textContent: "Mark the place:" }), ...choices);
    if (tools.length > 1) this.bar.append(make("span", {}, make("kbd", { textContent: "n" })));
    this.bar.append(make("span", {}, make("kbd", { textContent: "Esc" })));
    this.bar.hidden = false;
  }

  stop() {
    if (!this.picking) return false;
    this.picking = false;
    this.viewer.unpick();
    this.bar.hidden = true;
    return true;
  }

  // A place was found: a mark for the favoured work, against the other.
  add({ position, kind, place }, { criterion, favoured }) {
    this.picking = false;
    this.bar.hidden = true;
    const sign = favoured < 0 || favoured === position ? 1 : -1;
    this.marks = [...this.marks, { criterion, position, kind, place, tag: "", sign, note: "", claim: "" }];
    this.edit(this.marks.length - 1);
  }

  // ── The chips, and the one being edited ──────────────────────────────────────────────────────────────────────

  show() {
    this.chips.replaceChildren(...this.marks.map((mark, at) => this.chip(mark, at)));
  }

  chip(mark, at) {
    const letter = this.letters[mark.position];
    const sign = mark.sign > 0 ? "for" : "against";
    const told = `${at + 1} ${letter} ${mark.sign > 0 ? "+" : "−"} ${mark.tag || KINDS[mark.kind]}`;
    return make(
      "li",
      { className: `mark-chip ${sign}` },
      make("button", {
        type: "button",
        textContent: told,
        ariaLabel: `Mark ${at + 1} on ${letter}, ${sign}: ${mark.tag || KINDS[mark.kind]}. Edit`,
        onclick: () => this.edit(at),
      }),
      make("button", {
        type: "button",
        textContent: "×",
        ariaLabel: `Remove mark ${at + 1}`,
        onclick: () => this.remove(at),
      }),
    );
  }

  remove(at) {
    this.closeEditor();
    this.marks = this.marks.filter((_, one) => one !== at);
  }

  change(at, part) {
    this.marks = this.marks.map((mark, one) => (one === at ? { ...mark, ...part } : mark));
  }

  edit(at) {
    this.closeEditor();
    const mark = this.marks[at];
    this.viewer.goTo?.(mark);
    this.editor = this.querySelector(".mark-editor");
    this.editor.replaceChildren(this.signSwitch(mark, at), this.tagChoice(mark, at), this.line(mark, at, "note", "In words"));
    if (this.claims.length) this.editor.append(this.line(mark, at, "claim", "Claim, such as shadow_falls(left)"));
    this.editor.append(make("button", { type: "button", className: "tool", textContent: "Done", onclick: () => this.closeEditor() }));
    this.editor.onkeydown = (event) => this.onEditorKey(event);
    this.editor.hidden = false;
    this.editor.querySelector("select").focus();
  }

  onEditorKey(event) {
    const done = event.key === "Escape" || (event.key === "Enter" && !event.target.matches("button"));
    if (!done || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.closeEditor();
  }

  closeEditor() {
    if (!this.editor) return false;
    const hadFocus = this.editor.contains(document.activeElement);
    this.editor.hidden = true;
    this.editor.replaceChildren();
    this.editor = null;
    if (hadFocus) this.closest("form").querySelector("h1").focus({ preventScroll: true });
    return true;
  }

  signSwitch(mark, at) {
    const told = (sign) => (sign > 0 ? "speaks for it" : "speaks against it");
    return make("button", {
      type: "button",
      className: "tool",
      textContent: told(mark.sign),
      onclick: (event) => {
        const sign = -this.marks[at].sign;
        event.target.textContent = told(sign);
        this.change(at, { sign });
      },
    });
  }

  tagChoice(mark, at) {
    const options = ["", ...this.tags].map((tag) =>
      make("option", { value: tag, textContent: tag || "What is it?", selected: tag === mark.tag }),
    );
    return make(
      "select",
      { ariaLabel: "What the mark is about", onchange: (event) => this.change(at, { tag: event.target.value }) },
      ...options,
    );
  }

  line(mark, at, name, label) {
    const input = make("input", {
      value: mark[name],
      placeholder: label,
      ariaLabel: label,
      maxLength: 400,
      autocomplete: "off",
      onchange: (event) => this.change(at, { [name]: event.target.value.trim() }),
    });
    return input;
  }
}

customElements.define("mark-list", MarkList);
