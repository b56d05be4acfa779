// The works take turns in one place: two as long as a key is held, more of them one after the other.

const TURN = 600; // ms

export class Flicker {
  isOn = false;

  constructor(panes, onTurn) {
    Object.assign(this, { panes, onTurn });
  }

  start() {
    if (this.isOn || this.panes.length < 2) return;
    this.isOn = true;
    this.turn(1);
    if (this.panes.length > 2) this.timer = setInterval(() => this.turn(this.face + 1), TURN);
  }

  stop() {
    if (!this.isOn) return;
    clearInterval(this.timer);
    this.isOn = false;
    this.turn(0);
  }

  turn(face) {
    this.face = face % this.panes.length;
    this.panes[0].look([this.panes[this.face]]);
    this.onTurn();
  }
}
