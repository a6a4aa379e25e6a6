// Looks at a group by another rule than the search did: who would no longer belong to it, or come.

import { select } from "./actions.js";
import { button, byId, fill, h } from "./dom.js";
import { list, number, plural, t } from "./i18n.js";
import { canDecide, keptPlaces, state, update } from "./store.js";

const RULES = ["loose", "default", "strict"]; // a file's certainty counts those that it meets
const WORDS = { loose: t`doubtful pairs, too`, default: t`the usual rule`, strict: t`only beyond doubt` };

const NAMED = 4; // files that are named

let chosen = { group: null, level: 0 };
let drawn = "";

/** The levels of a group from strict to loose, each with its words, who stays, and who would come. */
function levels(group) {
  if (group.mode === "exact") return [];
  if (group.mode !== "similar") {
    const upTo = (bits, comes) => ({ words: t`up to ${plural(bits, "bit")}`, stays: (file) => (file.distance ?? 0) <= bits, comes });
    const found = Array.from({ length: group.threshold + 1 }, (_, bits) => upTo(bits, []));
    return group.near.length ? [...found, upTo(group.looser, group.near)] : found;
  }
  const known = group.files.some((file) => file.certainty); // an older run did not record it
  const rules = RULES.slice(known ? RULES.indexOf(group.strictness) : RULES.length);
  const found = rules.reverse().map((rule) => ({ words: WORDS[rule], stays: (file) => file.certainty > RULES.indexOf(rule), comes: [] }));
  const looser = { words: WORDS[RULES[RULES.indexOf(group.strictness) - 1]], stays: () => true, comes: group.near };
  return group.near.length ? [...found, looser] : found;
}

/** The level by which the group was found. */
const searched = (all) => all.findLastIndex((level) => !level.comes.length);

const leavingAt = (group, level) => group.files.flatMap((file, place) => (place && !level.stays(file) ? [place] : []));

function present(group, all) {
  return chosen.group === group.number ? Math.min(chosen.level, all.length - 1) : searched(all);
}

/** The places of the files that would leave the group at the level that is looked at. */
export function leaving(group) {
  const all = levels(group);
  return all.length ? leavingAt(group, all[present(group, all)]) : [];
}

/** The slider stays as it is while it is moved; only its words change. */
export function drawStrictness(group) {
  const box = byId("strictness");
  const all = levels(group);
  box.hidden = !all.some((level) => level.comes.length || leavingAt(group, level).length);
  if (box.hidden) return;
  if (drawn !== `${group.number} ${all.length}`) {
    drawn = `${group.number} ${all.length}`;
    fill(box, slider(group, all), h("output", { for: "strictness-level", id: "strictness-words" }), keepButton());
  }
  const level = present(group, all);
  const places = leavingAt(group, all[level]);
  byId("strictness-level").value = level;
  byId("strictness-level").setAttribute("aria-valuetext", all[level].words);
  byId("strictness-words").textContent = `${all[level].words}: ${said(places, all[level].comes)}`;
  const button = byId("strictness-keep");
  button.hidden = !places.length;
  button.disabled = !canDecide(group) || places.every((place) => group.files[place].keep);
}

function said(places, comes) {
  if (comes.length) return t`${plural(comes.length, "file")} would come (${list(comes.slice(0, NAMED))}${comes.length > NAMED ? ", …" : ""}) if a scan was made by this rule`;
  if (!places.length) return t`all would stay`;
  const names = places.length > NAMED ? "" : ` (${list(places.map((place) => number(place + 1)))})`;
  return t`${plural(places.length, "file")} would not belong to it${names}`;
}

function slider(group, all) {
  return h("label", {}, t`Strictness`,
    h("input", {
      type: "range", id: "strictness-level", min: 0, max: all.length - 1, step: 1,
      oninput: (event) => {
        chosen = { group: group.number, level: Number(event.target.value) };
        update();
      },
    }));
}

/** What would not belong to it comes home as it is, whatever becomes of the rest. */
function keepButton() {
  const keep = () => select([...new Set([...keptPlaces(state.group), ...leaving(state.group)])], t`keeping what would not belong to it`);
  return button("quiet", keep, t`Keep these`, { id: "strictness-keep" });
}
