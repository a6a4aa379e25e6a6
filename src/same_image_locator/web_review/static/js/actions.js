// What a person can do to the open group: shown at once, sent in order, corrected by the answer.

import { api, Lost, Refused } from "./api.js";
import { way } from "./disposals.js";
import { afterFrame, announce } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { lookedAt } from "./looking.js";
import { choiceWish, GONE, isStale, preferWish, remember, tickWish } from "./merge.js";
import { asideBytes, canDecide, isFixed, kept, keptPlaces, proposal, state, undecided, update } from "./store.js";
import { toast } from "./toast.js";
import { bytes } from "./words.js";

const CONFIRMED = "sil-confirmed"; // the group to which this very window gave the first confirmation

let chain = Promise.resolve();
let waiting = 0;
let answered = 0;
let opening = 0;
let reopenSheet = () => {};

export function onConfirmedBefore(listener) {
  reopenSheet = listener;
}

export function explain(error) {
  if (error instanceof Lost) lost();
  else if (error instanceof Refused && error.status === 401) update({ connection: "stranger" });
  else if (error instanceof Refused) toast(error.message, { bad: true });
  else throw error;
}

/** A run that has said goodbye is not lost. */
function lost() {
  if (!state.session || state.session.phase !== "closed") update({ connection: "lost" });
}

/** Whether choices of this window are still on their way. */
export const isSending = () => waiting > 0;

/** How many choices of this window were taken since it was last asked: each is one version or more. */
export function takenSince() {
  const count = answered;
  answered = 0;
  return count;
}

/** Open a group; an answer that comes after the next wish is dropped. */
export async function open(wanted) {
  const mine = ++opening;
  await chain;
  try {
    const group = await api.group(wanted);
    if (mine !== opening) return;
    if (GONE.includes(group.state)) await openFirst();
    else show(group);
  } catch (error) {
    if (mine !== opening) return;
    if (error instanceof Refused && error.status === 404) await openFirst();
    else explain(error);
  }
}

/** Show a group that the server has just told, and its facts with it if they are known. */
export function show(group) {
  history.replaceState(null, "", `#/g/${group.number}`);
  update({ group: agreed(group), facts: group.facts, cursor: 0 });
  announce(t`Group ${group.number}, ${plural(group.files.length, "file")}. ${choiceWords(group)}`);
  if (group.facts) afterFrame(() => prefetch(group.next, group.number));
  else loadFacts(group.number);
  // A first confirmation counts where it was given, or when an earlier run has left it.
  const mine = sessionStorage.getItem(CONFIRMED) === String(group.number);
  if (group.finished_clicks && (mine || !group.armed) && canDecide(group)) reopenSheet();
}

/** Remember which window the first confirmation was given in; null when it no longer stands. */
export function confirmedHere(group) {
  if (group === null) sessionStorage.removeItem(CONFIRMED);
  else sessionStorage.setItem(CONFIRMED, String(group));
}

/** Take the server's word, and remember it as that on which both sides agree. */
function agreed(group) {
  group.agreed = keptPlaces(group);
  group.lookedAt = lookedAt(); // its place and its neighbours are told by that
  return group;
}

async function loadFacts(wanted) {
  try {
    const facts = await api.facts(wanted);
    if (state.group && state.group.number === wanted) update({ facts });
    prefetch(state.group && state.group.next, wanted);
  } catch (error) {
    explain(error);
  }
}

/** Have the next group's pictures ready, so that going on feels like turning a page. */
async function prefetch(next, present) {
  if (!next || next === present) return;
  const group = await api.group(next).catch(() => null); // nobody asked for it, nobody misses it
  for (const file of group ? group.files.slice(0, 12) : []) Object.assign(new Image(), { fetchPriority: "low", src: file.thumb });
}

export async function openFirst() {
  const page = await api.groups(0, 1);
  if (page.rows.length) await open(page.rows[0].number);
  else update({ group: null, facts: null });
}

/** Who its neighbours are depends on how this window looks: what was told before that is no longer so. */
async function openNeighbour(side) {
  if (state.group && state.group.lookedAt !== lookedAt()) await refresh();
  if (state.group?.[side]) await open(state.group[side]);
}

export const openNext = () => openNeighbour("next");
export const openPrevious = () => openNeighbour("previous");

