// One video and its frames. Frames are counted from 0 at a constant rate; a seek goes to the middle of a frame.

const NEARLY = 1e-4; // s: how close a seek has to come

export class Reel {
  isSteered = false; // its speed is bent at present
  target = null; // the middle of the frame a seek is on its way to
  counted = null; // up to where playing has been counted
  presented = 0; // media time of the frame on the screen

  // `onChange(reel, event)` for every event of the video that may hold the others or let them go.
  constructor(video, facts, onChange) {
    this.video = video;
    this.broken = Boolean(video.error);
    this.duration = facts.duration;
    const [frames, seconds] = facts.rate.split("/").map(Number);
    this.rate = frames / (seconds || 1);
    this.frames = facts.frames ?? Math.max(1, Math.round(this.duration * this.rate));
    ["waiting", "canplay", "playing", "ended"].forEach((name) => video.addEventListener(name, () => onChange(this, name)));
    video.addEventListener("seeked", () => {
      this.reach();
      onChange(this, "seeked");
    });
    video.addEventListener("error", () => {
      this.broken = true;
      onChange(this, "error");
    });
    this.watchFrames();
  }

  watchFrames() {
    this.video.requestVideoFrameCallback?.((_, { mediaTime }) => {
      this.presented = mediaTime;
      this.watchFrames();
    });
  }

  // ── Frames ───────────────────────────────────────────────────────────────────────────────────────────────────

  clamp(frame) {
    return Math.min(Math.max(frame, 0), this.frames - 1);
  }

  frameAt(time) {
    return this.clamp(Math.floor(time * this.rate + 1e-6));
  }

  middleOf(frame) {
    return (this.clamp(frame) + 0.5) / this.rate;
  }

  // The frame the eye has just seen, which is a little behind the video's own time.
  get frame() {
    const now = this.video.currentTime;
    const seen = Math.abs(now - this.presented) < 0.25 ? Math.round(this.presented * this.rate) : this.frameAt(now);
    return this.clamp(seen);
  }

  // ── Seeking ──────────────────────────────────────────────────────────────────────────────────────────────────

  // Shows the frame at a time; past the end, the last one. While a seek is under way the newest wish waits for it.
  show(time) {
    const frame = this.frameAt(time);
    this.target = frame ? this.middleOf(frame) : 0;
    this.counted = null;
    if (!this.video.seeking) this.reach();
  }

  reach() {
    if (this.target === null || this.broken) return;
    if (Math.abs(this.video.currentTime - this.target) > NEARLY) this.video.currentTime = this.target;
    else this.target = null;
  }

  // ── Playing ──────────────────────────────────────────────────────────────────────────────────────────────────

  covers(time) {
    return !this.broken && time < this.duration - 1 / this.rate;
  }

  get isReady() {
    const { seeking, readyState, HAVE_FUTURE_DATA, HAVE_CURRENT_DATA, currentTime } = this.video;
    const enough = this.covers(currentTime) ? HAVE_FUTURE_DATA : HAVE_CURRENT_DATA;
    return this.broken || (!seeking && this.target === null && readyState >= enough);
  }

  get isOver() {
    return this.broken || this.video.ended;
  }

  // The stretch played since the last time of asking, or null.
  playedSince() {
    const { currentTime, paused, seeking, ended } = this.video;
    const before = this.counted;
    this.counted = seeking || (paused && !ended) ? null : currentTime;
    return before !== null && this.counted > before && this.counted - before < 1 ? [before, this.counted] : null;
  }
}
