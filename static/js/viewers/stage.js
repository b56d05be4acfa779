// The one WebGL canvas of a page: all models are drawn on it, each into its own part, under one light.
import {
  BackSide,
  BoxGeometry,
  DoubleSide,
  FrontSide,
  Mesh,
  MeshBasicMaterial,
  MeshNormalMaterial,
  MeshStandardMaterial,
  NeutralToneMapping,
  NoToneMapping,
  PerspectiveCamera,
  PMREMGenerator,
  Scene,
  SphereGeometry,
  WebGLRenderer,
} from "three";

const FIELD_OF_VIEW = 30; // degrees: near to how a small object is looked at
const DENSEST = 2; // screen pixels per CSS pixel; more cannot be told apart on a model
// A cube map has seams along the axes' diagonals, where many a model has whole faces: it is turned out of their way.
const ASKEW = [0.17, 0.31, 0.07];
const SOFT = 0.03; // radians that the studio's edges are blurred

// A photographer's studio: grey walls, a large light above and to the left, a broad weak one on the right, a strip
// behind. How bright, where, how large.
const LIGHTS = [
  [18, [-8, 7, 3], [3.5, 3.5, 4]],
  [1.1, [9, 1, 4], [0.5, 7, 7]],
  [12, [3, 5, -8], [5, 3, 0.5]],
];
const WALLS = 0.22;
const FLOOR = [0.35, [0, -8, 0], [16, 0.5, 16]];

const glow = (brightness, side = FrontSide) => {
  const material = new MeshBasicMaterial({ side });
  material.color.setScalar(brightness);
  return material;
};

const studio = () => {
  const scene = new Scene();
  const box = new BoxGeometry();
  scene.add(new Mesh(new SphereGeometry(20), glow(WALLS, BackSide)));
  for (const [brightness, position, size] of [...LIGHTS, FLOOR]) {
    const panel = new Mesh(box, glow(brightness));
    panel.position.set(...position);
    panel.scale.set(...size);
    scene.add(panel);
  }
  return scene;
};

// How the models are drawn: passes over the scene, each with a material for everything, or null for its own.
const PASSES = {
  shaded: () => [null],
  clay: () => [new MeshStandardMaterial({ color: 0xb4b1ac, roughness: 0.85, side: DoubleSide })],
  // What lies behind a surface is hidden: first the surfaces, without colour, then the lines.
  wire: () => [
    new MeshBasicMaterial({ colorWrite: false, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 }),
    new MeshBasicMaterial({ color: 0xffffff, wireframe: true }),
  ],
  normals: () => [new MeshNormalMaterial({ side: DoubleSide })],
};

export const MODES = Object.keys(PASSES);

export class Stage {
  camera = new PerspectiveCamera(FIELD_OF_VIEW);
  onLost = () => {};
  onRestored = () => {};

  // Throws where the browser has no WebGL.
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    const context = this.canvas.getContext("webgl2", { antialias: true, alpha: true });
    if (!context) throw new Error("WebGL is switched off or missing.");
    this.renderer = new WebGLRenderer({ canvas: this.canvas, context });
    this.renderer.autoClear = false;
    this.renderer.setScissorTest(true);
    this.passes = Object.fromEntries(MODES.map((mode) => [mode, PASSES[mode]()]));
    this.light();
    this.canvas.addEventListener("webglcontextlost", () => this.onLost());
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.light();
      this.onRestored();
    });
  }

  light() {
    const generator = new PMREMGenerator(this.renderer);
    this.environment = generator.fromScene(studio(), SOFT).texture;
    generator.dispose();
  }

  get isLost() {
    return this.renderer.getContext().isContextLost();
  }

  fill(element) {
    const { clientWidth, clientHeight } = element;
    const density = Math.min(window.devicePixelRatio, DENSEST);
    if (this.renderer.getPixelRatio() !== density) this.renderer.setPixelRatio(density);
    this.renderer.setSize(clientWidth, clientHeight);
  }

  // Draw the scene into the part of the canvas that lies behind the frame.
  draw(scene, frame, orbit, mode) {
    const { renderer, camera, canvas } = this;
    const [whole, part] = [canvas.getBoundingClientRect(), frame.getBoundingClientRect()];
    const area = [part.left - whole.left, whole.bottom - part.bottom, part.width, part.height];
    renderer.setViewport(...area);
    renderer.setScissor(...area);
    renderer.clear();
    orbit.place(camera, part.width / part.height);
    renderer.toneMapping = mode === "normals" || mode === "wire" ? NoToneMapping : NeutralToneMapping;
    scene.environment = this.environment;
    scene.environmentRotation.set(...ASKEW);
    for (const material of this.passes[mode]) {
      scene.overrideMaterial = material;
      renderer.render(scene, camera);
    }
    scene.overrideMaterial = null;
  }
}

let stage = null;

// Made when the first model is shown, and used for all after it: contexts are few, and each is slow to make.
export const theStage = () => {
  if (!stage || stage.isLost) stage = new Stage();
  return stage;
};
