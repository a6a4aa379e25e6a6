// The open group: heading, folders, and the grid of its files.

import { prefer } from "./actions.js";
import { describe, makeCard, showState } from "./card.js";
import { way } from "./disposals.js";
import { bdi, byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { canDecide, kept, readOnly } from "./store.js";
import { bytes, method, plural } from "./words.js";

let drawn = { number: null, facts: null, heading: "" };

export function drawGroup({ group, facts, session, connection }) {
  const shown = Boolean(group) && session && session.phase === "review" && connection === "ok";
  byId("group").hidden = !shown;
  if (!shown) {
    drawn = { number: null, facts: null, heading: "" };
    byId("grid").replaceChildren();
    return;
  }
  const fresh = drawn.number !== group.number;
  if (fresh) {
    byId("grid").replaceChildren(...group.files.map((_, place) => makeCard(group, place)));
    takeFocus();
    drawn = { number: group.number, facts: null, heading: "" };
  }
  const cards = byId("grid").children;
  if (facts && facts !== drawn.facts) {
    group.files.forEach((_, place) => describe(cards[place], group, place, facts));
    drawn.facts = facts;
  }
  const any = kept(group) > 0;
  group.files.forEach((_, place) => showState(cards[place], group, place, any));
  drawHeading(group);
}

/** The old cards are gone, and the focus with them: it goes to the new group. */
function takeFocus() {
  byId("group").scrollTop = 0;
  if (document.activeElement === document.body) byId("group").focus({ preventScroll: true });
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
      group.state === "settling" && h("span", { class: "badge busy" }, "Settling…"),
    ),
    h("p", { class: "lead" }, `${plural(group.files.length, "file")}, up to ${bytes(group.redundant_bytes)} to free. ${readOnly() ? "You can look, not decide." : `Choose what to keep; ${way().rest}.`}`),
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
