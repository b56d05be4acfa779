// The signs on the controls of pictures and models.
import { icon } from "./svg.js";

const PATHS = {
  fit: ["M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"],
  out: ["M4 10h12"],
  in: ["M10 4v12M4 10h12"],
  turns: ["M3 3h10v10H3zM7 13v4h10V7h-4"],
  wipe: ["M3 4h14v12H3zM10 2v16", "M3 4h7v12H3z"],
  loupe: ["M13.5 8.5a5 5 0 1 1-10 0 5 5 0 0 1 10 0zM12.2 12.2 17 17"],
  round: ["M4 10a6 6 0 1 0 2-4.5L4 7.2M4 3.5v3.7h3.7"],
  surround: ["M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z", "M10 3a7 7 0 0 0 0 14z"],
};

// A sign, or the word itself where there is none.
export const faceOf = (name) => (name in PATHS ? icon(...PATHS[name]) : name);
