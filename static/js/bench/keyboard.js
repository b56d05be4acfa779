// Which key means what on the bench. A rater may move the letters; digits, arrows and Ctrl Enter stay.

const LETTERS = {
  x: "fail",
  g: "excel",
  u: "undo",
  r: "writeReason",
  m: "mark",
  n: "nextTool",
  f: "askFlag",
  "?": "help",
};

const ACTS = {
  fail: ({ task }) => task.toggleVerdict("none"),
  excel: ({ task }) => task.toggleVerdict("all"),
  undo: (bench) => bench.undo(),
  writeReason: ({ task }) => writeOn(task.reason),
  mark: ({ task }) => task.marks?.start(),
  nextTool: ({ task }) => task.marks?.nextTool(),
  askFlag: ({ dialogs }) => dialogs.askFlag(),
  help: ({ dialogs }) => dialogs.help(),
};

// Go on behind what is there: a page leaves the cursor before it.
const writeOn = (field) => {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
};

const WRITES = "textarea, select, input:not([type=radio], [type=checkbox], [type=number], [type=range])";

const isTyping = (target) => Boolean(target.matches?.(WRITES));

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);

// Keys that move a slider belong to it, as Space and Enter belong to a button.
const isTheControls = ({ target, key }) =>
  (target.matches?.("[type=range]") && /^(Arrow|Home|End|Page)/.test(key)) ||
  (target.matches?.("button, a, summary") && (key === " " || key === "Enter"));

export class Keyboard {
  // `moved` are the rater's own letters: {"u": "z"} for "undo is z".
  constructor(bench, moved) {
    this.bench = bench;
    this.acts = Object.fromEntries(Object.entries(LETTERS).map(([letter, act]) => [moved[letter] ?? letter, act]));
  }

  down(event) {
    if (this.bench.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (this.means(event)) event.preventDefault();
  }

  means(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.send();
    if (isTyping(event.target)) return event.key === "Escape" && this.leave(event.target);
    return isPlain(event) && !isTheControls(event) && this.plain(event);
  }

  send() {
    this.bench.submit();
    return true;
  }

  leave(target) {
    target.blur();
    return true;
  }

  // While a mark is placed its viewer comes first; else the bench's own keys, and then those of the medium.
  plain(event) {
    const { task } = this.bench;
    const { viewer, marks } = task;
    if (event.key === "Escape") return task.escape();
    if (marks?.picking && viewer.key(event)) return true;
    const own = !event.repeat && (this.digit(event) || this.letter(event.key));
    return own || Boolean(viewer?.key(event));
  }

  digit({ key, target }) {
    const ranked = this.bench.task.criteria.active.querySelector("rank-list");
    if (key === "0" || (!ranked && /^[1-9]$/.test(key))) return this.bench.choose(key);
    return Boolean(ranked) && target.type !== "radio" && this.bench.rank(key);
  }

  letter(key) {
    const act = this.bench.hasAttribute("data-letter-keys") && this.acts[key];
    if (!act) return false;
    ACTS[act](this.bench);
    return true;
  }
}
