// Where the eye is: on a sphere about the middle of every model, the same for all of them.

const RADIANS = Math.PI / 180;
const STEEPEST = 89; // degrees
const REACH = { near: 0.15, far: 4 }; // 1 = the model's sphere just fits
const START = { azimuth: -30, elevation: 15, distance: 1, right: 0, up: 0 };
const ROOM = 1.04; // air around the model

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Orbit {
  constructor() {
    this.reset();
  }

  reset() {
    Object.assign(this, START);
  }

  turn(across, up) {
    this.azimuth += across;
    this.elevation = clamp(this.elevation + up, -STEEPEST, STEEPEST);
  }

  approach(factor) {
    this.distance = clamp(this.distance / factor, REACH.near, REACH.far);
  }

  // In radii of the models.
  shift(right, up) {
    this.right = clamp(this.right + right, -1, 1);
    this.up = clamp(this.up + up, -1, 1);
  }

  // Look at the side that faces this way, a point in the model's directions.
  face({ x, y, z }) {
    Object.assign(this, { azimuth: Math.atan2(x, z) / RADIANS, elevation: 0, right: 0, up: 0 });
    this.turn(0, Math.atan2(y, Math.hypot(x, z)) / RADIANS);
  }

  // Put the camera there, for a model of radius 1 in the origin.
  place(camera, aspect) {
    const [around, height] = [this.azimuth * RADIANS, this.elevation * RADIANS];
    const narrow = Math.atan(Math.tan((camera.fov * RADIANS) / 2) * Math.min(1, aspect));
    const away = (ROOM * this.distance) / Math.sin(narrow);
    camera.aspect = aspect;
    camera.near = Math.max(0.01, away - 3);
    camera.far = away + 3;
    camera.position.setFromSphericalCoords(away, Math.PI / 2 - height, around);
    camera.lookAt(0, 0, 0);
    camera.translateX(this.right);
    camera.translateY(this.up);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  }
}
