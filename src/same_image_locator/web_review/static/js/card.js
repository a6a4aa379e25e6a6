// One file of the open group: its picture, its state in word, sign and frame, and its facts.

import { choose, cluster, fold, isFolded, mayFold, meaning, sameAs, sign, times } from "./clusters.js";
import { compare } from "./comparing.js";
import { autoFinish } from "./finish.js";
import { way } from "./disposals.js";
import { bdi, button, fill, h } from "./dom.js";
import { list, number, t } from "./i18n.js";
import { icon } from "./icons.js";
import { clauses } from "./said.js";
import { canDecide, companionsOf, isFixed, state, update } from "./store.js";
import { TIERS } from "./tiers.js";
import { bytes, megapixels, pixels } from "./words.js";

const STATES = {
  keep: () => ({ word: t`Keep`, sign: "check" }),
  aside: () => ({ word: way().card, sign: way().sign }),
  unset: () => ({ word: t`Not chosen`, sign: "unset" }),
  proposed: () => ({ word: t`Suggested`, sign: "star" }),
  apart: () => ({ word: t`Another picture`, sign: "apart" }),
  protected: () => ({ word: t`Reference: stays`, sign: "lock" }),
};
const BEST = { "most-pixels": t`largest`, "most-bytes": t`largest` };

// A frame waits for all pictures that have come for it: the first of them is seen sooner alone with
// its row. The others are asked for as soon as they are laid out in the window, or come near it.
const AT_ONCE = 4;

export function makeCard(group, place) {
  const file = group.files[place];
  const box = h("input", {
    type: "checkbox",
    class: "keep-box",
    onchange: (event) => choose(place, event.target.checked),
    onfocus: () => update({ cursor: place }),
  });
  const pill = h("span", { class: "pill", "aria-hidden": "true" });
  const picture = h("img", {
    alt: "", width: 480, height: 360, loading: place < AT_ONCE ? "eager" : "lazy", decoding: "async", draggable: "false", src: file.thumb,
    onerror: (event) => event.target.closest(".picture").classList.add("missing"),
  });
  const label = h("label", { class: "picture", ondblclick: () => autoFinish() },
    box, picture,
    h("span", { class: "no-preview" }, icon("picture"), t`No preview`),
    pill,
    alongBadges(group, place),
    h("span", { class: "suggested", "aria-hidden": "true" }, icon("star"), t`Suggested`),
    group.mode !== "exact" && place > 0 && h("span", { class: "leaving", "aria-hidden": "true" }, t`Would leave`),
    place > 0 && compareButton(place),
    h("span", { class: "numbered", "aria-hidden": "true" },
      h(place < 10 ? "kbd" : "span", { class: "key" }, place < 9 ? String(place + 1) : place === 9 ? "10 · 0" : number(place + 1)),
      h("span", { class: "same" })),
  );
  return h("article", { class: "card", "data-place": place, "aria-label": t`${number(place + 1)} of ${number(group.files.length)}` },
    label, h("div", { class: "about" }), h("div", { class: "cluster" }));
}

/** It lies on the picture, whose clicks are not its own. */
function compareButton(place) {
  const mine = (event) => event.stopPropagation();
  const run = (event) => { event.preventDefault(); compare(place); };
  return button("compare-button", run, [icon("compare"), t`Compare`], { "aria-label": t`Compare ${place + 1} with 1`, title: t`Compare with the first (C)`, ondblclick: mine });
}

/** What moves along with a file, in a word each; the facts below name them in full. */
function alongBadges(group, place) {
  const kinds = [...new Set(companionsOf(group, place).map((one) => one.kind))];
  return kinds.length > 0 && h("span", { class: "along", "aria-hidden": "true" }, kinds.map((kind) => h("span", {}, `+ ${kind}`)));
}

/** Write a card's name and facts; they come a moment after its picture. What differs is in the table. */
export function describe(card, group, place, facts) {
  const file = group.files[place];
  const known = facts ? facts.files[place] : null;
  const folder = group.folders[file.folder].label;
  fill(card.querySelector(".about"),
    h("h3", {}, bdi(file.name)),
    h("p", { class: "folder" }, bdi(folder.shared, { class: "shared" }), bdi(folder.own)),
    h("dl", { class: "facts" }, factRows(group, place, known)),
  );
}

function factRows(group, place, known) {
  const file = group.files[place];
  const best = known ? known.best : [];
  const rows = [];
  if (known && known.width) {
    rows.push([t`Pixels`, pixels(known.width, known.height), megapixels(known.width, known.height), mark(best, "most-pixels")]);
  } else {
    rows.push([t`Pixels`, known ? t`unknown` : "…"]);
  }
  rows.push([t`File`, bytes(file.bytes), known && known.format, mark(best, "most-bytes")]);
  if (group.mode !== "exact") {
    rows.push([t`Evidence`, evidence(file, place)]);
    if (place > 0) rows.push([t`Differs`, distance(group, file)]);
    if (isDivided(group)) rows.push([t`You said`, file.apart ? t`another picture` : t`not of the others, only with ${list(file.with.map((one) => number(one + 1)))}`, file.apart && t`it goes home`]);
  }
  if (group.mode !== "exact" && known && known.more_frames) rows.push([t`Frames`, t`more follow`, t`only the first was compared`]);
  for (const one of companionsOf(group, place)) {
    rows.push([t`With`, bdi(one.name), one.owners.length > 1 ? t`shared` : bytes(one.bytes)]);
  }
  return rows.map(([name, value, more, sign]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value, more && h("span", { class: "more" }, more), sign)));
}

