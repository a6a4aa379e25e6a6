// The open group: heading, folders, and the grid of its files.

import { prefer } from "./actions.js";
import { describe, makeCard, showState } from "./card.js";
import { cluster, face, shownPlaces } from "./clusters.js";
import { drawDifferences, toDifferences } from "./differences.js";
import { way } from "./disposals.js";
import { afterFrame, all, arrange, bdi, button, byId, fill, focused, h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { said } from "./said.js";
import { canDecide, kept, proposal, readOnly, state, update } from "./store.js";
import { drawStrictness, leaving } from "./strictness.js";
import { drawSuggestion } from "./suggestion.js";
import { TIERS } from "./tiers.js";
import { bytes } from "./words.js";

const IN_VIEW = 8; // cards in the first frame, about a window full; the others follow soon
const PATIENCE = 250; // milliseconds that they wait for the first picture at most
const SURE = new Set(["identical", "same pixels", "same picture"]);
const MODES = { exact: t`Identical files`, ahash: t`Look alike (aHash)`, phash: t`Look alike (pHash)`, similar: t`The same picture` };
const NOTHING = { number: null, facts: undefined, told: "", by: null, heading: "", whole: false };

let drawn = { ...NOTHING };
const described = new WeakMap(); // a card, and what it was last described by

const SLICE = 4; // milliseconds of a frame for cards out of view, beside which a key is answered
const inView = new Set();
const sight = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) inView[isIntersecting ? "add" : "delete"](target);
}, { root: byId("group") });
let showing = 0; // the last drawing; what an earlier one has left to do is done by this one

// The suggested file is marked and named above the cards, and is the first column of the table, but
// its card stays where it is. A card's place is its number: on the keys, in the comparison and its
// address, in all that is said of the group, in the other window and after a reload. The suggestion
// often comes after the pictures, and changes with a preferred folder: cards that moved for it would
// change their places, or their numbers, under the hand.

export function drawGroup({ group, facts, session, connection }) {
  const shown = Boolean(group) && session && session.phase === "review" && connection === "ok";
  byId("group").hidden = !shown;
  if (!shown) {
    drawn = { ...NOTHING };
    byId("grid").replaceChildren();
    drawDifferences(null, null);
    return;
  }
  if (drawn.number !== group.number) {
    if (drawn.number) byId("group").scrollTop = 0; // while the old cards are laid out: the new ones would have to be, at once
    byId("grid").replaceChildren();
    byId("grid").classList.toggle("large", group.files.length > IN_VIEW);
    drawDifferences(null, null);
    drawn = { ...NOTHING, number: group.number };
  }
  const fresh = !byId("grid").childElementCount;
  const held = present();
  const places = shownPlaces(group);
  state.cursor = face(group, state.cursor);
  showCards(group, drawn.whole ? places : places.slice(0, IN_VIEW));
  const cards = [...byId("grid").children];
  if (fresh) afterFirstPicture(group.number);
  const told = JSON.stringify(group.files.map((file) => file.with));
  if (drawn.whole && (drawn.facts !== facts || drawn.told !== told)) {
    Object.assign(drawn, { facts, told, by: {} });
    afterFrame(() => { if (drawn.number === group.number && drawn.facts === facts) drawDifferences(group, facts); });
  }
  for (const card of drawn.whole ? cards : []) {
    if (described.get(card) === drawn.by) continue;
    describe(card, group, placeOf(card), facts);
    described.set(card, drawn.by);
  }
  drawSuggestion(group, facts);
  drawStrictness(group);
  const gone = new Set(leaving(group));
  const all = { anyKept: kept(group) > 0, proposal: proposal(group) };
  showStates(cards, (card) => showState(card, group, placeOf(card), { ...all, leaves: gone.has(placeOf(card)) }));
  hold(group, held);
  drawHeading(group);
}

/** Of a large group first the cards that a person sees; the others a few a frame, once those are painted. */
function showStates(cards, show) {
  const mine = ++showing;
  const held = document.activeElement?.closest(".card");
  const rest = [];
  for (const card of cards) {
    if (card === held || inView.has(card) || !card.dataset.state) show(card);
    else rest.push(card);
  }
  const go = () => {
    const until = performance.now() + SLICE;
    while (mine === showing && rest.length && performance.now() < until) show(rest.shift());
    if (mine === showing && rest.length) afterFrame(go);
  };
  if (rest.length) afterFrame(() => afterFrame(go));
}

