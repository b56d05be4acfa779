// Drags, pinches, the wheel and double presses on an element, as four calls; all points in CSS pixels of the element.
const LINE = 16; // px that one line of a wheel counts
const WHEEL = 0.002;
const WHEEL_PINCH = 0.01; // a pinch on a touchpad arrives as a wheel with Ctrl, in small steps

const middleOf = (points) => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

const spreadOf = ([one, other]) => (other ? Math.hypot(one.x - other.x, one.y - other.y) : 1);

// move(shift, point, event, fingers) · scale(factor, point, event) · double(point) · start(event)
export const gestures = (element, { move, scale, double = () => {}, start = () => {} }) => {
  const held = new Map();
  const pointOf = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const onMove = (event) => {
    if (!held.has(event.pointerId)) return;
    const before = [...held.values()];
    held.set(event.pointerId, pointOf(event));
    const now = [...held.values()];
    const [from, to] = [middleOf(before), middleOf(now)];
    if (now.length === 2) scale(spreadOf(now) / spreadOf(before), to, event);
    move({ x: to.x - from.x, y: to.y - from.y }, to, event, now.length);
  };

  const onWheel = (event) => {
    event.preventDefault();
    const lines = event.deltaY * (event.deltaMode ? LINE : 1);
    scale(Math.exp(-lines * (event.ctrlKey ? WHEEL_PINCH : WHEEL)), pointOf(event), event);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || held.size > 1) return;
    held.set(event.pointerId, pointOf(event));
    element.setPointerCapture(event.pointerId);
    start(event);
  });
  element.addEventListener("pointermove", onMove);
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    element.addEventListener(type, (event) => held.delete(event.pointerId));
  }
  element.addEventListener("wheel", onWheel, { passive: false });
  element.addEventListener("dblclick", (event) => double(pointOf(event)));
  element.addEventListener("dragstart", (event) => event.preventDefault());
};
