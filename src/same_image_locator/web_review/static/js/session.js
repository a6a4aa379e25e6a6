// Keeps up with the run: asks how it stands, notices loss and return, and tells the header.

import { explain, openFirst, refresh } from "./actions.js";
import { api } from "./api.js";
import { byId } from "./dom.js";
import { state, update } from "./store.js";
import { bytes, number } from "./words.js";

const OFTEN = 2000;
const LOST = 1000;

export async function refreshSession() {
  const session = await api.session();
  const before = state.session;
  const returned = state.connection !== "ok";
  update({ session, connection: "ok" });
  if (session.phase !== "review") return;
  if (!state.group) await openFirst();
  else if (returned || (before && before.version !== session.version)) await settleGroup();
}

/** The open group may have been changed or finished from another window. */
async function settleGroup() {
  const { group } = state;
  const now = await api.group(group.number);
  if (["settled", "undone", "undoing"].includes(now.state)) await openFirst();
  else if (now.rev !== group.rev || now.state !== group.state) await refresh();
}

const isOver = () => (state.session && state.session.phase === "closed") || state.connection === "stranger";

export async function keepUp() {
  if (isOver()) return;
  try {
    await refreshSession();
  } catch (error) {
    explain(error);
  }
  if (!isOver()) setTimeout(keepUp, state.connection === "ok" ? OFTEN : LOST);
}

export function drawHeader({ session }) {
  if (!session) return;
  const { groups, waiting, set_aside_bytes: aside, freed_bytes: freed } = session.totals;
  const done = groups - waiting;
  const bar = byId("progress");
  bar.max = Math.max(1, groups);
  bar.value = done;
  const space = freed ? ` · ${bytes(freed)} freed` : aside ? ` · ${bytes(aside)} set aside` : "";
  byId("progress-words").textContent = `${number(done)} of ${number(groups)} groups decided${space}`;
  document.title = waiting ? `${number(waiting)} to go · Same Image Locator` : "Same Image Locator";
}
