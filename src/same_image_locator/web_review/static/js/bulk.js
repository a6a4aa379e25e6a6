// Accepting the suggestions of all groups in view: it asks twice, shows how far it is, and what came of it.

import { explain, open, sent } from "./actions.js";
import { api, Refused } from "./api.js";
import { acting, preview, question, refusal, result, updateProgress } from "./bulk_views.js";
import { dialogHead } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { showHistory } from "./history.js";
import { number, t } from "./i18n.js";
import { showQueue } from "./queue.js";
import { refreshSession } from "./session.js";
import { readOnly, state } from "./store.js";
import { toast } from "./toast.js";

const PAUSE = 400; // milliseconds between two looks at how far it is
const CHOICES = {
  identical: [t`Identical only`, t`All files of a group have the same bytes or the same pixels`],
  clear: [t`Identical and clear`, t`Also verified copies of which one is plainly better, and nothing would be missed`],
};

let auto = "identical";
let copies = null; // the folder to clear, and the one to keep; null for the suggestions in view
let job = null; // a preview or an action, as the server has told it last
let asked = 0; // which question is the latest; the answer to an older one is dropped
let sure = false; // the preview was accepted, and the second yes is asked for
let drawn = "";

const dialog = byId("bulk");
const isRunning = () => job !== null && job.standing === "running";
const isAction = () => job !== null && job.kind !== "preview";

/** Whether this very window watches many groups being settled or undone, so that it was no other. */
export const isActingOnMany = () => isAction() && (isRunning() || dialog.open);

/** Show what could be accepted in view, or how far that is which runs already. */
export function acceptMany() {
  if (state.session?.phase === "review" && !readOnly()) show();
}

/** Show what clearing one folder of what another has, too, would do. */
export function clearCopies(folders) {
  if (!readOnly()) show(folders);
}

/** Look at the groups in view or in two folders, or at an action that runs already. */
function show(folders = null) {
  const running = state.session.bulk;
  copies = folders;
  frame();
  if (isAction() && isRunning()) draw();
  else if (running) watch(running.kind, () => api.job(running.job));
  else look();
}

/** Undo all that one action has accepted. */
export const undoMany = (action) => undo(() => api.bulkUndo(action));

/** Undo what an earlier run has settled: one group, or all of it. */
export const undoEarlier = (run, number) => undo(() => api.undoEarlier(run, number));

function undo(ask) {
  byId("history").close();
  frame();
  watch("undo", ask);
}

/** The parts of the dialog that stay, so that the focus does, too. */
function frame() {
  if (!dialog.childElementCount) build();
  drawn = "";
  if (!dialog.open) dialog.showModal();
  byId("bulk-title").focus();
}

function build() {
  dialog.addEventListener("cancel", (event) => {
    if (!sure) return;
    event.preventDefault();
    answer(false);
  });
  dialog.addEventListener("close", () => {
    sure = false;
    if (!isAction()) forget();
  });
  fill(dialog,
    dialogHead("bulk-title", ""),
    h("fieldset", { id: "bulk-choice", class: "bulk-choice" }, h("legend", { class: "unseen" }, t`How sure a suggestion has to be`), Object.entries(CHOICES).map(choice)),
    h("div", { id: "bulk-body" }),
    h("p", { id: "bulk-live", class: "unseen", role: "status" }),
    h("div", { id: "bulk-buttons", class: "dialog-buttons" }));
}

function choice([value, [words, note]]) {
  const box = h("input", { type: "radio", name: "bulk-auto", value, checked: value === auto, onchange: () => { auto = value; look(); } });
  return h("label", { class: "check" }, box, h("span", {}, words, h("small", {}, note)));
}

function look() {
  forget();
  sure = false;
  watch("preview", async () => {
    await sent();
    return copies ? api.bulkFolders(auto, copies) : api.bulkPreview(auto);
  });
}

/** What a preview that still runs would tell, nobody waits for. */
function forget() {
  asked += 1;
  if (isRunning() && job.job) api.stopJob(job.job).catch(() => {}); // it may be known no longer
}

/** Ask for a job, and follow it to its end. */
async function watch(kind, ask) {
  const mine = ++asked;
  job = { kind, standing: "running", done: 0, total: 0 };
  draw();
  try {
    let now = await ask();
    while (mine === asked) {
      job = now;
      draw();
      if (!isRunning()) break;
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
      if (mine === asked) now = await api.job(job.job);
    }
    if (mine === asked && isAction()) await ended();
  } catch (error) {
    if (mine === asked) failed(error);
  }
}

async function ended() {
  if (!dialog.open) toast(result(job, STEPS).title, { action: { label: t`Show`, run: () => { frame(); draw(); } } });
  await refreshSession();
}

function failed(error) {
  job = null;
  sure = false;
  if (error instanceof Refused && error.status !== 401 && dialog.open) {
    byId("bulk-choice").hidden = true;
    tell("refused", refusal(error.message, STEPS));
    return;
  }
  dialog.close();
  explain(error);
}

/** The second yes, or back to the preview. */
function answer(yes) {
  if (yes) {
    const { token } = job.preview;
    sure = false;
    watch("apply", () => api.bulkApply(token));
  } else {
    sure = false;
    draw();
  }
}

const STEPS = {
  close: () => dialog.close(),
  accept: () => { sure = true; draw(); },
  answer,
  stop: () => { if (job.job) api.stopJob(job.job).catch(failed); },
  undo: () => undoMany(job.job),
  history: () => { dialog.close(); showHistory(); },
  open: (number) => { dialog.close(); showQueue(false); open(number); },
};

function draw() {
  byId("bulk-choice").hidden = isAction() || sure;
  if (isRunning()) {
    tell(`runs ${job.kind}`, acting(job, STEPS, copies));
    updateProgress(job);
  } else if (isAction()) tell(`result ${job.job}`, result(job, STEPS));
  else if (sure) tell("question", question(job.preview, STEPS));
  else tell(`preview ${job.job}`, preview(job, STEPS, copies));
}

/** Show a step; the focus goes to its title, unless the choice above has it. */
function tell(what, { title, parts, buttons, said = undefined }) {
  if (drawn === what) return;
  drawn = what;
  fill(byId("bulk-title"), title);
  fill(byId("bulk-body"), parts);
  fill(byId("bulk-buttons"), buttons);
  byId("bulk-live").textContent = said ?? byId("bulk-title").textContent;
  if (dialog.open && !byId("bulk-choice").contains(document.activeElement)) byId("bulk-title").focus();
}

/** The buttons above the list: one of them tells how far an action is. */
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
