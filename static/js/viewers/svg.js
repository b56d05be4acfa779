// SVG made element by element: the pages' security policy has no room for markup with styles in it.
const NAMESPACE = "http://www.w3.org/2000/svg";

export const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// Lines on a field of 20 × 20, in the colour of the text around them; `solid` is filled.
export const icon = (lines, solid = "") =>
  svg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" },
    svg("path", { d: lines }),
    svg("path", { d: solid, class: "solid" }),
  );
