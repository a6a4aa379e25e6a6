// What only files that go say of the picture: on the sheet it can be asked to be kept in XMP files.

import { bdi, byId, h } from "./dom.js";
import { list, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { said } from "./said.js";
import { taken } from "./words.js";

const KEY = "sil-sidecars"; // the last answer, kept in this browser only

/** Whether the sheet that is open asks for it. */
export const wantsSidecars = () => Boolean(byId("sidecars")?.checked);

/** The question, with all that would be written; nothing where there is nothing to write. */
export function sidecarChoice(group, offer) {
  if (!offer) return null;
  const able = offer.files.filter((file) => !file.why_not);
  return h("section", { id: "sidecar-choice" },
    h("h3", {}, icon("picture"), t`Metadata that no kept file has`),
    able.length > 0 ? question(group, offer, able) : h("p", {}, ...words(offer), t` (from `, from(group, offer), ")"),
    able.length > 1 && h("ul", {}, able.map((file) => h("li", {}, ...path(file)))),
    ...offer.files.filter((file) => file.why_not).map((file) => h("p", { class: "note" }, t`Nothing is written for `, bdi(file.name.replace(/\.xmp$/, "")), `: ${said(file.why_not)}.`)),
  );
}

function question(group, offer, able) {
  const box = h("input", { type: "checkbox", id: "sidecars", checked: localStorage.getItem(KEY) === "yes", onchange: (event) => localStorage.setItem(KEY, event.target.checked ? "yes" : "no") });
  const into = able.length > 1 ? [plural(able.length, "new file")] : path(able[0]);
  return h("label", { class: "check" }, box, h("span", {}, t`Write into `, ...into, ": ", ...words(offer), t` (from `, from(group, offer), ")"));
}

const path = (file) => [bdi(file.folder ? `${file.folder}/` : "", { class: "shared" }), bdi(file.name)];

function from(group, { source }) {
  const file = group.files[source];
  const { shared, own } = group.folders[file.folder].label;
  return bdi(`${shared}${own}/${file.name}`);
}

/** All of it, in the words of people and programs. */
function words({ taken_at: moment, place, rating, keywords, caption }) {
  const parts = [
    moment && t`taken ${taken(moment, true)}`,
    place && t`place ${place.map((degrees) => degrees.toFixed(5)).join(", ")}`,
    rating && t`rating ${rating}`,
    keywords.length > 0 && [t`keywords `, bdi(list(keywords))],
    caption && [t`caption “`, bdi(caption), t`”`],
  ].filter(Boolean);
  return parts.flatMap((part, at) => [at ? "; " : "", part].flat());
}
