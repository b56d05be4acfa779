// A round magnifier over the same place of every work.

const DEPTH = 2; // at least so many screen pixels per pixel, and so many times what is around it
const ABOVE_THE_FINGER = 110; // px

export class Loupe {
  isOn = false;
  place = { x: 0.5, y: 0.5 };
  lift = 0;

  constructor(panes) {
    this.lenses = panes.map((pane) => {
      const lens = Object.assign(document.createElement("div"), { className: "loupe", hidden: true });
      pane.frame.append(lens);
      return { pane, lens };
    });
  }

  toggle(on = !this.isOn) {
    this.isOn = on;
    this.refresh();
  }

  // Over this place, 0..1 of each work's width and height; above it where a finger hides it.
  aim(place, isTouch = false) {
    this.place = place;
    this.lift = isTouch ? ABOVE_THE_FINGER : 0;
    this.refresh();
  }

  refresh() {
    for (const { pane, lens } of this.lenses) {
      lens.hidden = !this.isOn;
      if (this.isOn) this.lay(pane, lens);
    }
  }

  lay(pane, lens) {
    const face = pane.faces[0];
    const box = pane.boxes.get(face);
    const radius = lens.clientWidth / 2;
    const scale = DEPTH * Math.max(box.scale, face.grain / window.devicePixelRatio);
    const [width, height] = [face.size.width * scale, face.size.height * scale];
    Object.assign(lens.style, {
      left: `${box.left + this.place.x * box.width}px`,
      top: `${box.top + this.place.y * box.height - this.lift}px`,
      backgroundImage: `url("${face.image.src}")`,
      backgroundSize: `${width}px ${height}px`,
      backgroundPosition: `${radius - this.place.x * width}px ${radius - this.place.y * height}px`,
    });
  }
}
