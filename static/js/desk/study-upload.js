// <study-upload>: sends a folder, a zip or files in parts, each file with its progress; what was cut off goes on where it was.

const PART = 4 * 1024 * 1024; // bytes
const AT_ONCE = 3; // files
const TRIES = 6; // of one part, before the file is given up
const LISTED = 60; // files in the list at a time
const CLUTTER = new Set(["Thumbs.db", "desktop.ini"]);

const size = (bytes) => {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const isWanted = (path) => path.split("/").every((part) => !part.startsWith(".") && !CLUTTER.has(part));

// A line of the list: one file on its way.
const lineOf = (path) => {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = path;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", path);
  line.append(name, bar);
  return line;
};

class StudyUpload extends HTMLElement {
  connectedCallback() {
    this.token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    this.querySelector("[data-plain]").hidden = true;
    this.querySelector("[data-folder]").hidden = false;
    this.part("sending").addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) this.stop();
    });
    this.querySelectorAll("input[type=file]").forEach((input) => {
      const send = () => this.send([...input.files]);
      input.addEventListener("change", send);
      send(); // what was chosen before this was there
    });
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  async send(files) {
    const chosen = files
      .map((file) => ({ file, path: file.webkitRelativePath || file.name, sent: 0 }))
      .filter(({ path }) => isWanted(path));
    if (chosen.length === 0) return;
    this.stopped = new AbortController();
    this.failed = [];
    this.files = chosen;
    this.part("sending").hidden = false;
    this.holdBack(true);
    this.part("list").replaceChildren();
    this.say(`Sending ${chosen.length} files.`);
    this.here = await this.known();
    const queue = [...chosen];
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work(queue)));
    this.end();
  }

  // Which files are here already, and how much of each.
  async known() {
    const answer = await fetch(this.dataset.to).catch(() => null);
    return answer?.ok ? (await answer.json()).files : {};
  }

  async work(queue) {
    while (queue.length > 0 && !this.stopped.signal.aborted) {
      const one = queue.shift();
      const why = await this.sendFile(one);
      if (why && !this.stopped.signal.aborted) this.fail(one, why);
    }
  }

  // All parts of one file; a reason if it could not be sent.
  async sendFile(one) {
    if (this.isHere(one)) return "";
    let tries = 0;
    do {
      const told = await this.tell(one);
      if (told.why) return told.why;
      tries = told.again ? tries + 1 : 0;
      if (tries >= TRIES) return "The connection is gone. Choose the same files again to go on.";
      if (told.again) await wait(500 * 2 ** tries);
      else one.sent = told.received;
      this.show(one);
    } while (one.sent < one.file.size);
    return "";
  }

  // Whether all of this version of the file is here already; part of it may be.
  isHere(one) {
    const [bytes, received, modified] = this.here[one.path] ?? [];
    const known = bytes === one.file.size && modified === one.file.lastModified;
    if (known) one.sent = received;
    this.show(one);
    return known && received === bytes;
  }

  // One try of a part: how far the file is here, or that it should be tried again, or why it cannot be.
  async tell(one) {
    const answer = await this.sendPart(one).catch(() => null);
    if (this.stopped.signal.aborted) return { why: "stopped" };
    if (!answer || answer.status >= 500) return { again: true };
    const told = await answer.json().catch(() => ({}));
    if (told.received !== undefined) return told;
    return { why: told.why ?? "You are signed out, or this was called off." };
  }

  sendPart({ file, path, sent }) {
    return fetch(this.dataset.to, {
      method: "POST",
      body: file.slice(sent, sent + PART),
      signal: this.stopped.signal,
      headers: {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": this.token,
        "Upload-Path": encodeURIComponent(path),
        "Upload-Bytes": String(file.size),
        "Upload-Modified": String(file.lastModified),
        "Upload-Offset": String(sent),
      },
    });
  }

  show(one) {
    const { file, path, sent } = one;
    if (!one.line) {
      one.line = lineOf(path);
      this.part("list").prepend(one.line);
      if (this.part("list").children.length > LISTED) this.part("list").lastElementChild.remove();
    }
    one.line.querySelector("progress").value = file.size ? sent / file.size : 1;
    const done = this.files.reduce((sum, each) => sum + each.sent, 0);
    const all = this.files.reduce((sum, each) => sum + each.file.size, 0);
    const whole = this.files.filter((each) => each.line && each.sent >= each.file.size).length;
    this.part("all").value = all ? done / all : 1;
    this.part("sum").textContent = `${whole} of ${this.files.length} files, ${size(done)} of ${size(all)}`;
  }

  fail(one, why) {
    this.failed.push(one);
    const told = document.createElement("span");
    told.className = "fault";
    told.textContent = why;
    this.show(one);
    one.line.querySelector("progress").replaceWith(told);
    if (!one.line.isConnected) this.part("list").prepend(one.line);
  }

  // What comes next has to wait for the files.
  holdBack(waits) {
    const next = this.closest("section").nextElementSibling;
    if (next) next.hidden = waits;
  }

  stop() {
    this.stopped.abort();
    this.say("Stopped. What was sent is kept; choose the same files again to go on.");
  }

  end() {
    if (this.failed.length === 0) {
      this.say("All files are here.");
      location.assign(location.pathname);
      return;
    }
    this.holdBack(false);
    this.say(`${this.failed.length} of ${this.files.length} files could not be sent.`);
    this.part("sum").textContent = `${this.failed.length} of ${this.files.length} files could not be sent`;
  }

  say(text) {
    this.part("says").textContent = text;
  }
}

customElements.define("study-upload", StudyUpload);
