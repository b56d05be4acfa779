// Answers on their way: kept in the browser until the server has acknowledged them, sent in order, one at a time.

const SHELF = "salon-outbox";
const LONGEST_WAIT = 15_000; // ms between tries

const load = () => {
  try {
    return JSON.parse(localStorage.getItem(SHELF) ?? "[]");
  } catch {
    return [];
  }
};

// Fields as a form sends them; a list is a field that is said several times.
export const encode = (fields) => {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) [values].flat().forEach((value) => body.append(name, value));
  return body;
};

export class Outbox {
  // `deliver(response)` is called with every final answer of the server; `onFailure(count, reason)` whenever
  // a try has failed, with the number of letters that are still here.
  constructor({ deliver, onFailure }) {
    this.deliver = deliver;
    this.onFailure = onFailure;
    this.letters = load();
    this.sending = null;
    this.wait = 1000;
  }

  get size() {
    return this.letters.length;
  }

  add(letter) {
    this.letters.push(letter);
    this.keep();
    return this.flush();
  }

  // Send what there is; resolves once all is sent or a try has failed.
  flush() {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async sendAll() {
    while (this.letters.length > 0) {
      const letter = this.letters[0];
      const reason = await this.send(letter);
      if (reason) {
        this.onFailure(this.size, reason);
        setTimeout(() => this.flush(), this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
        return;
      }
      this.wait = 1000;
    }
  }

  // One try. An empty reason means that the server has spoken its last word on the letter.
  async send(letter) {
    let response;
    try {
      response = await fetch(letter.url, {
        method: "POST",
        body: encode(letter.body),
        headers: { "X-Requested-With": "fetch" },
        redirect: "manual",
      });
    } catch {
      return "no connection";
    }
    if (response.status >= 500 || response.status === 429) return "the server is busy";
    if (response.status === 403 || response.status === 404) return "you are signed out";
    this.letters.shift();
    this.keep();
    await this.deliver(response);
    return "";
  }

  keep() {
    try {
      localStorage.setItem(SHELF, JSON.stringify(this.letters));
    } catch {
      // A full or forbidden shelf only means that a closed tab forgets; sending goes on.
    }
  }
}
