// The graph that plays several recordings in lockstep and lets one of them be heard:
// source → envelope (soft starts and stops) → channel (which work is heard) → level → loudspeaker.

const SWITCH = 0.008; // s from one work to another
const EDGE = 0.005; // s for a start or a stop, so that it does not click
const AHEAD = 0.01; // s between the wish and the sound
const COMING = 0.25; // s before the end of a loop at which its next round is laid out
const POINTS = 33;

// Equal power: the squares of the two curves add up to one.
const curve = (shape) => Float32Array.from({ length: POINTS }, (_, at) => shape((at / (POINTS - 1)) * (Math.PI / 2)));
const RISE = curve(Math.sin);
const FALL = curve((angle) => (angle < Math.PI / 2 ? Math.cos(angle) : 0));

// All recordings from one place to another, begun at one moment of the context's clock.
class Round {
  constructor(mixer, { at, from, to }) {
    Object.assign(this, { at, from, to });
    this.until = at + to - from;
    this.voices = mixer.buffers.map((buffer, index) => this.voice(mixer.context, buffer, mixer.channels[index]));
  }

  voice(context, buffer, channel) {
    const source = new AudioBufferSourceNode(context, { buffer });
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, this.at);
    envelope.gain.linearRampToValueAtTime(1, this.at + EDGE);
    source.connect(envelope).connect(channel);
    source.start(this.at, this.from);
    return { source, envelope };
  }

  positionAt(moment) {
    return Math.min(Math.max(this.from + moment - this.at, this.from), this.to);
  }

  // Fades out from a moment on, at the earliest when it has faded in.
  stop(moment) {
    const from = Math.max(moment, this.at + EDGE);
    this.voices.forEach(({ source, envelope }) => {
      envelope.gain.setValueAtTime(1, from);
      envelope.gain.linearRampToValueAtTime(0, from + EDGE);
      source.stop(from + EDGE);
    });
  }
}

export class Mixer {
  heard = 0;
  rounds = []; // what plays, and what is laid out to follow it
  settled = 0; // when the last switch is done

  constructor(context, buffers) {
    Object.assign(this, { context, buffers });
    this.level = new GainNode(context);
    this.level.connect(context.destination);
    this.channels = buffers.map((_, index) => new GainNode(context, { gain: index === this.heard ? 1 : 0 }));
    this.channels.forEach((channel) => channel.connect(this.level));
  }

  get duration() {
    return Math.max(...this.buffers.map((buffer) => buffer.duration));
  }

  // Where the ear is: what was sent to the loudspeaker a latency ago.
  get position() {
    return this.positionAt(this.context.currentTime - (this.context.outputLatency || 0));
  }

  positionAt(moment) {
    const round = this.rounds.findLast(({ at }) => at <= moment) ?? this.rounds[0];
    return round?.positionAt(moment) ?? 0;
  }

  // When the next round can begin.
  get soonest() {
    const last = this.rounds.at(-1);
    return Math.max(this.context.currentTime + AHEAD, last ? last.at + EDGE : 0);
  }

  // Plays from a place, around a loop if there is one; what plays already gives way without a gap.
  start(from, loop = null) {
    const at = this.soonest;
    this.stop(at);
    this.loop = loop;
    const isWithin = loop && from < loop[1];
    this.rounds = [new Round(this, { at, from, to: isWithin ? loop[1] : this.duration })];
  }

  // Goes on from where it is, if that is within the loop.
  setLoop(loop) {
    const here = this.positionAt(this.soonest);
    const isOutside = loop && (here < loop[0] || here >= loop[1]);
    this.start(isOutside ? loop[0] : here, loop);
  }

  stop(moment = this.context.currentTime) {
    this.rounds.forEach((round) => round.stop(moment));
    this.rounds = [];
  }

  // Called now and then: lays out the next round of the loop before this one is over.
  carryOn() {
    const [round] = this.rounds;
    const now = this.context.currentTime;
    if (this.rounds.length > 1 && this.rounds[1].at < now - COMING) this.rounds.shift();
    if (!this.loop || this.rounds.length !== 1 || round.to !== this.loop[1] || round.until - now > COMING) return;
    const at = Math.max(round.until, now);
    round.stop(at);
    this.rounds.push(new Round(this, { at, from: this.loop[0], to: this.loop[1] }));
  }

  hear(index) {
    if (index === this.heard) return;
    const at = Math.max(this.context.currentTime, this.settled);
    this.channels[this.heard].gain.setValueCurveAtTime(FALL, at, SWITCH);
    this.channels[index].gain.setValueCurveAtTime(RISE, at, SWITCH);
    this.settled = at + SWITCH + 0.001;
    this.heard = index;
  }

  setLevel(gain) {
    this.level.gain.setTargetAtTime(gain, this.context.currentTime, EDGE);
  }
}
