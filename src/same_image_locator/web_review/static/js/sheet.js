// The sheet between the two confirmations: exactly what the second one will do, file by file.

import { isForGood, WAYS, way } from "./disposals.js";
import { backButton, buttonRow } from "./dialogs.js";
import { bdi, button, byId, fill, h } from "./dom.js";
import { list, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { sidecarChoice } from "./sidecars.js";
import { undecided } from "./store.js";
import { lackLines } from "./suggestion.js";
import { bytes } from "./words.js";

export const sheetIsOpen = () => byId("sheet").open;

/** Show what a first confirmation has found out; returns the words of the button for the second. */
export function showEffects(group, effects, { back, confirm }) {
  const { homes, aside } = effects;
  const stays = group.files.filter((file) => file.protected).length;
  const chosen = WAYS[effects.rejects];
  const go = effects.parting.length > 1 ? t`go with their` : t`goes with its`;
  const what = aside.length ? chosen.button(aside.length, "") : t`Keep all ${plural(photos(homes), "file")}`;
  openSheet(
    t`Finish group ${group.number}?`,
    homes.length > 0 && section("home", t`${plural(photos(homes), "file")} back home${withThem(homes.length - photos(homes))}`, homeLines(group, homes)),
    stays > 0 && h("p", { class: "note" }, icon("lock"), t` ${plural(stays, "file")} in a reference folder: kept, and not touched.`),
    aside.length > 0 && section(chosen.sign, `${plural(aside.length, "file")} ${chosen.done}${withThem(effects.aside_companions.length)}, ${bytes(effects.aside_bytes)}`, asideLines(group, effects)),
    effects.parting.length > 0 && warning(t`${list(effects.parting)} ${go} photo; no kept file has the same.`),
    ...lackLines(group, effects.lacks, t`no kept file has`),
    sidecarChoice(group, effects.offer),
    aside.length > 0 && effects.rejects === "delete" ? warning(chosen.note) : h("p", { class: "note" }, aside.length ? chosen.note : t`Nothing is set aside.`),
    buttons(what, { back, confirm, danger: aside.length > 0 && effects.rejects === "delete" }),
  );
  return what;
}

/** Keeping nothing needs an extra yes before it can be confirmed. */
export function showNone(group, { back, confirm, sure }) {
  const left = undecided(group).length;
  const all = plural(left, "file");
  const others = group.files.length > left;
  const box = h("input", { type: "checkbox", id: "sure", onchange: (event) => sure(event.target.checked) });
  openSheet(
    t`Keep nothing of group ${group.number}?`,
    h("p", {}, others ? t`No file is chosen beside what is another picture. All other ${all} would ${way().would}.` : t`No file is chosen. All ${all} would ${way().would}, and none goes back home.`),
    isForGood() && warning(way().note),
    h("label", { class: "check" }, box, h("span", {}, t`Yes, keep none of these ${all}`)),
    buttons(way().button(left, others ? "" : t`all `), { back, confirm, disabled: true, danger: isForGood() }),
  );
}

export function closeSheet() {
  byId("sheet").close();
}

function openSheet(title, ...content) {
  const sheet = byId("sheet");
  fill(sheet, h("h2", { id: "sheet-title", tabindex: "-1", autofocus: true }, title), content);
  if (!sheet.open) sheet.showModal();
  byId("sheet-title").focus();
}

const section = (sign, title, lines) => h("section", {}, h("h3", {}, icon(sign), title), h("ul", {}, lines));

const warning = (text) => h("p", { class: "attention" }, icon("attention"), h("span", {}, text));

const photos = (homes) => homes.filter((home) => home.file !== null).length;

function withThem(companions) {
  const photo = companions > 1 ? t`them` : t`it`;
  return companions ? t` with ${plural(companions, "file that belongs", "files that belong")} to ${photo}` : "";
}

function buttons(what, { back, confirm, disabled = false, danger = false }) {
  return buttonRow(backButton(back), button(danger ? "danger" : "primary ready", confirm, [what, h("kbd", {}, t`Enter`)], { id: "confirm", disabled }));
}

/** Each photo that goes home, and behind it what belongs to it. */
function homeLines(group, homes) {
  const placeOf = (home) => home.file ?? group.companions[home.companion].owners.find((owner) => homes.some((other) => other.file === owner));
  const sorted = homes.toSorted((a, b) => placeOf(a) - placeOf(b) || Number(a.file === null) - Number(b.file === null));
  return sorted.map((home) => homeLine(home));
}

function homeLine(home) {
  return h("li", { class: home.file === null ? "companion" : null }, bdi(home.folder ? `${home.folder}/` : "", { class: "shared" }), bdi(home.name),
    home.renamed && h("span", { class: "renamed" }, t`the old name is taken, so it gets this one`));
}

/** Each file that does not stay, and behind it what belongs to it. */
function asideLines(group, effects) {
  const left = new Set(effects.aside_companions);
  return effects.aside.flatMap((place) => {
    const mine = [...left].filter((one) => group.companions[one].owners.includes(place));
    for (const one of mine) left.delete(one);
    return [asideLine(group, place, group.files[place]), ...mine.map((one) => asideLine(group, place, group.companions[one], "companion"))];
  });
}

function asideLine(group, place, file, kind = null) {
  const folder = group.folders[group.files[place].folder].label;
  return h("li", { class: kind }, bdi(`${folder.shared}${folder.own}/`, { class: "shared" }), bdi(file.name), h("span", { class: "size" }, bytes(file.bytes)));
}
