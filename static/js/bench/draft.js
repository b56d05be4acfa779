// What has been entered and not sent: kept in the browser at once, and on the server within two seconds.

const SHELF = "salon-draft:";
const PAUSE = 1200; // ms of quiet before the server is told
const OWN = new Set(["csrfmiddlewaretoken", "key", "replaces", "dwell_ms", "seen", "kept"]);

export class Draft {
  constructor(form, send) {
    this.form = form;
    this.send = send;
    this.shelf = SHELF + form.dataset.assignment;
  }

  get said() {
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => !OWN.has(name)));
  }

  keep() {
    this.put({ said: this.said });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendNow(), PAUSE);
  }

  // What was seen of the works, for now in this browser alone.
  keepSeen() {
    this.put({ seen: this.form.elements.seen.value });
  }

  sendNow(options) {
    clearTimeout(this.timer);
    this.send(JSON.stringify({ ...this.said, seen: this.form.elements.seen.value }), options);
  }

  // What this browser has kept, if it is still about the same answer.
  get kept() {
    const kept = JSON.parse(localStorage.getItem(this.shelf) ?? "{}");
    return kept.replaces === this.form.elements.replaces.value ? kept : {};
  }

  put(part) {
    const { value: replaces } = this.form.elements.replaces;
    try {
      localStorage.setItem(this.shelf, JSON.stringify({ ...this.kept, ...part, replaces }));
    } catch {
      // A full or forbidden shelf: the server's copy has to do.
    }
  }

  // Put what was entered back into the form; returns whether there was anything.
  restore() {
    const { said } = this.kept;
    if (!said) return false;
    for (const input of this.form.elements) {
      if (!input.name || OWN.has(input.name)) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked = said[input.name] === input.value;
      else input.value = said[input.name] ?? "";
    }
    return true;
  }

  drop() {
    clearTimeout(this.timer);
    localStorage.removeItem(this.shelf);
  }
}
