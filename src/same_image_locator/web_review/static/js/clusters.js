// Files of a near group that are the same picture to the pixel: named as one, and in a large group
// shown as one card, until a person asks for all of them.

import { select, setKeep } from "./actions.js";
import { way } from "./disposals.js";
import { all, announce } from "./dom.js";
import { list, number, plural, t } from "./i18n.js";
import { keptPlaces, readOnly, state, update } from "./store.js";

const MANY = 12; // files that are still looked through one by one
const NAMED = 6; // files of which each is named by its number

const known = new WeakMap(); // of a group as the server has told it: each cluster's places
const worded = new WeakMap(); // and what is the same as each file: of 500 that is no small sum
let unfolded = { group: null, clusters: new Set() };

function membersOf(group) {
  if (!known.has(group)) {
    known.set(group, Map.groupBy(group.files.keys(), (place) => group.files[place].cluster));
  }
  return known.get(group);
}

/** The places of all that are the same as a file, itself included; none where it is alone. */
export function cluster(group, place) {
  const mine = group.files[place].cluster;
  return mine ? membersOf(group).get(mine) : [];
}

/** "=A", "=B", …, "=Z", "=AA" */
export function sign({ cluster: count }) {
  let letters = "";
  for (let rest = count; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + (rest - 1) % 26) + letters;
  return `=${letters}`;
}

export const mayFold = (group, place) => group.files.length > MANY && group.files[place].cluster > 0;

export const isFolded = (group, place) => mayFold(group, place) && !(unfolded.group === group.number && unfolded.clusters.has(group.files[place].cluster));

/**
 * The file that stands for its cluster while that is folded: what is kept of it, or else what would
 * be: the suggested one, one in a preferred folder, or the first.
 */
export function face(group, place) {
  if (!isFolded(group, place)) return place;
  const members = cluster(group, place);
  const kept = members.find((one) => group.files[one].keep);
  const suggested = members.find((one) => one === state.facts?.suggestion.keep);
  return kept ?? suggested ?? members.find((one) => group.folders[group.files[one].folder].preferred) ?? members[0];
}

/** The places that have a card, in their order; a folded cluster lies where its first file would. */
export function shownPlaces(group) {
  return group.files.flatMap((_, place) => (!isFolded(group, place) ? [place] : cluster(group, place)[0] === place ? [face(group, place)] : []));
}

const numbers = (places) => {
  const named = places.slice(0, NAMED).map((place) => number(place + 1));
  return places.length > NAMED ? t`${named.join(", ")} and ${number(places.length - NAMED)} more` : list(named);
};

/** "identical to 2 and 5", "the same pixels as 3", or both. */
export function sameAs(group, place) {
  if (!worded.has(group)) worded.set(group, new Map());
  const words = worded.get(group);
  if (!words.has(place)) words.set(place, told(group, place));
  return words.get(place);
}

function told(group, place) {
  const { twin } = group.files[place];
  const others = cluster(group, place).filter((one) => one !== place);
  const [twins, rest] = [true, false].map((same) => others.filter((one) => (twin > 0 && group.files[one].twin === twin) === same));
  return [twins.length && t`identical to ${numbers(twins)}`, rest.length && t`the same pixels as ${numbers(rest)}`].filter(Boolean).join(", ");
}

/** "× 37 identical" */
export function times(group, place) {
  const members = cluster(group, place);
  const { twin } = group.files[place];
  const same = twin > 0 && members.every((one) => group.files[one].twin === twin);
  const how = same ? t`identical` : t`same pixels`;
  return t`× ${number(members.length)} ${how}`;
}

/** What a tick on a folded cluster means, or has done: it is never more than one file by itself. */
export function meaning(group, place) {
  const members = cluster(group, place);
  const kept = members.filter((one) => group.files[one].keep);
  const all = number(members.length);
  if (kept.length === members.length) return t`Keeps all ${all}.`;
  if (kept.length) return t`Keeps ${number(kept.length)} of the ${all} (${numbers(kept)}); ${way().rest}.`;
  return readOnly() ? "" : t`A tick keeps only this one of the ${all} (${number(place + 1)}); ${way().rest}.`;
}

/** Keep a file, or not; a folded cluster is kept as one file of it, and left as all of them. */
export function choose(place, keep) {
  const { group } = state;
  if (!isFolded(group, place)) return setKeep(place, keep);
  const members = cluster(group, place);
  const kept = members.filter((one) => group.files[one].keep);
  if (keep) return kept.length ? undefined : setKeep(place, true);
  if (kept.length < 2) return setKeep(kept[0] ?? place, false);
  return select(keptPlaces(group).filter((one) => !members.includes(one)), t`keeping none of the ${plural(members.length, "same file")} with ${number(place + 1)}`);
}

/** Show all files of a cluster, or one for all. */
export function fold(place = state.cursor) {
  const { group } = state;
  if (!mayFold(group, place)) return;
  const mine = group.files[place].cluster;
  if (unfolded.group !== group.number) unfolded = { group: group.number, clusters: new Set() };
  if (!unfolded.clusters.delete(mine)) unfolded.clusters.add(mine);
  update({ cursor: face(group, place) });
  announce(isFolded(group, place) ? t`One card for the ${cluster(group, place).length} files ${sign(group.files[place])}` : t`All ${cluster(group, place).length} files ${sign(group.files[place])} are shown`);
}

/** Go to the card of a file, or to the one that stands for it. */
export function goTo(place) {
  all(`.card[data-place="${face(state.group, place)}"] .keep-box`)[0]?.focus();
}

