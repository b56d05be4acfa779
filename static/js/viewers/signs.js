// The signs on the controls of video and sound, and how a button changes its sign, its name and its key.
import { KEY_NAMES, press } from "./controls.js";
import { icon } from "./svg.js";

const SPEAKER = "M3 8v4h3l4 3.5v-11L6 8z";

export const SIGNS = {
  play: ["", "M6 4v12l10.5-6z"],
  pause: ["", "M5.5 4.5h3v11h-3zM11.5 4.5h3v11h-3z"],
  back: ["M13 5l-6 5 6 5M4.5 5v10"],
  forward: ["M7 5l6 5-6 5M15.5 5v10"],
  loop: ["M4 9V7.5a2 2 0 0 1 2-2h9.5M13 3l2.5 2.5L13 8M16 11v1.5a2 2 0 0 1-2 2H4.5M7 12l-2.5 2.5L7 17"],
  side: ["M2.5 5.5h6.5v9H2.5zM11 5.5h6.5v9H11z"],
  wipe: ["M2.5 5.5h15v9h-15zM10 3v14"],
  turns: ["M2.5 5.5h11v9h-11zM15.5 7.5h2v5h-2"],
  sounding: [`${SPEAKER}M12.5 7.5a3.5 3.5 0 0 1 0 5M14.5 5a7 7 0 0 1 0 10`, SPEAKER],
  silent: [`${SPEAKER}M13 8l4 4M17 8l-4 4`],
  level: ["M3 14h14M6 11v6M13 3v6M3 6h14"],
  locked: ["M5 9.5h10v7H5zM7 9.5v-2.5a3 3 0 0 1 6 0v2.5"],
};

export const sign = (name) => icon(...SIGNS[name]);

// `label` says what a press does; `words`, if any, are shown instead of the sign.
export const dress = (button, { label, key, name = "", words = "", pressed }) => {
  if (pressed !== undefined) press(button, pressed);
  const look = [label, key, name, words].join();
  if (button.dataset.look === look) return;
  button.dataset.look = look;
  button.title = key ? `${label} (${KEY_NAMES[key] ?? key})` : label;
  button.setAttribute("aria-label", words ? `${label}, now ${words}` : label);
  button.replaceChildren(words || sign(name));
};
