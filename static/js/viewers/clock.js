// One clock for several videos. The one in focus leads, so that its sound is never bent; the others are steered to it
// by small changes of speed. Where one has to wait for data all are held, put in line, and started together: at a crawl
// until the last of them is on its way.

import { Reel } from "./reel.js";

const CLOSE = 0.002; // s apart that need no steering
const TRUE = 0.0005; // s apart at which steering ends
const FAR = 0.6; // s apart that only a new start puts right
const STEERING = 3; // change of speed for a second apart
const HARDEST = 0.5; // the largest change of speed
const CRAWL = 0.0625; // the slowest a browser plays

const clamp = (value, most) => Math.min(Math.max(value, -most), most);

export class Clock {
  wanted = false; // somebody wants it to play
  running = false; // and it does
  crawling = false; // for now at a crawl
  still = 0; // the time while it does not
  rate = 1;
  loop = null;
  lead = 0;

  // `onChange()` when it starts, stops or is held; `onTick()` while it runs; `onPlayed(index, start, end)`;
  // `onEnd()` and `onLap()` when all are over or the loop is.
  constructor(videos, facts, hooks) {
    Object.assign(this, hooks);
    this.reels = videos.map((video, at) => new Reel(video, facts[at], (reel, name) => this.onVideo(reel, name)));
    this.active = this.reels;
    this.beat = this.beat.bind(this);
  }

  get duration() {
    return Math.max(...this.reels.map((reel) => reel.duration));
  }

  // Where those who take part are over.
  get end() {
    return Math.max(...this.active.map((reel) => reel.duration));
  }

  // The one in focus; once that is over, or if it is broken, the longest that is not.
  get leader() {
    const chosen = this.reels[this.lead];
    if (this.active.includes(chosen) && !chosen.isOver) return chosen;
    const reach = (reel) => (reel.broken ? 0 : reel.duration);
    return this.active.reduce((one, other) => (reach(other) > reach(one) ? other : one));
  }

  get time() {
    return this.running ? Math.min(this.leader.video.currentTime, this.end) : this.still;
  }

  get frame() {
    const reel = this.reels[this.lead];
    return this.running && !reel.isOver ? reel.frame : reel.frameAt(this.time);
  }

  get isHeld() {
    return this.wanted && !this.running;
  }

  // ── What can be asked of it ──────────────────────────────────────────────────────────────────────────────────

  play() {
    if (this.wanted) return;
    const [start, end] = this.loop ?? [0, this.end];
    const last = 1 / this.leader.rate;
    if (this.still >= end - last || (this.loop && this.still < start)) this.seek(start);
    this.wanted = true;
    this.settle();
    this.onChange();
  }

  pause() {
    this.wanted = false;
    this.halt();
    this.onChange();
  }

  seek(time) {
    this.stop();
    this.still = this.leader.middleOf(this.leader.frameAt(time));
    this.line();
    this.settle();
    this.onTick();
  }

  // One frame on or back, of the video in focus.
  step(by) {
    this.wanted = false;
    this.halt();
    const { leader } = this;
    this.seek(leader.middleOf(leader.frameAt(this.still) + by));
    this.onChange();
  }

  setRate(rate) {
    this.rate = rate;
    if (!this.crawling) this.setSpeeds(rate);
    this.onChange();
  }

  setLoop(loop) {
    this.loop = loop;
  }

  // Who takes part; the others stand still.
  activate(indexes) {
    const { time } = this;
    this.stop();
    this.active = indexes.map((index) => this.reels[index]);
    this.seek(time);
  }

  // ── Held, put in line, started ───────────────────────────────────────────────────────────────────────────────

  onVideo(reel, name) {
    if (!this.active.includes(reel)) return;
    const lacking = reel.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (name === "waiting" && this.running && lacking && reel.covers(reel.video.currentTime)) this.halt();
    this.settle();
    if (name === "error" || this.isHeld) this.onChange();
  }

  settle() {
    if (!this.wanted || this.running || !this.active.every((reel) => reel.isReady)) return;
    this.running = true;
    this.start(this.active.filter((reel) => reel.covers(this.still)));
    this.onChange();
    requestAnimationFrame(this.beat);
  }

  async start(reels) {
    this.crawling = true;
    this.setSpeeds(CRAWL);
    reels.forEach((reel) => (reel.counted = reel.video.currentTime));
    const begun = await Promise.allSettled(reels.map(({ video }) => video.play()));
    const failures = begun.map(({ reason }) => reason?.name);
    if (failures.includes("NotAllowedError")) this.pause();
    if (!this.running || failures.includes("AbortError")) return; // stopped meanwhile
    this.crawling = false;
    this.setSpeeds(this.rate);
  }

  setSpeeds(speed) {
    this.reels.forEach(({ video }) => {
      video.playbackRate = speed;
    });
  }

  // Stop on the frame that is on the screen.
  halt() {
    if (!this.running) return;
    const { leader } = this;
    const frame = leader.isOver ? leader.frames : leader.frame;
    this.stop();
    this.still = leader.middleOf(frame);
    this.line();
  }

  stop() {
    if (this.running) this.count();
    this.running = false;
    this.crawling = false;
    this.reels.forEach(({ video }) => video.pause());
  }

  line() {
    this.active.forEach((reel) => reel.show(this.still));
  }

  // ── While it runs ────────────────────────────────────────────────────────────────────────────────────────────

  beat() {
    if (!this.running) return;
    this.count();
    const { time } = this;
    if (this.active.every((reel) => reel.isOver)) this.finish();
    else if (this.loop && time >= this.loop[1] - 0.012 * this.rate) this.onLap();
    else if (this.steer()) requestAnimationFrame(this.beat);
    this.onTick();
  }

  count() {
    this.active.forEach((reel) => {
      const stretch = reel.playedSince();
      if (stretch) this.onPlayed(this.reels.indexOf(reel), ...stretch);
    });
  }

  // Brings the others to the leader; false if one is so far off that all have to start anew.
  steer() {
    const { leader } = this;
    if (this.crawling || leader.isOver) return true;
    const now = leader.video.currentTime;
    const others = this.active.filter((reel) => reel !== leader && !reel.isOver && reel.covers(now));
    others.forEach((reel) => this.bend(reel, now - reel.video.currentTime));
    if (others.every((reel) => Math.abs(now - reel.video.currentTime) < FAR)) return true;
    this.halt();
    this.settle();
    return false;
  }

  bend(reel, behind) {
    reel.isSteered = Math.abs(behind) > (reel.isSteered ? TRUE : CLOSE);
    const speed = this.rate * (1 + (reel.isSteered ? clamp(behind * STEERING, HARDEST) : 0));
    if (reel.video.playbackRate !== speed) reel.video.playbackRate = speed;
  }

  finish() {
    this.running = false;
    this.wanted = false;
    this.still = this.leader.middleOf(this.leader.frames);
    this.onChange();
    this.onEnd();
  }
}
