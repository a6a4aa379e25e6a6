// The door to accepting many suggestions at once: a button and a key lead here. The rest is loaded then.

import { explain } from "./actions.js";
import { Lost } from "./api.js";
import { byId } from "./dom.js";
import { number, t } from "./i18n.js";
import { readOnly, state } from "./store.js";

let dialog = null; // the module that shows it
let loading = null;

/** Whether this very window watches many groups being settled or undone, so that it was no other. */
export const isActingOnMany = () => Boolean(dialog && dialog.isActing());

/** Show what could be accepted in view, or how far that is which runs already. */
export async function acceptMany() {
  const { session } = state;
  if (!session || session.phase !== "review" || readOnly()) return;
  if (await loaded()) dialog.show(session.bulk);
}

/** Show what clearing one folder of what another has, too, would do. */
export async function clearCopies(copies) {
  if (!readOnly() && await loaded()) dialog.show(state.session.bulk, copies);
}

/** Undo all that one action has accepted. */
export async function undoMany(action) {
  if (await loaded()) dialog.undo(action);
}

/** Undo what an earlier run has settled: one group, or all of it. */
export async function undoEarlier(run, number) {
  if (await loaded()) dialog.undoEarlier(run, number);
}

async function loaded() {
  try {
    loading ??= import("./bulk_dialog.js");
    dialog = await loading;
    return true;
  } catch {
    loading = null;
    explain(new Lost(t`The program does not answer`));
    return false;
  }
}

export function drawBulk({ session }) {
  if (!session) return;
  const button = byId("bulk-open");
  const { bulk } = session;
  button.hidden = readOnly() || (!session.totals.waiting && !bulk);
  const doing = bulk?.kind === "undo" ? t`Undoing` : t`Accepting`;
  const words = bulk ? t`${doing}: ${number(bulk.done)} of ${number(bulk.total)}` : t`Accept suggestions…`;
  if (button.textContent !== words) button.textContent = words;
  byId("folders-open").hidden = !session.totals.waiting;
}
