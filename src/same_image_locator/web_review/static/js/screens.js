// The screens beside the groups: all decided, run over, program lost, page of another run.

import { explain, sent } from "./actions.js";
import { api } from "./api.js";
import { bdi, byId, fill, h } from "./dom.js";
import { showHistory } from "./history.js";
import { icon } from "./icons.js";
import { update } from "./store.js";
import { hideToast } from "./toast.js";
import { bytes, plural } from "./words.js";

let drawn = "";

export function drawScreen({ session, connection, group }) {
  const kind = connection !== "ok" ? connection : !session ? "loading" : session.phase === "review" ? (group ? "" : "loading") : session.phase;
  const content = kind + JSON.stringify(session && session.totals);
  byId("screen").hidden = !kind;
  if (drawn === content) return;
  drawn = content;
  if (kind === "closed") hideToast();
  document.body.classList.toggle("alone", ["stranger", "closed"].includes(kind));
  const screens = { lost, stranger, loading, offer, closed };
  if (kind) fill(byId("screen"), h("div", { class: `panel ${kind}`, role: ["lost", "stranger"].includes(kind) ? "alert" : null }, screens[kind](session)));
}

const loading = () => [h("p", { class: "note" }, "Loading…")];

const lost = () => [
  icon("attention"),
  h("h2", {}, "The program does not answer"),
  h("p", {}, "It may have been stopped. Your choices are saved, and no photo is lost: run the same command again to go on."),
  h("p", { class: "note" }, "This page goes on by itself as soon as the program answers."),
];

const stranger = () => [
  icon("attention"),
  h("h2", {}, "This page belongs to another run"),
  h("p", {}, "Open the address that the program has printed in the terminal. For your safety it is new in every run."),
];

function offer(session) {
  const { set_aside: count, set_aside_bytes: size, settled } = session.totals;
  if (!count) {
    return [icon("check"), h("h2", {}, "All groups are decided"), h("p", {}, "Nothing was set aside, so there is no space to free."),
      actions(h("button", { type: "button", class: "primary ready", onclick: () => answer(false) }, "Done"))];
  }
  return [
    icon("check"),
    h("h2", {}, "All groups are decided"),
    h("p", {}, `${plural(settled, "group")} settled. ${plural(count, "file")}, ${bytes(size)}, are set aside in`),
    h("p", { class: "path" }, bdi(session.decision_folder)),
    h("p", { class: "question" }, `Free ${bytes(size)} now?`),
    actions(
      h("button", { type: "button", class: "quiet", onclick: () => answer(false) }, "No, keep them set aside"),
      h("button", { type: "button", class: "primary ready", onclick: () => askFree(count, size) }, `Yes, free ${bytes(size)}`),
    ),
    h("p", { class: "note" }, "Not sure? Look at the ", h("button", { type: "button", class: "link", onclick: showHistory }, "history"), " and undo any group first."),
  ];
}

function closed(session) {
  const { settled, undone, kept, waiting, set_aside: count, set_aside_bytes: size, freed_bytes: freed } = session.totals;
  const left = waiting > 0;
  return [
    icon(left ? "stop" : "check"),
    h("h2", {}, left ? "Stopped for now" : "All done"),
    h("dl", { class: "summary" },
      fact("Groups settled", plural(settled, "group")),
      fact("Files kept", plural(kept, "file")),
      undone > 0 && fact("Undone", plural(undone, "group")),
      freed > 0 ? fact("Space freed", bytes(freed)) : fact("Set aside", `${plural(count, "file")}, ${bytes(size)}`),
    ),
    left && h("p", {}, `${plural(waiting, "group waits", "groups wait")} for you. Run the same command again to go on.`),
    !freed && count > 0 && h("p", {}, "The files that were set aside are still in ", bdi(session.decision_folder), ". The terminal tells how to undo, and how to free the space later."),
    h("p", { class: "note" }, "You can close this page."),
  ];
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
const actions = (...buttons) => h("div", { class: "dialog-buttons" }, buttons);

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
    ask(`Delete ${plural(count, "file")} for good?`,
      `This frees ${bytes(size)} and cannot be undone. Your kept files stay where they are.`,
      { label: `Delete ${plural(count, "file")}`, danger: true, run: () => answer(true, nonce) });
  } catch (error) {
    explain(error);
  }
}

export function askStop() {
  ask("Stop for now?", "Groups that are not finished wait, with your choices, until you run the program again.", {
    label: "Stop",
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
    actions(
      h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Back", h("kbd", {}, "Esc")),
      h("button", { type: "button", class: danger ? "danger" : "primary ready", onclick: () => { dialog.close(); run(); } }, label),
    ));
  dialog.showModal();
}
