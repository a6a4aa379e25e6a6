// Finishing: the first confirmation opens the sheet that tells what will happen, the second does it.

import { confirmedHere, explain, open, openFirst, refresh, sent } from "./actions.js";
import { api, Refused } from "./api.js";
import { outcome } from "./disposals.js";
import { announce, byId } from "./dom.js";
import { undoLast } from "./history.js";
import { t } from "./i18n.js";
import { choiceWish, forget, hasConflict, isStale, remember, tellSettled } from "./merge.js";
import { said } from "./said.js";
import { refreshSession } from "./session.js";
import { wantsSidecars } from "./sidecars.js";
import { closeSheet, sheetIsOpen, showEffects, showNone } from "./sheet.js";
import { canDecide, kept, keptPlaces, state, undecided } from "./store.js";
import { isAccepted, takeUp } from "./suggestion.js";
import { toast } from "./toast.js";

let armed = null; // the first confirmation: its group, revision, ticks, and the nonce for the second
let shown = null; // what the open sheet is about, whether it is armed yet or not
let busy = false;
const settledHere = new Set();

/** Whether this very window has settled a group, so that it was no other. */
export const isSettledHere = (number) => settledHere.has(number);

export const isFinishing = () => busy;

export function startFinish() {
  const sheet = byId("sheet");
  sheet.addEventListener("cancel", (event) => { event.preventDefault(); takeBack(); });
  sheet.addEventListener("click", (event) => { if (event.target === sheet) takeBack(); });
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.repeat || event.target.closest("button, input:not([type=checkbox])")) return;
    event.preventDefault();
    confirm();
  });
}

/** The first confirmation. */
export async function finish() {
  if (busy || !canDecide(state.group)) return;
  busy = true;
  const taken = takeUp(state.group);
  await sent();
  const { group } = state;
  try {
    // What was proposed may not have been saved, or the group is another one by now.
    if (mayGoOn(group) && (taken === null || isAccepted(group, taken))) await first(group);
  } catch (error) {
    await failed(error, about(group));
  } finally {
    busy = false;
  }
}

async function first(group) {
  const steps = { back: takeBack, confirm };
  if (!kept(group) && undecided(group).length && group.mode !== "exact") {
    showNone(group, { ...steps, sure });
    shown = about(group);
    return;
  }
  const effects = await arm(group, {});
  const what = showEffects(group, effects, steps);
  announce(t`${what}? Press Enter again to confirm, Escape to take it back.`);
}

/** Two windows want different things of this group: that is settled first. */
function mayGoOn(group) {
  if (!canDecide(group)) return false;
  if (!hasConflict(group.number)) return true;
  toast(t`First say which choice holds: yours, or the other window's`, { seconds: 6 });
  return false;
}

const about = (group) => ({ number: group.number, rev: group.rev, agreed: group.agreed, keep: keptPlaces(group) });

async function arm(group, more) {
  const effects = await api.finish(group.number, group.rev, more);
  armed = { ...about(group), nonce: effects.nonce };
  shown = armed;
  confirmedHere(group.number);
  return effects;
}

/** The extra yes to keeping nothing. */
async function sure(checked) {
  byId("confirm").disabled = true;
  if (!checked) return;
  try {
    await arm(state.group, { allow_none: true });
    byId("confirm").disabled = false;
  } catch (error) {
    closeSheet();
    await failed(error, shown);
  }
}

/** A double-click with auto-finish on and exactly one file chosen is both confirmations. */
export async function autoFinish() {
  await sent();
  const { group } = state;
  if (busy || !group || !group.auto_finish.on || !mayGoOn(group)) return;
  if (kept(group) !== 1) {
    toast(t`Auto-finish needs exactly one chosen file`, { seconds: 5 });
    return;
  }
  await atOnce(group, { auto: true });
}

/** What sets nothing aside, and was asked for by a dialog of its own, needs no sheet. */
export async function settleAsItIs() {
  const { group } = state;
  if (!busy && mayGoOn(group) && keptPlaces(group).length === group.files.length) await atOnce(group, {});
}

async function atOnce(group, more) {
  busy = true;
  try {
    await arm(group, more);
    busy = false;
    await confirm();
  } catch (error) {
    await failed(error, about(group));
  } finally {
    busy = false;
  }
}

async function takeBack() {
  closeSheet();
  const { group } = state;
  const first = armed;
  armed = shown = null;
  confirmedHere(null);
  announce(t`Taken back. Nothing was changed.`);
  try {
    if (group && (first || group.finished_clicks)) await api.takeBack(group.number, first?.nonce);
    if (group) group.finished_clicks = 0;
  } catch (error) {
    if (!isStale(error)) explain(error); // finished elsewhere: there is nothing left to take back
  }
}

/** The second confirmation. */
async function confirm() {
  const button = byId("confirm");
  if (!armed || busy || (sheetIsOpen() && button && button.disabled)) return;
  const given = armed;
  const sidecars = sheetIsOpen() && wantsSidecars();
  armed = shown = null;
  confirmedHere(null);
  busy = true;
  if (button) button.disabled = true;
  try {
    await settled(given.number, await api.confirm(given.number, given.nonce, sidecars));
  } catch (error) {
    closeSheet();
    await failed(error, given);
  } finally {
    busy = false;
  }
}

async function settled(number, done) {
  settledHere.add(number);
  forget(number);
  closeSheet();
  const words = done.pending ? t`Group ${number} is still being settled` : [t`Group ${number} settled: ${outcome(done)}`, ...done.problems.map(said)].join(". ");
  const undoable = !done.pending && done.disposal === "quarantine";
  toast(words, { action: undoable ? { label: t`Undo`, run: undoLast } : null });
  announce(words);
  if (state.group && state.group.number === number) state.group.state = done.state;
  busy = false;
  if (done.next) await open(done.next);
  else await openFirst();
  await refreshSession();
}

/** A refused confirmation: when another window was faster, what was chosen here is offered again. */
async function failed(error, given) {
  try {
    if (!isStale(error)) {
      explain(error);
      if (error instanceof Refused) await refresh();
      return;
    }
    const { present, offered } = await remember(given, choiceWish(t`your finish`, given.keep));
    if (offered) return;
    if (present.outcome) tellSettled(present);
    else toast(t`${error.message}. Nothing was settled by that`, { bad: true });
  } catch (another) {
    explain(another);
  }
}

/** The group of the open sheet was changed elsewhere: what the sheet says holds no longer. */
export async function leaveSheet(present) {
  if (!sheetIsOpen() || !shown || shown.number !== present.number) return false;
  if (present.rev === shown.rev && canDecide(present)) return false;
  const given = shown;
  armed = shown = null;
  confirmedHere(null);
  closeSheet();
  const { offered } = await remember(given, choiceWish(t`your finish`, given.keep));
  if (!offered && present.outcome) tellSettled(present);
  else if (!offered) toast(t`Changed in another window: look at the group again, then finish`, { seconds: 6 });
  return true;
}
