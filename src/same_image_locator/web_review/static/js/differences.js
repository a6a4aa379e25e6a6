// What the files of the open group differ in, as a table; what all have alike is said in a line.

import { bdi, byId, fill, h } from "./dom.js";
import { list, number, t } from "./i18n.js";
import { icon } from "./icons.js";
import { bytes, changed, pixels, taken } from "./words.js";

const TURNED = ["", t`as stored`, t`mirrored`, t`turned by 180°`, t`mirrored, turned by 180°`, t`mirrored, turned by 270°`, t`turned by 90°`, t`mirrored, turned by 90°`, t`turned by 270°`];
const degrees = (value, positive, negative) => `${Math.abs(value)}° ${value < 0 ? negative : positive}`;

/** Each fact's name, what it is in a sentence, and its words; the exact ones are for values that would look alike. */
const FACTS = {
  pixels: { name: t`Pixels`, noun: t`pixels`, words: ([width, height, ...detail]) => (detail.length ? t`${pixels(width, height)}, but no more detail than ${pixels(...detail)}` : pixels(width, height)) },
  bytes: { name: t`File`, noun: t`size`, words: bytes, exact: (size) => t`${number(size)} bytes` },
  format: { name: t`Format`, noun: t`format`, words: (format) => format },
  quality: { name: t`Quality`, noun: t`quality`, words: ([quality, exact]) => (exact ? String(quality) : t`about ${quality}`) },
  depth: { name: t`Depth`, noun: t`depth`, words: (bits) => t`${bits} bits per channel` },
  frames: { name: t`Frames`, noun: t`frames`, words: (more) => (more ? t`more follow` : t`one`) },
  taken: { name: t`Taken`, noun: t`capture date`, words: (date) => taken(date), exact: (date) => taken(date, true) },
  camera: { name: t`Camera`, noun: t`camera`, words: (camera) => camera },
  gps: { name: "GPS", noun: "GPS", words: ([latitude, longitude]) => [degrees(latitude, t`N`, t`S`), degrees(longitude, t`E`, t`W`)].join(", ") },
  orientation: { name: t`Orientation`, noun: t`orientation`, words: (turn) => TURNED[turn] ?? String(turn) },
  modified: { name: t`Changed`, noun: t`date of change`, words: (second) => changed(second * 1000), exact: (second) => changed(second * 1000, true) },
  folder: { name: t`Folder`, noun: t`folder`, words: (place, { folders }) => folders[place].label.own || folders[place].label.shared },
};

let drawn = null; // the facts that are shown

export function drawDifferences(group, facts) {
  const box = byId("differences");
  if (drawn === facts) return;
  drawn = facts;
  box.hidden = !facts;
  if (!facts) {
    box.replaceChildren();
    return;
  }
  const { differ, same, missing } = facts.compared;
  const before = box.querySelector(".sideways");
  const [left, focused] = [before?.scrollLeft ?? 0, before === document.activeElement];
  fill(box,
    h("h3", { id: "differences-title" }, differ.length ? t`What differs` : t`Only the names differ`),
    differ.length > 0 && table(group, facts),
    same.length > 0 && h("p", { class: "alike" }, t`Same in all: `, list(same.map(({ fact, value }) => `${noun(fact)} (${FACTS[fact].words(value, group)})`)), "."),
    missing.length > 0 && h("p", { class: "alike" }, t`Missing in all: ${list(missing.map(noun))}.`),
  );
  const now = box.querySelector(".sideways");
  if (now && left) now.scrollLeft = left;
  if (now && focused) now.focus({ preventScroll: true });
}

const noun = (fact) => FACTS[fact].noun;

/** As wide as its files need: it scrolls in itself, and the keyboard gets there. */
function table(group, facts) {
  const { keep } = facts.suggestion;
  const places = group.files.map((_, place) => place);
  const order = keep === null ? places : [keep, ...places.filter((place) => place !== keep)];
  const made = h("table", { class: order.length > 2 && "many" },
    h("thead", {}, h("tr", {}, h("td", {}), order.map((place) => head(group, place, place === keep)))),
    h("tbody", {}, facts.compared.differ.map((row) => line(group, facts, row, order))));
  const frame = h("div", { class: "sideways", tabindex: 0, role: "region", "aria-labelledby": "differences-title" }, made);
  frame.style.setProperty("--columns", order.length);
  return frame;
}

const head = (group, place, suggested) => h("th", { scope: "col" },
  h("span", { class: "column-number" }, number(place + 1), suggested && [icon("star"), h("span", { class: "unseen" }, t` suggested, `)]),
  bdi(group.files[place].name, { class: "column-name" }));

function line(group, facts, { fact, values, best, worst }, order) {
  const words = wording(group, fact, values);
  const [top, last] = [new Set(best), new Set(worst)];
  return h("tr", {}, h("th", { scope: "row" }, FACTS[fact].name), order.map((place) => {
    const says = values[place] === null ? absent(facts.files[place], fact) : bdi(words(values[place], group));
    if (top.has(place)) return h("td", { class: "is-best" }, icon("check"), h("strong", {}, says), h("span", { class: "unseen" }, t`, best`));
    return last.has(place) ? h("td", { class: "is-worst" }, says, h("span", { class: "unseen" }, t`, worst`)) : h("td", {}, says);
  }));
}

/** The short words, unless two different values would look alike. */
function wording(group, fact, values) {
  const { words, exact } = FACTS[fact];
  if (!exact) return words;
  const known = new Set(values.filter((value) => value !== null));
  return new Set([...known].map((value) => words(value, group))).size < known.size ? exact : words;
}

function absent(file, fact) {
  if (file.width === null) return t`unreadable`;
  if (fact === "quality" && file.format !== "JPEG") return t`${file.format} has none`;
  return fact === "depth" ? t`unknown` : t`missing`;
}

/** Go to the table, or to what is said in its place. */
export function toDifferences() {
  const box = byId("differences");
  if (box.hidden) return;
  box.scrollIntoView({ block: "nearest" });
  box.querySelector(".sideways")?.focus();
}