const placeOf = (card) => Number(card.dataset.place);

/** Have a card for each of these places, in this order; those that are there stay. */
function showCards(group, places) {
  const grid = byId("grid");
  const there = new Map([...grid.children].map((card) => [placeOf(card), card]));
  if (there.size === places.length && places.every((place) => there.has(place))) return;
  arrange(grid, places.map((place) => there.get(place) ?? made(group, place)));
}

function made(group, place) {
  const card = makeCard(group, place);
  sight.observe(card);
  return card;
}

/** What has the focus in the grid: a card, and whether it is the button that folds or unfolds. */
function present() {
  const card = document.activeElement?.closest(".card");
  return card && { place: placeOf(card), folds: document.activeElement.matches(".fold") };
}

/** Where a card or a button has gone with the focus, it goes to what stands in its place. */
function hold(group, held) {
  if (!held || document.activeElement !== document.body) return;
  const place = face(group, held.folds ? cluster(group, held.place)[0] ?? held.place : held.place);
  const card = byId("grid").querySelector(`[data-place="${place}"]`);
  const instead = card?.querySelector(held.folds ? ".fold" : ".keep-box") ?? card?.querySelector(".keep-box");
  instead?.focus({ preventScroll: true });
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

function method(group) {
  if (group.mode === "exact" || group.mode === "similar") return MODES[group.mode];
  const alike = MODES[group.mode] ?? t`Look alike (${group.mode})`; // a hash of another package
  return t`${alike}, up to ${plural(group.threshold, "bit")} apart`;
}

function drawHeading(group) {
  const content = JSON.stringify([group.number, group.folders, group.state, group.reason, group.position, readOnly()]);
  if (drawn.heading === content) return;
  drawn.heading = content;
  const folder = focused()?.dataset.folder;
  const task = readOnly() ? t`You can look, not decide.` : t`Choose what to keep; ${way().rest}.`;
  fill(byId("heading"),
    h("div", { class: "heading-line" },
      h("h2", { id: "group-title" }, t`Group ${group.number}`),
      h("span", { class: "badge" }, method(group)),
      group.mode !== "exact" && h("span", { class: `badge${SURE.has(group.tier) ? "" : " unsure"}` }, TIERS[group.tier].group),
      group.state === "settling" && h("span", { class: "badge busy" }, t`Settling…`),
      group.files.length > IN_VIEW && button("quiet", toDifferences, [t`What differs`, h("kbd", {}, "T")], { id: "to-differences" }),
    ),
    h("p", { class: "lead" }, t`${plural(group.files.length, "file")}, up to ${bytes(group.redundant_bytes)} to free. ${task}`),
    group.strangers > 0 && h("p", { class: "strangers" }, t`At this threshold chance alone makes about ${plural(group.strangers, "pair")} of different pictures among ${number(group.compared)}.`),
    group.state === "attention" && h("p", { class: "attention", role: "alert" }, icon("attention"), h("span", {}, t`This group could not be settled: ${said(group.reason)}`)),
    h("ul", { class: "folders", "aria-label": t`Folders of this group` }, group.folders.map((folder, place) => folderButton(group, folder, place))),
  );
  if (folder !== undefined) all(`[data-folder="${folder}"]`)[0]?.focus();
}

function folderButton(group, folder, place) {
  const name = folder.label.shared + folder.label.own;
  const says = folder.preferred ? t`Preferred folder ${name}; press to prefer it no longer` : t`Prefer folder ${name}: keep its files here and in later groups`;
  const parts = [
    icon("star"),
    h("span", { class: "folder-name" }, bdi(folder.label.shared, { class: "shared" }), bdi(folder.label.own)),
    h("span", { class: "count" }, String(folder.files.length)),
    h("span", { class: "word" }, folder.preferred ? t`Preferred` : t`Prefer`),
  ];
  return h("li", {}, button("folder-button", () => prefer(place), parts, {
    "data-folder": place, "aria-pressed": String(folder.preferred),
    disabled: !canDecide(group), "aria-label": says, title: folder.preferred ? t`Prefer this folder no longer (F)` : t`Prefer this folder (F)`,
  }));
}

/** Go so many cards on, as they are shown. */
export function moveCursor(step) {
  const boxes = all(".keep-box");
  const present = boxes.findIndex((box) => placeOf(box.closest(".card")) === state.cursor);
  boxes[Math.min(boxes.length - 1, Math.max(0, present + step))]?.focus();
}