export function choiceWords(group) {
  const keep = kept(group);
  const proposed = proposal(group);
  if (proposed !== null) {
    const files = group.files.map((file, place) => ({ ...file, keep: file.protected || place === proposed }));
    return t`Suggested: ${choiceWords({ ...group, own: true, files })}`;
  }
  const left = undecided(group).length;
  if (!left) return t`${plural(group.files.length, "file")}, no duplicates: all go home`;
  const apart = group.files.length - left;
  const besides = apart ? t`; ${plural(apart, "other picture")}` : "";
  if (!keep) return t`Nothing chosen yet${besides}`;
  const aside = left - keep;
  const gain = aside ? t`, ${way().gain} ${bytes(asideBytes(group))}` : "";
  return t`${number(keep)} kept, ${number(aside)} ${way().done}${gain}${besides}`;
}

/** Show the change, send it after those before it, and take the server's word in the end. */
function change(draw, send, wish) {
  const { group } = state;
  if (!canDecide(group)) return chain;
  draw(group);
  update();
  announce(choiceWords(group));
  waiting += 1;
  chain = chain.then(async () => {
    try {
      const answer = agreed(await send(group));
      answered += 1;
      group.rev = answer.rev;
      group.agreed = answer.agreed;
      if (waiting === 1 && state.group && state.group.number === group.number) update({ group: answer });
    } catch (error) {
      await correct(error, group, wish);
    } finally {
      waiting -= 1;
    }
  });
  return chain;
}

/** What was shown too early is taken back; a choice that came too late is not lost. */
async function correct(error, group, wish) {
  try {
    if (isStale(error)) return await remember(group, wish);
    explain(error);
    if (error instanceof Refused) await refresh();
  } catch (another) {
    explain(another);
  }
}

export async function refresh() {
  if (state.group) showPresent(await api.group(state.group.number));
}

/** Show a group as the server has just told it, if it is the one that is open. */
export function showPresent(group) {
  if (!state.group || state.group.number !== group.number) return;
  // A folder that was preferred in another window suggests another file.
  const another = group.facts && JSON.stringify(group.facts.suggestion) !== JSON.stringify(state.facts?.suggestion);
  update({ group: agreed(group), facts: another ? group.facts : state.facts });
}

export function setKeep(place, keep) {
  if (!canDecide(state.group)) return chain;
  if (state.group.files[place].apart) {
    toast(t`You said that it is another picture, so it goes home. History takes that back`, { seconds: 6 });
    return chain;
  }
  if (state.group.files[place].protected) {
    toast(t`It lies in a reference folder, so it stays where it is`, { seconds: 6 });
    return chain;
  }
  return change(
    (group) => { group.files[place].keep = keep; group.own = true; },
    (group) => api.keep(group.number, place, keep, group.rev),
    tickWish(state.group, place, keep),
  );
}

/** As a request names these files of a group. */
export const orAll = (group, places) => (places.length === group.files.length ? "all" : places);

export function select(places, words) {
  return change(
    (group) => { group.files.forEach((file, place) => { file.keep = isFixed(file) || places.includes(place); }); group.own = true; },
    (group) => api.select(group.number, orAll(group, places), group.rev),
    choiceWish(words, places),
  );
}

export const keepAll = () => state.group && select(state.group.files.map((_, place) => place), t`keeping all`);
export const keepNone = () => select([], t`clearing the choice`);
export const keepOnly = (place) => select([place], t`keeping only ${place + 1}`);

export function prefer(folder) {
  const { preferred, files } = state.group.folders[folder];
  const { number: mine } = state.group;
  const done = change(
    (group) => {
      group.folders[folder].preferred = !preferred;
      if (!preferred) group.files.forEach((file) => { file.keep = isFixed(file) || file.folder === folder; });
    },
    (group) => api.prefer(group.number, files[0], !preferred, group.rev),
    preferWish(state.group, folder, !preferred),
  );
  done.then(() => loadFacts(mine)); // what is suggested depends on it
  return done;
}

export function setAutoFinish(on) {
  return change(
    (group) => { group.auto_finish.on = on; },
    (group) => api.autoFinish(group.number, on),
    { words: [on ? t`switching auto-finish on` : t`switching auto-finish off`], on: (ticked) => ticked },
  );
}

/** Wait until everything chosen so far has reached the server. */
export const sent = () => chain;
