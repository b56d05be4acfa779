// The viewers of works, each loaded only where its medium is judged.

const LOAD = {
  "picture-viewer": () => import("../viewers/picture.js"),
  "page-viewer": () => import("../viewers/page.js"),
  "film-viewer": () => import("../viewers/film.js"),
  "sound-viewer": () => import("../viewers/sound.js"),
  "solid-viewer": () => import("../viewers/solid.js"),
};

// The task's viewer, once it can be used.
export const viewerOf = async (form) => {
  const viewer = form.querySelector("[data-viewer]");
  await LOAD[viewer.localName]();
  return viewer;
};
