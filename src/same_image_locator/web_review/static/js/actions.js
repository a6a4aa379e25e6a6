// What a person can do to the open group: shown at once, sent in order, corrected by the answer.

import { api, Lost, Refused } from "./api.js";
import { announce } from "./dom.js";
import { asideBytes, kept, state, update } from "./store.js";
import { toast } from "./toast.js";
import { bytes, number, plural } from "./words.js";

let chain = Promise.resolve();
let waiting = 0;
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

const gone = (group) => ["settled", "undoing", "undone"].includes(group.state);

/** A run that has said goodbye is not lost. */
function lost() {
  if (!state.session || state.session.phase !== "closed") update({ connection: "lost" });
}

/** Open a group; an answer that comes after the next wish is dropped. */
export async function open(wanted) {
  const mine = ++opening;
  await chain;
  try {
    const group = await api.group(wanted);
    if (mine !== opening) return;
    if (gone(group)) await openFirst();
    else show(group);
  } catch (error) {
    if (mine !== opening) return;
    if (error instanceof Refused && error.status === 404) await openFirst();
    else explain(error);
  }
}

function show(group) {
  history.replaceState(null, "", `#/g/${group.number}`);
  update({ group, facts: null, cursor: 0 });
  announce(`Group ${group.number}, ${plural(group.files.length, "file")}. ${choiceWords(group)}`);
  loadFacts(group.number);
  if (group.finished_clicks) reopenSheet();
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
  for (const file of group ? group.files.slice(0, 12) : []) new Image().src = file.thumb;
}

export async function openFirst() {
  const page = await api.groups(0, 1);
  if (page.rows.length) await open(page.rows[0].number);
  else update({ group: null, facts: null });
}

export const openNext = () => state.group && state.group.next && open(state.group.next);
export const openPrevious = () => state.group && state.group.previous && open(state.group.previous);

export function choiceWords(group) {
  const keep = kept(group);
  if (!keep) return "Nothing chosen yet";
  const aside = group.files.length - keep;
  return `${number(keep)} kept, ${number(aside)} set aside${aside ? `, frees ${bytes(asideBytes(group))}` : ""}`;
}

/** Show the change, send it after those before it, and take the server's word in the end. */
function change(draw, send) {
  const { group } = state;
  if (!group || !["open", "attention"].includes(group.state)) return chain;
  draw(group);
  update();
  announce(choiceWords(group));
  waiting += 1;
  chain = chain.then(async () => {
    try {
      const answer = await send(group);
      group.rev = answer.rev;
      if (waiting === 1 && state.group && state.group.number === group.number) update({ group: answer });
    } catch (error) {
      explain(error);
      if (error instanceof Refused) await refresh();
    } finally {
      waiting -= 1;
    }
  });
  return chain;
}

export async function refresh() {
  if (!state.group) return;
  const group = await api.group(state.group.number);
  if (state.group && state.group.number === group.number) update({ group });
}

export function setKeep(place, keep) {
  return change(
    (group) => { group.files[place].keep = keep; },
    (group) => api.keep(group.number, place, keep, group.rev),
  );
}

export function select(places) {
  return change(
    (group) => group.files.forEach((file, place) => { file.keep = places.includes(place); }),
    (group) => api.select(group.number, places, group.rev),
  );
}

export const keepAll = () => state.group && select(state.group.files.map((_, place) => place));
export const keepNone = () => select([]);
export const keepOnly = (place) => select([place]);

export function prefer(folder) {
  const { preferred, files } = state.group.folders[folder];
  return change(
    (group) => {
      if (!preferred) group.files.forEach((file) => { file.keep = file.folder === folder; });
    },
    (group) => api.prefer(group.number, files[0], group.rev),
  );
}

export function setAutoFinish(on) {
  return change(
    (group) => { group.auto_finish.on = on; },
    (group) => api.autoFinish(group.number, on),
  );
}

/** Wait until everything chosen so far has reached the server. */
export const sent = () => chain;
