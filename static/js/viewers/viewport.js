// What part of the works is in view, in units of each work's own size, so that all panes look at the same place.

const DEEPEST = 16; // screen pixels per pixel of the picture

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// How many CSS pixels one pixel takes where the whole picture is to be seen.
export const fitScale = (frame, size) => Math.min(frame.width / size.width, frame.height / size.height);

export class Viewport {
  zoom = 1; // 1 = the whole work fits
  x = 0.5; // the middle of the view
  y = 0.5;
  actual = 1; // the zoom at which every work shows at least one screen pixel per pixel

  get isFitted() {
    return this.zoom === 1 && this.x === 0.5 && this.y === 0.5;
  }

  get isZoomed() {
    return this.zoom > 1;
  }

  get isActual() {
    return Math.abs(this.zoom / this.actual - 1) < 0.001;
  }

  fit() {
    Object.assign(this, { zoom: 1, x: 0.5, y: 0.5 });
  }

  // Zoom to so much, with the place { x, y } staying where it is, `offset` CSS pixels from the middle of the frame,
  // in which the whole work would be `fitted` wide and high.
  zoomTo(zoom, place = this, offset = { x: 0, y: 0 }, fitted = { width: 1, height: 1 }) {
    const near = Math.abs(zoom - 1) < 0.03 ? 1 : zoom;
    this.zoom = clamp(near, Math.min(1, this.actual), Math.max(2, DEEPEST * this.actual));
    this.x = place.x - offset.x / (fitted.width * this.zoom);
    this.y = place.y - offset.y / (fitted.height * this.zoom);
  }

  pan(right, down) {
    this.x += right;
    this.y += down;
  }

  // Keep the view over the works; `views` say how much of each its frame shows, 0..1 of its width and height.
  settle(views) {
    for (const [axis, side] of [["x", "width"], ["y", "height"]]) {
      const half = Math.min(0.5, ...views.map((view) => view[side] / 2));
      this[axis] = clamp(this[axis], half, 1 - half);
    }
  }

  // Where a work of this size lies in a frame, in CSS pixels, on whole pixels of the screen.
  place(frame, size, density = window.devicePixelRatio) {
    const scale = fitScale(frame, size) * this.zoom;
    const along = (axis, side) => {
      const length = size[side] * scale;
      const room = frame[side] - length;
      const start = room >= 0 ? room / 2 : clamp(frame[side] / 2 - this[axis] * length, room, 0);
      return Math.round(start * density) / density;
    };
    return {
      scale,
      left: along("x", "width"),
      top: along("y", "height"),
      width: size.width * scale,
      height: size.height * scale,
    };
  }
}
