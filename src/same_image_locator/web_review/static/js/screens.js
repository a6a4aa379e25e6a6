// The screens beside the groups: all decided, run over, program lost, page of another run.

import { explain, sent } from "./actions.js";
import { api } from "./api.js";
import { backButton, buttonRow } from "./dialogs.js";
import { bdi, button, byId, fill, h } from "./dom.js";
import { showAll } from "./filters.js";
import { showHistory } from "./history.js";
import { plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { isNarrowed } from "./looking.js";
import { said } from "./said.js";
import { searchWords } from "./search.js";
import { readOnly, update } from "./store.js";
import { hideToast } from "./toast.js";
import { bytes } from "./words.js";

let drawn = "";

export function drawScreen({ session, connection, group }) {
  const kind = kindOf(session, connection, group);
  const content = kind + JSON.stringify(session && [session.totals, session.trouble, kind === "searching" && session.search]);
  byId("screen").hidden = !kind;
  if (drawn === content) return;
  drawn = content;
  if (kind === "closed") hideToast();
  document.body.classList.toggle("alone", ["stranger", "closed"].includes(kind));
  const screens = { lost, stranger, loading, searching, unfit, nothing, offer, closed };
  const bad = ["lost", "stranger"].includes(kind) || (kind === "closed" && session.trouble);
  if (kind) fill(byId("screen"), h("div", { class: `panel ${kind} ${bad ? "bad" : ""}`, role: bad ? "alert" : null }, screens[kind](session)));
}

function kindOf(session, connection, group) {
  if (connection !== "ok") return connection;
  if (!session) return "loading";
  if (session.phase !== "review") return session.phase;
  if (group) return "";
  if (isNarrowed() && session.totals.waiting) return "unfit";
  if (session.search && !session.totals.waiting) return "searching";
  return session.read_only && !session.totals.waiting ? "nothing" : "loading";
}

const loading = () => [h("p", { class: "note" }, t`Loading…`)];

const searching = ({ search }) => [
  icon("search"),
  h("h2", {}, t`All groups so far are decided`),
  h("p", {}, t`The search for more goes on`, search.step ? `: ${searchWords(search).join(", ")}.` : "."),
  h("p", { class: "note" }, t`The next group opens here by itself. You can stop at any time: the next run goes on from here.`),
];

const unfit = ({ search, totals: { waiting } }) => [
  icon("filter"),
  h("h2", {}, t`No group fits what you look for`),
  h("p", {}, t`${plural(waiting, "group waits", "groups wait")} beside it.`, search && t` One that fits and is still to be found opens here by itself.`),
  buttonRow(button("primary ready", showAll, t`Show all groups`)),
];

const lost = () => [
  icon("attention"),
  h("h2", {}, t`The program does not answer`),
  h("p", {}, t`It may have been stopped. Your choices are saved, and no photo is lost: run the same command again to go on.`),
  h("p", { class: "note" }, t`This page goes on by itself as soon as the program answers.`),
];

const stranger = () => [
  icon("attention"),
  h("h2", {}, t`This page belongs to another run`),
  h("p", {}, t`Open the address that the program has printed in the terminal. For your safety it is new in every run.`),
];

function offer(session) {
  const { set_aside: count, set_aside_bytes: size, settled, trashed, removed } = session.totals;
  if (!count) {
    const why = trashed || removed ? t`No file is set aside any more.` : t`Nothing was set aside, so there is no space to free.`;
    return [icon("check"), h("h2", {}, t`All groups are decided`), h("p", {}, why),
      buttonRow(button("primary ready", () => answer(false), t`Done`))];
  }
  return [
    icon("check"),
    h("h2", {}, t`All groups are decided`),
    h("p", {}, t`${plural(settled, "group")} settled. ${plural(count, "file")}, ${bytes(size)}, are set aside in`),
    h("p", { class: "path" }, bdi(session.decision_folder)),
    h("p", { class: "question" }, t`Free ${bytes(size)} now?`),
    buttonRow(
      button("quiet", () => answer(false), t`No, keep them set aside`),
      button("primary ready", () => askFree(count, size), t`Yes, free ${bytes(size)}`),
    ),
    h("p", { class: "note" }, t`Not sure? Look at the `, button("link", showHistory, t`history`), t` and undo any group first.`),
  ];
}

function closed(session) {
  if (session.trouble) return stoppedByTrouble(session);
  if (session.read_only) return lookedEnough();
  const { waiting, set_aside: count, freed_bytes: freed } = session.totals;
  const left = waiting > 0 || session.search;
  return [
    icon(left ? "stop" : "check"),
    h("h2", {}, left ? t`Stopped for now` : t`All done`),
    h("dl", { class: "summary" }, facts(session.totals)),
    left && h("p", {}, whatIsLeft(session)),
    !freed && count > 0 && h("p", {}, t`The files that were set aside are still in `, bdi(session.decision_folder), t`. The terminal tells how to undo, and how to free the space later.`),
    h("p", { class: "note" }, t`You can close this page.`),
  ];
}

function whatIsLeft({ search, totals: { waiting } }) {
  const groups = waiting ? t`${plural(waiting, "group waits", "groups wait")} for you. ` : "";
  const searched = search ? t`The search was not over. ` : "";
  return t`${groups}${searched}Run the same command again to go on.`;
}

function facts(totals) {
  const { settled, kept, undone, set_aside: count, set_aside_bytes: size, trashed, removed } = totals;
  const rows = [[t`Groups settled`, plural(settled, "group")], [t`Files kept`, plural(kept, "file")]];
  if (undone) rows.push([t`Undone`, plural(undone, "group")]);
  if (trashed) rows.push([t`In the trash`, `${plural(trashed, "file")}, ${bytes(totals.trashed_bytes)}`]);
  if (removed) rows.push([t`Removed for good`, `${plural(removed, "file")}, ${bytes(totals.removed_bytes)}`]);
  if (totals.freed_bytes) rows.push([t`Space freed`, bytes(totals.freed_bytes)]);
  else if (count || !(trashed || removed)) rows.push([t`Set aside`, `${plural(count, "file")}, ${bytes(size)}`]);
  return rows.map(([name, value]) => fact(name, value));
}

const stoppedByTrouble = (session) => [
  icon("attention"),
  h("h2", {}, t`The run could not go on`),
  h("p", { class: "trouble" }, said(session.trouble)),
  h("p", { class: "note" }, t`Your choices are saved. When the trouble is mended, run the same command again.`),
];

const lookedEnough = () => [
  icon("eye"),
  h("h2", {}, t`You have stopped looking`),
  h("p", {}, t`Nothing was changed here. The other run goes its own way.`),
  h("p", { class: "note" }, t`You can close this page.`),
];

const nothing = () => [icon("check"), h("h2", {}, t`No group waits here`), h("p", {}, t`There is nothing left to look at in this folder.`)];

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

async function answer(yes, nonce) {
  try {
    update({ session: yes ? await api.confirmFree(nonce) : await api.freeSpace(false) });
  } catch (error) {
    explain(error);
  }
}

/** The one step without a way back is asked for twice. */
async function askFree(count, size) {
  try {
    const { nonce } = await api.freeSpace(true);
    ask(t`Delete ${plural(count, "file")} for good?`,
      t`This frees ${bytes(size)} and cannot be undone. Your kept files stay where they are.`,
      { label: t`Delete ${plural(count, "file")}`, danger: true, run: () => answer(true, nonce) });
  } catch (error) {
    explain(error);
  }
}

export function askStop() {
  const [title, text] = readOnly()
    ? [t`Stop looking?`, t`Only this look ends. The other run goes on, and nothing is changed.`]
    : [t`Stop for now?`, t`Groups that are not finished wait, with your choices, until you run the program again.`];
  ask(title, text, {
    label: t`Stop`,
    run: async () => {
      try {
        await sent();
        update({ session: await api.stop() });
      } catch (error) {
        explain(error);
      }
    },
  });
}

function ask(title, text, { label, danger = false, run }) {
  const dialog = byId("ask");
  fill(dialog,
    h("h2", { id: "ask-title", tabindex: "-1", autofocus: true }, title),
    h("p", {}, text),
    buttonRow(
      backButton(() => dialog.close()),
      button(danger ? "danger" : "primary ready", () => { dialog.close(); run(); }, label),
    ));
  dialog.showModal();
}
