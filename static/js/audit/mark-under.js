// Which mark lies under the pointer: its badge, its shape, its place on the timeline, or its words.

const holds = ({ left, right, top, bottom }, { clientX: x, clientY: y }) =>
  left <= x && x <= right && top <= y && y <= bottom;

// Shapes and badges of a work come in one order.
const badgeOf = (shape) => {
  const overlay = shape.closest(".overlay");
  const at = [...overlay.querySelectorAll(".mark")].indexOf(shape);
  return overlay.querySelectorAll(".badge")[at];
};

const numberOf = (element) => Number.parseInt(element.textContent, 10);

const wordsUnder = (event, viewer, marks) =>
  marks.find((mark) => {
    const inSheet = event.target.closest(".work")?.dataset.position === String(mark.position);
    return inSheet && [...viewer.rangeOf(mark).getClientRects()].some((box) => holds(box, event));
  });

export const markUnder = (event, viewer, marks) => {
  const shape = event.target.closest(".mark");
  const badge = shape ? badgeOf(shape) : event.target.closest(".badge, .timeline-mark");
  if (badge) return marks.find(({ number }) => number === numberOf(badge));
  return viewer.rangeOf ? wordsUnder(event, viewer, marks) : undefined;
};