/** Whether what was told apart leaves more than one picture to decide on, so that each has to say which. */
const isDivided = ({ files }) => files.some((file) => !file.apart && file.with.length > 0 && files.some((other, place) => other !== file && !other.apart && !file.with.includes(place)));

/** How sure it is that a file shows what the first one does, by which all others are measured. */
function evidence(file, place) {
  return place === 0 ? t`the others are compared with this one` : TIERS[file.tier].says;
}

function distance(group, file) {
  const bits = group.mode === "similar" ? "" : file.distance === null ? t`not recorded` : t`${file.distance} of ${file.bits} bits`;
  const alike = file.tier === "identical" || file.tier === "same pixels";
  return [bits, clauses(file.changes)].filter(Boolean).join(", ") || (alike ? t`in nothing that shows` : t`in its quality or its tones`);
}

function mark(best, name) {
  return best.includes(name) && h("span", { class: "best" }, icon("check"), BEST[name]);
}

/** Show a card's state; the sentence for the checkbox says everything a picture would. */
export function showState(card, group, place, { anyKept, proposal, leaves }) {
  const file = group.files[place];
  const suggested = state.facts?.suggestion.keep === place;
  showCluster(card, group, place);
  const proposed = proposal === place;
  const name = file.protected ? "protected" : file.apart ? "apart" : file.keep ? "keep" : anyKept ? "aside" : proposed ? "proposed" : "unset";
  const box = card.querySelector(".keep-box");
  box.checked = file.keep;
  box.indeterminate = proposed; // the user's own tick is still to come
  box.disabled = !canDecide(group) || isFixed(file);
  card.classList.toggle("cursor", state.cursor === place);
  card.classList.toggle("leaves", leaves);
  card.classList.toggle("is-suggested", suggested);
  if (card.dataset.state !== name) {
    card.dataset.state = name;
    fill(card.querySelector(".pill"), icon(STATES[name]().sign), STATES[name]().word);
  }
  const first = suggested ? t`suggested, ` : "";
  const last = [file.apart && t`, another picture: it goes home`, file.protected && t`, in a reference folder: it stays`, leaves && t`, would not belong to a stricter group`];
  const words = t`Keep ${file.name}, ${first}${sentence(group, file, place)}${last.filter(Boolean).join("")}`;
  if (box.getAttribute("aria-label") !== words) box.setAttribute("aria-label", words); // in a large group that costs more than to ask
}

/** What is the same as a file: told on each card, or for all of them on the one that stands for them. */
function showCluster(card, group, place) {
  const alone = !group.files[place].cluster;
  const folded = !alone && isFolded(group, place);
  const says = alone ? "" : folded ? `${times(group, place)}. ${meaning(group, place)}` : sameAs(group, place);
  const box = card.querySelector(".cluster");
  if ((box.dataset.says ?? "") === says) return;
  box.dataset.says = says;
  card.classList.toggle("folded", folded);
  const name = alone ? "" : sign(group.files[place]);
  card.querySelector(".same").textContent = folded ? `${name} ${times(group, place)}` : name;
  const focused = box.contains(document.activeElement);
  fill(box, !alone && h("p", {}, h("strong", {}, name), ` ${says}`), !alone && mayFold(group, place) && foldButton(group, place, folded));
  if (focused) box.querySelector(".fold")?.focus({ preventScroll: true });
}

function foldButton(group, place, folded) {
  const members = cluster(group, place);
  const words = folded ? t`Show all ${number(members.length)}` : t`One card for all ${number(members.length)}`;
  return (folded || members[0] === place) && button("quiet fold", () => fold(place), words, { "aria-expanded": String(!folded), title: folded ? t`Show all (E)` : t`Show one for all (E)` });
}

function sentence(group, file, place) {
  const known = state.facts ? state.facts.files[place] : null;
  const folder = group.folders[file.folder].label;
  const parts = [t`from ${folder.shared}${folder.own}`];
  if (known && known.width) parts.push(t`${known.width} by ${known.height} pixels`);
  parts.push(bytes(file.bytes));
  if (group.mode !== "exact") parts.push(evidence(file, place));
  if (file.cluster > 0) parts.push(isFolded(group, place) ? `${times(group, place)}: ${meaning(group, place)}` : sameAs(group, place));
  if (group.mode !== "exact" && place > 0) parts.push(t`differs: ${distance(group, file)}`);
  const along = companionsOf(group, place).map((one) => one.name);
  if (along.length) parts.push(t`together with ${list(along)}`);
  return parts.join(", ");
}
