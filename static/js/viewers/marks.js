// How marks look: a shape in SVG over the work, and a badge with the mark's number and tag.
import { svg } from "./svg.js";

const REACH = 7; // px, radius of a point on the screen
const BADGE = 24; // px, height of a badge
const SIDES = { 1: "for", [-1]: "against" };

export const sideOf = ({ sign, behind }) => [SIDES[Math.sign(sign)] ?? "", behind ? "behind" : ""].join(" ").trim();

// At a mark's corner, or at the surface's edge if only the rest of it is in sight.
export const layBadge = (label, { at, far }, { clientWidth: width, clientHeight: height }) => {
  label.hidden = far.x < 0 || far.y < 0 || at.x > width || at.y > height;
  label.style.left = `${Math.max(at.x, 1)}px`;
  label.style.top = `${Math.max(at.y, BADGE)}px`;
};

export const badge = (mark) => {
  const label = document.createElement("span");
  label.className = `badge ${sideOf(mark)}`;
  label.append(Object.assign(document.createElement("b"), { textContent: mark.number ?? "" }));
  if (mark.tag) label.append(mark.tag);
  return label;
};

// Around whole pixels: from the corner of the first to the far corner of the last.
const corners = ({ x, y, width, height }) => [{ x, y }, { x: x + width, y: y + height }];

const middle = ([x, y]) => ({ x: x + 0.5, y: y + 0.5 });

const pathOf = (points) => points.map(({ x, y }, at) => `${at ? "L" : "M"}${x} ${y}`).join("");

const extentOf = (points, margin = 0) => {
  const [across, down] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return {
    at: { x: Math.min(...across) - margin, y: Math.min(...down) - margin },
    far: { x: Math.max(...across) + margin, y: Math.max(...down) + margin },
  };
};

const SHAPES = {
  point({ x, y }, toScreen) {
    const { x: cx, y: cy } = toScreen(middle([x, y]));
    const parts = [svg("circle", { cx, cy, r: REACH }), svg("circle", { cx, cy, r: 1.5, class: "solid" })];
    return { at: { x: cx - REACH, y: cy - REACH }, far: { x: cx + REACH, y: cy + REACH }, parts };
  },

  box(place, toScreen) {
    const [at, far] = corners(place).map(toScreen);
    return { at, far, parts: [svg("rect", { x: at.x, y: at.y, width: far.x - at.x, height: far.y - at.y })] };
  },

  brush({ size, strokes }, toScreen) {
    const width = toScreen({ x: size, y: 0 }).x - toScreen({ x: 0, y: 0 }).x;
    const lines = strokes.map((stroke) => stroke.map((point) => toScreen(middle(point))));
    // A stroke of one point needs a line of no length to show its round caps.
    const parts = lines.map((line) => svg("path", { d: `${pathOf(line)}l0 0`, "stroke-width": width, class: "paint" }));
    return { ...extentOf(lines.flat(), width / 2), parts };
  },
};

// The shape of a place on a surface, and the corners of what it takes there.
export const shapeOf = (kind, place, toScreen, side = "") => {
  const { parts, at, far } = SHAPES[kind](place, toScreen);
  return { at, far, shape: svg("g", { class: `mark ${kind} ${side}` }, ...parts) };
};

// The middle of a place, in pixels of the original.
export const centreOf = (kind, place) => {
  if (kind === "point") return middle([place.x, place.y]);
  const { at, far } = extentOf(kind === "box" ? corners(place) : place.strokes.flat().map(middle));
  return { x: (at.x + far.x) / 2, y: (at.y + far.y) / 2 };
};
