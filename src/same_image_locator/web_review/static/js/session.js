// Keeps up with the run: asks how it stands, notices loss and return, and tells the header.

import { explain, isSending, openFirst, show, showPresent, takenSince } from "./actions.js";
import { api } from "./api.js";
import { isActingOnMany } from "./bulk.js";
import { way } from "./disposals.js";
import { byId, fill, h } from "./dom.js";
import { isFinishing, isSettledHere, leaveSheet } from "./finish.js";
import { number, t } from "./i18n.js";
import { icon } from "./icons.js";
import { GONE, tellChange, tellSettled } from "./merge.js";
import { begunWith } from "./queue.js";
import { said } from "./said.js";
import { readOnly, state, update } from "./store.js";
import { bytes } from "./words.js";

const OFTEN = 2000; // milliseconds between two questions, each answered at once
const SOON = 300; // between two that the program answers when there are news: these may be many
const LOST = 1000;

let accounted = 0; // the version up to which the open group is as this window shows it
let waits = false; // whether the program has let this window wait for news

/** Ask how the run stands: at once, or once it is no longer as at a version. */
export async function refreshSession(after = undefined) {
  const { waited = false, ...session } = await api.session(after);
  const taken = takenSince();
  waits = waited && !taken && !isSending(); // while a person chooses here, that goes before news
  const returned = state.connection !== "ok";
  update({ session, connection: "ok" });
  if (session.phase !== "review") return;
  // What this window has on its way will be answered; that answer tells more.
  if (isSending() && !returned) return;
  const mine = session.version - accounted <= taken; // the answers have told it
  accounted = session.version;
  if (!state.group) await openFirst();
  else if (returned || !mine) await settleGroup();
}

/** The open group may have been changed or finished from another window. */
async function settleGroup() {
  const { group } = state;
  const now = await api.group(group.number).catch((error) => {
    if (error.status === 404) return null; // in a folder that is only looked at, groups go
    throw error;
  });
  if (isSending() || isFinishing() || state.group !== group) return;
  if (now && now.rev < group.rev) return;
  if (now && (await leaveSheet(now))) return;
  if (!now || GONE.includes(now.state)) {
    if (now && !isSettledHere(now.number) && !isActingOnMany()) tellSettled(now);
    await openFirst();
    return;
  }
  if (!readOnly()) tellChange(group.agreed, now);
  showPresent(now);
}

/** Show what the page's first request has brought, in one go, and keep up from then on. */
export async function begin(opening) {
  try {
    const { session, group, queue } = await opening;
    begunWith(queue);
    accounted = session.version;
    update({ session });
    if (group && GONE.includes(group.state)) await openFirst();
    else if (group) show(group);
  } catch (error) {
    explain(error);
  }
  followUp();
}

const isOver = () => (state.session && state.session.phase === "closed") || state.connection === "stranger";

async function keepUp() {
  if (isOver()) return;
  try {
    await refreshSession(mayWait() ? state.session.version : undefined);
  } catch (error) {
    waits = false;
    explain(error);
  }
  followUp();
}

/** Few windows can wait at once: one that nobody sees leaves its place to others. */
const mayWait = () => !document.hidden && state.connection === "ok" && state.session !== null;

function followUp() {
  if (!isOver()) setTimeout(keepUp, state.connection !== "ok" ? LOST : waits ? SOON : OFTEN);
}

export function drawHeader({ session }) {
  if (!session) return;
  drawBanner(session);
  byId("help-way").textContent = way().help;
  const { groups, waiting, set_aside_bytes: aside, chosen_bytes: chosen, freed_bytes, removed_bytes: removed } = session.totals;
  const freed = freed_bytes + removed;
  const done = groups - waiting;
  const bar = byId("progress");
  bar.max = Math.max(1, groups);
  bar.value = done;
  const space = freed ? t` · ${bytes(freed)} freed` : aside ? t` · ${bytes(aside)} set aside` : "";
  const ticked = chosen ? t` · ${bytes(chosen)} chosen` : "";
  const yet = session.search ? t` so far` : "";
  const words = t`${number(done)} of ${number(groups)} groups decided${yet}${ticked}${space}`;
  byId("progress-words").textContent = session.read_only ? "" : words;
  const now = waiting ? t`${number(waiting)} to go · ` : session.search && session.phase === "review" ? t`Searching · ` : "";
  document.title = `${now}Same Image Locator`;
}

/** The reason why nothing can be decided here, above everything else. */
function drawBanner(session) {
  const banner = byId("banner");
  document.body.classList.toggle("looking", Boolean(session.read_only));
  banner.hidden = !session.read_only || session.phase === "closed";
  if (banner.dataset.words === session.read_only) return;
  banner.dataset.words = session.read_only;
  fill(banner, icon("eye"), h("span", {}, said(session.read_only)));
}
