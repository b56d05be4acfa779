// The transport of sound: what a clock is to videos. The audio context comes with the first wish to play, as browsers
// want a press of the user's before they let anything sound.
import { Mixer } from "./mixer.js";

const RATE = 48_000;
const LAST = 0.02; // s before the end at which playing starts over

// Without a context that could sound: decoding is allowed before anybody has pressed anything.
export const decode = (bytes) => new OfflineAudioContext(2, 1, RATE).decodeAudioData(bytes);

export const silence = () => new AudioBuffer({ length: 1, sampleRate: RATE });

export class Player {
  wanted = false;
  still = 0;
  loop = null;
  rate = 1;
  heard = 0;
  gain = 1;
  buffers = null;
  mixer = null;
  counted = null;

  // `onChange()` when it starts or stops; `onTick()` while it runs; `onPlayed(index, start, end)` of what was heard.
  constructor(duration, hooks) {
    Object.assign(this, { duration, ...hooks });
    this.beat = this.beat.bind(this);
  }

  get running() {
    return this.wanted && Boolean(this.mixer?.rounds.length);
  }

  get time() {
    return this.running ? Math.min(this.mixer.position, this.duration) : this.still;
  }

  load(buffers) {
    this.buffers = buffers;
    if (this.wanted) this.begin();
    this.onChange();
  }

  play() {
    if (this.wanted) return;
    if (this.still > this.duration - LAST) this.still = this.loop?.[0] ?? 0;
    this.wanted = true;
    if (this.buffers) this.begin();
    this.onChange();
  }

  begin() {
    this.mixer ??= this.open();
    this.mixer.context.resume();
    const isBeyond = this.loop && this.still >= this.loop[1];
    this.mixer.start(isBeyond ? this.loop[0] : this.still, this.loop);
    this.counted = null;
    requestAnimationFrame(this.beat);
  }

  open() {
    const mixer = new Mixer(new AudioContext({ sampleRate: RATE, latencyHint: "interactive" }), this.buffers);
    mixer.setLevel(this.gain);
    mixer.hear(this.heard);
    return mixer;
  }

  pause() {
    this.still = this.time;
    this.count();
    this.wanted = false;
    this.mixer?.stop();
    this.onChange();
  }

  seek(time) {
    this.count();
    this.still = time;
    this.counted = null;
    if (this.running) this.mixer.start(time, this.loop);
    this.onTick();
  }

  setLoop(loop) {
    this.count();
    this.counted = null;
    this.loop = loop;
    if (this.running) this.mixer.setLoop(loop);
  }

  hear(index) {
    this.count();
    this.heard = index;
    this.mixer?.hear(index);
  }

  setGain(gain) {
    this.gain = gain;
    this.mixer?.setLevel(gain);
  }

  // Gives the loudspeaker back.
  close() {
    this.pause();
    this.mixer?.context.close();
    this.mixer = null;
  }

  // ── While it runs ────────────────────────────────────────────────────────────────────────────────────────────

  beat() {
    if (!this.running) return;
    this.mixer.carryOn();
    this.count();
    if (this.time >= this.duration) this.finish();
    else requestAnimationFrame(this.beat);
    this.onTick();
  }

  // What was heard since the last time of asking; a step back is a loop's.
  count() {
    if (!this.running) return;
    const { time, counted } = this;
    this.counted = time;
    if (counted !== null && time > counted) this.onPlayed(this.heard, counted, time);
    else if (counted !== null && this.loop && time < counted) this.onPlayed(this.heard, counted, this.loop[1]);
  }

  finish() {
    this.still = this.duration;
    this.wanted = false;
    this.mixer.stop();
    this.onChange();
  }
}
