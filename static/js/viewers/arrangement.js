// How many columns make the works largest; one row where it costs little, as works are best compared side by side.
const WORTH_STACKING = 1.2;

const areaOf = (columns, sizes, room, gap) => {
  const rows = Math.ceil(sizes.length / columns);
  const cell = {
    width: (room.width - gap * (columns - 1)) / columns,
    height: (room.height - gap * (rows - 1)) / rows,
  };
  return sizes.reduce((sum, { width, height }) => {
    const scale = Math.max(0, Math.min(cell.width / width, cell.height / height));
    return sum + scale * scale * width * height;
  }, 0);
};

export const columnsFor = (sizes, room, gap) => {
  let best = sizes.length;
  for (let columns = sizes.length - 1; columns > 0; columns -= 1) {
    const worth = areaOf(columns, sizes, room, gap) / areaOf(best, sizes, room, gap);
    if (worth > (best === sizes.length ? WORTH_STACKING : 1)) best = columns;
  }
  return best;
};

// Tell a viewer's style how many columns make works of these sizes largest in it.
export const arrange = (viewer, sizes) => {
  const style = getComputedStyle(viewer);
  const inner = (side, ...paddings) => paddings.reduce((left, name) => left - parseFloat(style[name]), viewer[side]);
  const room = {
    width: inner("clientWidth", "paddingLeft", "paddingRight"),
    height: inner("clientHeight", "paddingTop", "paddingBottom"),
  };
  viewer.style.setProperty("--best-columns", columnsFor(sizes, room, parseFloat(style.columnGap) || 0));
};
