// What this run has finished, and the way back for each of it.

import { explain, openFirst } from "./actions.js";
import { toldApart } from "./apart.js";
import { api } from "./api.js";
import { undoMany } from "./bulk.js";
import { acceptedWords, outcome } from "./disposals.js";
import { dialogHead } from "./dialogs.js";
import { announce, bdis, button, byId, fill, h } from "./dom.js";
import { plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { earlierRuns, whereabouts } from "./past.js";
import { said } from "./said.js";
import { refreshSession } from "./session.js";
import { state } from "./store.js";
import { hideToast, toast } from "./toast.js";
import { bytes, changed } from "./words.js";

let undoing = false;

export async function showHistory() {
  try {
    await drawNow();
    if (!byId("history").open) byId("history").showModal();
  } catch (error) {
    explain(error);
  }
}

async function drawNow() {
  const [past, told] = await Promise.all([api.history(), api.told()]);
  draw(past, told);
}

function draw(past, told) {
  const { groups, earlier } = past;
  fill(byId("history"),
    dialogHead("history-title", t`History`, null),
    groups.length
      ? h("ul", { class: "history" }, entries(past))
      : h("p", { class: "note" }, earlier.length ? t`Nothing is finished in this run yet.` : t`Nothing is finished yet. Every finished group will be here, with a way back.`),
    earlierRuns(earlier),
    toldApart(told, (left) => draw(past, left)),
  );
}

/** What was accepted at once is one entry, at the place of its latest group. */
function entries({ groups, bulks }) {
  const actionOf = new Map(bulks.flatMap((bulk) => bulk.groups.map((group) => [group, bulk])));
  const byAction = Map.groupBy(groups, (group) => actionOf.get(group.number) ?? group);
  return [...byAction].map(([entry, those]) => (bulks.includes(entry) ? many(entry, those) : line(entry)));
}

function many({ job, at_ms: at, groups, undoable, copies, files, bytes: size }, those) {
  const undone = groups.length - undoable;
  const lines = h("ul", { class: "history" });
  const show = (event) => { if (event.target.open && !lines.childElementCount) fill(lines, those.map(line)); };
  return h("li", { class: "many" },
    h("div", {},
      h("strong", {}, acceptedWords(groups.length, copies)),
      h("span", {}, t`${plural(files, "file")} set aside (${bytes(size)})`, undone > 0 && t`; ${plural(undone, "group")} undone since`),
      h("span", { class: "names" }, changed(at))),
    undoable > 0 && state.session.phase !== "closed" && button("quiet", () => undoMany(job), [icon("undo"), t`Undo all`]),
    h("details", { ontoggle: show }, h("summary", {}, t`The ${plural(groups.length, "group")}`), lines),
  );
}

function line(group) {
  const undone = group.state === "undone";
  return h("li", {},
    h("div", {},
      h("strong", {}, t`Group ${group.number}`),
      h("span", {}, undone ? t`Undone: all files are back home` : outcome(group)),
      h("span", { class: "names" }, bdis(group.names)),
      group.reason && h("span", { class: "renamed" }, said(group.reason)),
      group.problems.map((problem) => h("span", { class: "renamed" }, said(problem))),
    ),
    group.state === "settled" && group.disposal === "quarantine" && state.session.phase !== "closed" && button("quiet", () => undo(group.number), [icon("undo"), t`Undo`]),
    whereabouts(group.number),
  );
}

export async function undo(number) {
  if (undoing) return;
  undoing = true;
  try {
    const done = await api.undo(number);
    const words = done.pending
      ? t`Group ${number} is still being undone`
      : [t`Group ${number} undone: its files are back where they came from`, done.reason && said(done.reason)].filter(Boolean).join(". ");
    toast(words);
    announce(words);
    await refreshSession();
    if (byId("history").open) await drawNow();
    if (state.session.phase === "review" && !state.group) await openFirst();
  } catch (error) {
    explain(error);
  } finally {
    undoing = false;
  }
}

/** Undo the group finished last that is not undone yet, or all that was accepted at once with it. */
export async function undoLast() {
  hideToast();
  try {
    const { groups, bulks } = await api.history();
    const last = groups.find((group) => group.state === "settled" && group.disposal === "quarantine");
    const action = last && bulks.find((bulk) => bulk.groups.includes(last.number));
    if (action) await undoMany(action.job);
    else if (last) await undo(last.number);
    else toast(t`There is nothing to undo`, { seconds: 5 });
  } catch (error) {
    explain(error);
  }
}
