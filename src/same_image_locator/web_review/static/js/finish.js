// Finishing: the first confirmation opens the sheet that tells what will happen, the second does it.

import { explain, open, openFirst, refresh, sent } from "./actions.js";
import { api, Refused } from "./api.js";
import { announce, bdi, byId, fill, h } from "./dom.js";
import { undoLast } from "./history.js";
import { icon } from "./icons.js";
import { refreshSession } from "./session.js";
import { kept, state } from "./store.js";
import { toast } from "./toast.js";
import { bytes, outcome, plural } from "./words.js";

let armed = null;
let busy = false;

export const sheetIsOpen = () => byId("sheet").open;

export function startFinish() {
  const sheet = byId("sheet");
  sheet.addEventListener("cancel", (event) => { event.preventDefault(); takeBack(); });
  sheet.addEventListener("click", (event) => { if (event.target === sheet) takeBack(); });
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.repeat || event.target.closest("button, input")) return;
    event.preventDefault();
    confirm();
  });
}

/** The first confirmation. */
export async function finish() {
  const { group } = state;
  if (!group || busy || !["open", "attention"].includes(group.state)) return;
  busy = true;
  try {
    await sent();
    if (!kept(state.group) && state.group.mode !== "exact") showNone(state.group);
    else show(state.group, await api.finish(group.number, state.group.rev));
  } catch (error) {
    explain(error);
    if (error instanceof Refused && error.status === 409) await refresh();
  } finally {
    busy = false;
  }
}

/** A double-click with auto-finish on and exactly one file chosen is both confirmations. */
export async function autoFinish() {
  await sent();
  const { group } = state;
  if (!group || !group.auto_finish.on || busy) return;
  if (kept(group) !== 1) {
    toast("Auto-finish needs exactly one chosen file", { seconds: 5 });
    return;
  }
  busy = true;
  try {
    armed = { number: group.number, ...(await api.finish(group.number, group.rev, { auto: true })) };
    busy = false;
    await confirm();
  } catch (error) {
    explain(error);
  } finally {
    busy = false;
  }
}

function show(group, effects) {
  armed = { number: group.number, ...effects };
  const { homes, aside } = effects;
  const what = aside.length ? `Set aside ${plural(aside.length, "file")}` : `Keep all ${plural(homes.length, "file")}`;
  openSheet(
    `Finish group ${group.number}?`,
    homes.length > 0 && h("section", {}, h("h3", {}, icon("home"), `${plural(homes.length, "file")} back home`), h("ul", {}, homes.map((home) => homeLine(home)))),
    aside.length > 0 && h("section", {}, h("h3", {}, icon("aside"), `${plural(aside.length, "file")} set aside, ${bytes(effects.aside_bytes)}`), h("ul", {}, aside.map((place) => asideLine(group, place)))),
    h("p", { class: "note" }, aside.length ? "Nothing is deleted now. You can undo this until you free the space at the end." : "Nothing is set aside."),
    buttons(what, false),
  );
  announce(`${what}? Press Enter again to confirm, Escape to take it back.`);
}

function showNone(group) {
  const sure = h("input", { type: "checkbox", id: "sure", onchange: async (event) => {
    byId("confirm").disabled = true;
    if (!event.target.checked) return;
    try {
      armed = { number: group.number, ...(await api.finish(group.number, group.rev, { allow_none: true })) };
      byId("confirm").disabled = false;
    } catch (error) {
      byId("sheet").close();
      explain(error);
    }
  } });
  openSheet(
    `Keep nothing of group ${group.number}?`,
    h("p", {}, `No file is chosen. All ${plural(group.files.length, "file")} would be set aside, and none goes back home.`),
    h("label", { class: "check" }, sure, h("span", {}, `Yes, keep none of these ${plural(group.files.length, "file")}`)),
    buttons(`Set aside all ${plural(group.files.length, "file")}`, true),
  );
}

function openSheet(title, ...content) {
  const sheet = byId("sheet");
  fill(sheet, h("h2", { id: "sheet-title", tabindex: "-1", autofocus: true }, title), content);
  if (!sheet.open) sheet.showModal();
  byId("sheet-title").focus();
}

function buttons(what, disabled) {
  return h("div", { class: "dialog-buttons" },
    h("button", { type: "button", class: "quiet", onclick: takeBack }, "Back", h("kbd", {}, "Esc")),
    h("button", { type: "button", class: "primary ready", id: "confirm", disabled, onclick: confirm }, what, h("kbd", {}, "Enter")),
  );
}

function homeLine(home) {
  return h("li", {}, bdi(home.folder ? `${home.folder}/` : "", { class: "shared" }), bdi(home.name),
    home.renamed && h("span", { class: "renamed" }, "the old name is taken, so it gets this one"));
}

function asideLine(group, place) {
  const file = group.files[place];
  const folder = group.folders[file.folder].label;
  return h("li", {}, bdi(`${folder.shared}${folder.own}/`, { class: "shared" }), bdi(file.name), h("span", { class: "size" }, bytes(file.bytes)));
}

async function takeBack() {
  byId("sheet").close();
  const { group } = state;
  const first = armed;
  armed = null;
  announce("Taken back. Nothing was changed.");
  try {
    if (group && (first || group.finished_clicks)) await api.takeBack(group.number);
    if (group) group.finished_clicks = 0;
  } catch (error) {
    explain(error);
  }
}

/** The second confirmation. */
export async function confirm() {
  const button = byId("confirm");
  if (!armed || busy || (sheetIsOpen() && button && button.disabled)) return;
  const { number, nonce } = armed;
  armed = null;
  busy = true;
  if (button) button.disabled = true;
  try {
    const done = await api.confirm(number, nonce);
    byId("sheet").close();
    const words = done.pending ? `Group ${number} is still being settled` : `Group ${number} settled: ${outcome(done)}`;
    toast(words, { action: done.pending ? null : { label: "Undo", run: undoLast } });
    announce(words);
    if (state.group && state.group.number === number) state.group.state = done.state;
    busy = false;
    if (done.next) await open(done.next);
    else await openFirst();
    await refreshSession();
  } catch (error) {
    byId("sheet").close();
    explain(error);
    if (error instanceof Refused) await refresh();
  } finally {
    busy = false;
  }
}

