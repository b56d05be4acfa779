// What is seen and heard of the works goes with the draft, so that a page loaded again, another device and an undo go
// on from it: kept here every second; told to the server once all was seen, now and then, and when the page is left.

const LOOK = 1_000; // ms
const TELL = 20_000; // ms between two tellings of what has grown

const read = (text) => {
  try {
    const seen = JSON.parse(text || "[]");
    return Array.isArray(seen) ? seen.map((one) => one ?? {}) : [];
  } catch {
    return [];
  }
};

// All but how long the works were on the screen, which grows by itself.
const lookOf = (seen) => JSON.stringify(seen.map((one) => ({ ...one, dwell_ms: 0 })));

export class Exposure {
  constructor(form, draft) {
    this.field = form.elements.seen;
    this.draft = draft;
  }

  // Go on from what was seen before, as the server and this browser know of it.
  begin(viewer) {
    this.viewer = viewer;
    for (const seen of [this.field.value, this.draft.kept.seen].map(read))
      if (seen.length === viewer.works.length) viewer.recall(seen);
    this.note();
    this.settle();
    this.timer = setInterval(() => this.look(), LOOK);
    this.events = new AbortController();
    const { signal } = this.events;
    document.addEventListener("visibilitychange", () => document.hidden && this.tell({ keepalive: true }), { signal });
    window.addEventListener("pagehide", () => this.tell({ keepalive: true }), { signal });
  }

  end() {
    this.note();
    this.viewer = null;
    clearInterval(this.timer);
    this.events?.abort();
  }

  // Write down what was seen until now.
  note() {
    if (!this.viewer) return;
    this.field.value = JSON.stringify(this.viewer.seen());
    this.draft.keepSeen();
  }

  look() {
    this.note();
    const isWhole = this.told.missing && !this.viewer.missing();
    if (isWhole || performance.now() - this.told.at >= TELL) this.tell();
  }

  tell(options) {
    const before = this.told.look;
    this.note();
    this.settle();
    if (this.told.look !== before) this.draft.sendNow(options);
  }

  settle() {
    const { viewer } = this;
    this.told = { at: performance.now(), look: lookOf(viewer.seen()), missing: viewer.missing() };
  }
}
