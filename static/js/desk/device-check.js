// <device-check>: what this screen shows and these ears hear, measured with the rater's help and kept with the judgements.

const STEPS = 12; // patches in each row; the nth differs from its ground by n levels of 255
const TONE = 440; // Hz
const LENGTH = 0.8; // s

const paint = (canvas, ground) => {
  const context = canvas.getContext("2d");
  const side = canvas.width / STEPS;
  context.fillStyle = `rgb(${ground} ${ground} ${ground})`;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let step = 0; step < STEPS; step += 1) {
    const level = ground < 128 ? ground + step + 1 : ground - step - 1;
    context.fillStyle = `rgb(${level} ${level} ${level})`;
    context.fillRect(step * side + side / 4, canvas.height / 4, side / 2, canvas.height / 2);
  }
};

class DeviceCheck extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll("canvas").forEach((canvas) => paint(canvas, Number(canvas.dataset.ground)));
    this.addEventListener("click", (event) => {
      const ear = event.target.closest("[data-ear]")?.dataset.ear;
      if (ear) this.play(Number(ear));
    });
    this.querySelector("form").addEventListener("submit", () => this.measure());
  }

  play(pan) {
    this.sound ??= new AudioContext();
    const tone = new OscillatorNode(this.sound, { frequency: TONE });
    const level = new GainNode(this.sound, { gain: 0 });
    const now = this.sound.currentTime;
    level.gain.linearRampToValueAtTime(0.2, now + 0.05);
    level.gain.setValueAtTime(0.2, now + LENGTH - 0.1);
    level.gain.linearRampToValueAtTime(0, now + LENGTH);
    tone.connect(level).connect(new StereoPannerNode(this.sound, { pan })).connect(this.sound.destination);
    tone.start();
    tone.stop(now + LENGTH);
  }

  measure() {
    const gamut = ["rec2020", "p3", "srgb"].find((name) => matchMedia(`(color-gamut: ${name})`).matches) ?? "unknown";
    const answers = Object.fromEntries(new FormData(this.querySelector("form")));
    this.querySelector("[name=found]").value = JSON.stringify({
      screen: [screen.width, screen.height],
      window: [innerWidth, innerHeight],
      pixel_ratio: devicePixelRatio,
      depth: screen.colorDepth,
      gamut,
      touch: matchMedia("(pointer: coarse)").matches,
      dark_steps: Number(answers.dark_steps),
      light_steps: Number(answers.light_steps),
      sound: answers.sound,
      left_heard: answers.left_heard ?? "",
      right_heard: answers.right_heard ?? "",
    });
  }
}

customElements.define("device-check", DeviceCheck);
