// One model from a GLB: sized to a sphere of radius 1 about the origin, and its spots, named as the file names them.
import { Box3, Group, Matrix4, Raycaster, Scene, Triangle, Vector2, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const DIGITS = 7;
const CLEARANCE = 0.01; // radii: a spot this near to what hides it is that surface itself

const SHARPNESS = 8; // samples along a texture that is seen at a slant

const tidy = (values) => values.map((value) => Number(value.toPrecision(DIGITS)));

// The sphere that holds the model: as the site measured it, else about the middle of its box.
const sphereOf = (root, facts) => {
  if (facts.centre && facts.radius > 0) return { centre: new Vector3(...facts.centre), radius: facts.radius };
  const centre = new Box3().setFromObject(root, true).getCenter(new Vector3());
  const point = new Vector3();
  let radius = 0;
  root.traverse((object) => {
    const count = object.isMesh ? object.geometry.attributes.position.count : 0;
    for (let at = 0; at < count; at += 1) {
      object.getVertexPosition(at, point).applyMatrix4(object.matrixWorld);
      radius = Math.max(radius, point.distanceTo(centre));
    }
  });
  return { centre, radius: radius || 1 };
};

// The three corners of a face in the world, as posed.
const cornersOf = (mesh, face) => {
  const { index } = mesh.geometry;
  return [0, 1, 2].map((corner) => {
    const at = 3 * face + corner;
    return mesh.getVertexPosition(index ? index.getX(at) : at, new Vector3()).applyMatrix4(mesh.matrixWorld);
  });
};

const surfaceAt = (mesh, face, barycentric) => {
  const corners = cornersOf(mesh, face);
  const point = corners.reduce((sum, corner, at) => sum.addScaledVector(corner, barycentric[at]), new Vector3());
  return { point, normal: new Triangle(...corners).getNormal(new Vector3()) };
};

const facesOf = ({ geometry }) => (geometry.index ?? geometry.attributes.position).count / 3;

// A primitive without normals is to be shown flat, says the format; faces keep their numbers.
const flatten = (geometry) => {
  const flat = geometry.index ? geometry.toNonIndexed() : geometry;
  flat.computeVertexNormals();
  return flat;
};

const texturesOf = ({ material }) => Object.values(material).filter((value) => value?.isTexture);

export class Model {
  scene = new Scene();
  caster = new Raycaster();

  constructor(gltf, facts) {
    this.root = gltf.scene;
    this.primitives = [];
    const holder = new Group().add(this.root);
    this.scene.add(holder);
    this.root.updateMatrixWorld(true);
    const { centre, radius } = sphereOf(this.root, facts);
    holder.scale.setScalar(1 / radius);
    holder.position.copy(centre).multiplyScalar(-1 / radius);
    this.scene.updateMatrixWorld(true);
    this.toFile = new Matrix4().copy(holder.matrixWorld).invert();
    this.root.traverse((object) => this.take(object, gltf.parser.associations.get(object)));
  }

  // All models stand in the same light: their own lamps stay off.
  take(object, origin) {
    if (object.isLight) object.visible = false;
    if (object.isMesh && !object.geometry.attributes.normal) object.geometry = flatten(object.geometry);
    if (object.isMesh && origin?.meshes !== undefined) {
      this.primitives.push({ object, mesh: origin.meshes, primitive: origin.primitives ?? 0 });
      texturesOf(object).forEach((texture) => Object.assign(texture, { anisotropy: SHARPNESS }));
    }
  }

  // The spot under a point of the view, -1..1 from its middle to its right and upper edge; null beside the model.
  spotAt(x, y, camera) {
    this.caster.setFromCamera(new Vector2(x, y), camera);
    const [hit] = this.caster.intersectObjects(this.primitives.map(({ object }) => object), false);
    if (!hit) return null;
    const { mesh, primitive } = this.primitives.find(({ object }) => object === hit.object);
    const position = hit.point.clone().applyMatrix4(this.toFile);
    return {
      mesh,
      primitive,
      face: hit.faceIndex,
      barycentric: tidy(hit.barycoord.toArray()),
      position: tidy(position.toArray()),
    };
  }

  // Where a spot is in the world, and which way the surface looks there. A mesh may stand in several places: it is the
  // one nearest to where the spot was seen.
  find({ mesh, primitive, face, barycentric, position }) {
    const seen = new Vector3(...position).applyMatrix4(this.scene.children[0].matrixWorld);
    const places = this.primitives
      .filter((one) => one.mesh === mesh && one.primitive === primitive && face < facesOf(one.object))
      .map(({ object }) => surfaceAt(object, face, barycentric))
      .sort((one, other) => one.point.distanceTo(seen) - other.point.distanceTo(seen));
    return places[0] ?? { point: seen, normal: seen };
  }

  isHidden(point, camera) {
    const away = point.clone().sub(camera.position);
    this.caster.set(camera.position, away.clone().normalize());
    const [hit] = this.caster.intersectObjects(this.primitives.map(({ object }) => object), false);
    return Boolean(hit) && hit.distance < away.length() - CLEARANCE;
  }

  // Give back what the graphics card holds; it comes again when next drawn.
  release() {
    for (const { object } of this.primitives) {
      object.geometry.dispose();
      texturesOf(object).forEach((texture) => texture.dispose());
      object.material.dispose();
    }
  }
}

export const parseModel = async (bytes, facts) => new Model(await new GLTFLoader().parseAsync(bytes, ""), facts);
