// The quiet row of controls above the works: each an icon or a short word, with its name and key as a tooltip.

export const KEY_NAMES = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

// `face` is an icon or a word; `act` is called with the click.
export const tool = ({ name, key, face, act }) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.title = key ? `${name} (${KEY_NAMES[key] ?? key})` : name;
  button.setAttribute("aria-label", name);
  button.append(face);
  // A press of the mouse leaves the focus where it is, so that Space stays the viewer's key.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", act);
  return button;
};

export const toolbar = (label, ...items) => {
  const bar = document.createElement("div");
  bar.className = "tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  bar.append(...items);
  return bar;
};

export const press = (button, on) => button.setAttribute("aria-pressed", String(Boolean(on)));

// A key that the focused control uses itself.
export const isForControl = (event) =>
  (event.key === " " || event.key === "Enter") && Boolean(event.target?.closest?.("button, a, summary, label, input"));
