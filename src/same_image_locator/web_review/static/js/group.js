// The open group: heading, folders, and the grid of its files.

import { prefer } from "./actions.js";
import { describe, makeCard, showState } from "./card.js";
import { way } from "./disposals.js";
import { afterFrame, bdi, byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { canDecide, kept, readOnly, update } from "./store.js";
import { drawStrictness, leaving } from "./strictness.js";
import { drawSuggestion } from "./suggestion.js";
import { bytes, method, number, plural, TIERS } from "./words.js";

const IN_VIEW = 8; // cards in the first frame, about a window full; the others follow soon
const PATIENCE = 250; // milliseconds that they wait for the first picture at most
const SURE = new Set(["identical", "same pixels", "same picture"]);
const NOTHING = { number: null, facts: undefined, heading: "", whole: false };

let drawn = { ...NOTHING };

export function drawGroup({ group, facts, session, connection }) {
  const shown = Boolean(group) && session && session.phase === "review" && connection === "ok";
  byId("group").hidden = !shown;
  if (!shown) {
    drawn = { ...NOTHING };
    byId("grid").replaceChildren();
    return;
  }
  if (drawn.number !== group.number) {
    byId("group").scrollTop = 0; // while the old cards are laid out: the new ones would have to be, at once
    byId("grid").replaceChildren();
    byId("grid").classList.toggle("large", group.files.length > IN_VIEW);
    drawn = { ...NOTHING, number: group.number };
  }
  const cards = byId("grid").children;
  const wanted = drawn.whole ? group.files.length : Math.min(IN_VIEW, group.files.length);
  const fresh = !cards.length;
  for (let place = cards.length; place < wanted; place += 1) byId("grid").append(makeCard(group, place));
  if (fresh) afterFirstPicture(group.number);
  const told = JSON.stringify(group.files.map((file) => file.with));
  if (drawn.whole && (drawn.facts !== facts || drawn.told !== told)) {
    [...cards].forEach((card, place) => describe(card, group, place, facts));
    Object.assign(drawn, { facts, told });
  }
  drawSuggestion(group, facts);
  drawStrictness(group);
  const gone = new Set(leaving(group));
  const any = kept(group) > 0;
  [...cards].forEach((card, place) => showState(card, group, place, any, gone.has(place)));
  drawHeading(group);
}

/**
 * The facts, the cards out of view, and the focus, which needs all to be laid out, come after the
 * first picture is seen, if that does not take long. The old cards are gone, and the focus with
 * them: it goes to the new group.
 */
async function afterFirstPicture(number) {
  const first = byId("grid").querySelector("img");
  await new Promise((resolve) => {
    for (const end of ["load", "error"]) first.addEventListener(end, () => afterFrame(resolve));
    setTimeout(resolve, PATIENCE);
  });
  await new Promise(afterFrame);
  if (drawn.number !== number) return;
  if (document.activeElement === document.body) byId("group").focus({ preventScroll: true });
  drawn.whole = true;
  update();
}

function drawHeading(group) {
  const content = JSON.stringify([group.number, group.folders, group.state, group.reason, group.position, readOnly()]);
  if (drawn.heading === content) return;
  drawn.heading = content;
  const focused = document.activeElement && document.activeElement.dataset.folder;
  fill(byId("heading"),
    h("div", { class: "heading-line" },
      h("h2", { id: "group-title" }, `Group ${group.number}`),
      h("span", { class: "badge" }, method(group)),
      group.mode !== "exact" && h("span", { class: `badge${SURE.has(group.tier) ? "" : " unsure"}` }, TIERS[group.tier].group),
      group.state === "settling" && h("span", { class: "badge busy" }, "Settling…"),
    ),
    h("p", { class: "lead" }, `${plural(group.files.length, "file")}, up to ${bytes(group.redundant_bytes)} to free. ${readOnly() ? "You can look, not decide." : `Choose what to keep; ${way().rest}.`}`),
    group.strangers > 0 && h("p", { class: "strangers" }, `At this threshold chance alone makes about ${plural(group.strangers, "pair")} of different pictures among ${number(group.compared)}.`),
    group.state === "attention" && h("p", { class: "attention", role: "alert" }, icon("attention"), h("span", {}, `This group could not be settled: ${group.reason}`)),
    h("ul", { class: "folders", "aria-label": "Folders of this group" }, group.folders.map((folder, place) => folderButton(group, folder, place))),
  );
  if (focused !== undefined) document.querySelector(`[data-folder="${focused}"]`)?.focus();
}

function folderButton(group, folder, place) {
  const name = folder.label.shared + folder.label.own;
  const says = folder.preferred ? `Preferred folder ${name}; press to prefer it no longer` : `Prefer folder ${name}: keep its files here and in later groups`;
  return h("li", {},
    h("button", {
      type: "button", class: "folder-button", "data-folder": place, "aria-pressed": String(folder.preferred),
      disabled: !canDecide(group), "aria-label": says, title: folder.preferred ? "Prefer this folder no longer (F)" : "Prefer this folder (F)", onclick: () => prefer(place),
    },
    icon("star"),
    h("span", { class: "folder-name" }, bdi(folder.label.shared, { class: "shared" }), bdi(folder.label.own)),
    h("span", { class: "count" }, String(folder.files.length)),
    h("span", { class: "word" }, folder.preferred ? "Preferred" : "Prefer"),
    ));
}

export function cardBoxes() {
  return [...document.querySelectorAll(".keep-box")];
}
