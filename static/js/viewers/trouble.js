// What stands in place of a work that cannot be shown: said once, however often it is found out.
import { html } from "./html.js";

export const tellTrouble = (place, message) => {
  const told = place.querySelector(":scope > .trouble") ?? html("p", { class: "trouble", role: "alert" });
  if (told.textContent === message) return;
  told.textContent = message;
  place.append(told);
};
