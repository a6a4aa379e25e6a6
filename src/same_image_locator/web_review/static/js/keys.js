// The keyboard: one table from which both the doing and the help are made.

import { notDuplicates } from "./apart.js";
import { acceptMany } from "./bulk.js";
import { keepAll, keepNone, keepOnly, openNext, openPrevious, prefer } from "./actions.js";
import { choose, face, fold } from "./clusters.js";
import { COMPARE_KEYS, nameOf } from "./compare_keys.js";
import { compare, isComparing } from "./comparing.js";
import { toDifferences } from "./differences.js";
import { byId, fill, h } from "./dom.js";
import { focusSearch } from "./filters.js";
import { finish } from "./finish.js";
import { showFolders } from "./folders.js";
import { moveCursor } from "./group.js";
import { undoLast } from "./history.js";
import { t } from "./i18n.js";
import { showRules } from "./rules.js";
import { state } from "./store.js";
import { accept } from "./suggestion.js";
import { toast } from "./toast.js";

const LETTERS = "sil-letters";

/** A number means the card that bears it: of a folded cluster only one file does. */
function toggle(place) {
  const { group } = state;
  if (!group.files[place]) return;
  if (face(group, place) !== place) {
    toast(t`${place + 1} is one of the same files as ${face(group, place) + 1}: show all of them first (E)`, { seconds: 6 });
    return;
  }
  state.cursor = place;
  choose(place, !group.files[place].keep);
}

// keys, how they are shown where that is not the letter itself, what they do in words, what they do.
const TABLE = [
  { keys: ["j", "ArrowDown"], shown: "J ↓", words: t`next group`, run: openNext },
  { keys: ["k", "ArrowUp"], shown: "K ↑", words: t`previous group`, run: openPrevious },
  { keys: ["ArrowLeft"], shown: "← →", words: t`go from picture to picture`, run: () => moveCursor(-1) },
  { keys: ["ArrowRight"], run: () => moveCursor(1) },
  { keys: [..."1234567890"], shown: "1 – 9, 0", words: t`keep, or not, the picture of that number`, run: (key) => toggle((Number(key) + 9) % 10) },
  { keys: [" "], shown: t`Space`, words: t`keep, or not, the present picture`, run: () => toggle(state.cursor) },
  { keys: ["p"], words: t`keep the present picture`, run: () => choose(state.cursor, true) },
  { keys: ["x"], words: t`do not keep the present picture`, run: () => choose(state.cursor, false) },
  { keys: ["d"], words: t`keep only the present picture`, run: () => keepOnly(state.cursor) },
  { keys: ["a"], words: t`keep all`, run: keepAll },
  { keys: ["u"], words: t`clear the choice`, run: keepNone },
  { keys: ["s"], words: t`accept the suggestion`, run: accept },
  { keys: ["b"], words: t`accept the suggestions of all groups in view, after a preview`, run: acceptMany },
  { keys: ["m"], words: t`how much of each folder lies in another one`, run: showFolders },
  { keys: ["f"], words: t`prefer the folder of the present picture`, run: () => prefer(state.group.files[state.cursor].folder) },
  { keys: ["r"], words: t`the rules by which files are suggested`, run: showRules },
  { keys: ["e"], words: t`in a large group: show all of the same files, or one for all`, run: () => fold() },
  { keys: ["t"], words: t`go to the table of what differs`, run: toDifferences },
  { keys: ["c"], words: t`compare the present picture with the first`, run: () => compare() },
  { keys: ["n"], words: t`not duplicates: the group, or the present picture`, run: notDuplicates },
  { keys: ["Enter"], shown: t`Enter, Enter`, words: t`finish: first and second confirmation`, run: finish },
  { shown: "/", words: t`search the groups: Enter goes to what is found, Esc shows all again`, keys: [] },
  { shown: "Esc", words: t`take the first confirmation back`, keys: [] },
  { shown: t`Ctrl Z`, words: t`undo the group finished last`, keys: [] },
  { shown: "?", words: t`this help`, keys: [] },
];

export function startKeys(showHelp) {
  tell(byId("keys"), TABLE);
  tell(byId("compare-keys"), COMPARE_KEYS);
  const letters = byId("letters");
  letters.checked = localStorage.getItem(LETTERS) !== "off";
  letters.addEventListener("change", () => localStorage.setItem(LETTERS, letters.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => onKey(event, letters.checked, showHelp));
}

function tell(place, table) {
  const told = table.filter(({ words }) => words);
  fill(place, told.map(({ keys, shown, words }) => h("div", {}, h("dt", {}, h("kbd", {}, shown ?? keys[0].toUpperCase())), h("dd", {}, words))));
}

function onKey(event, letters, showHelp) {
  if (document.querySelector("dialog[open]") || event.target.closest("select, input[type=search]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
    event.preventDefault();
    undoLast();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") {
    showHelp();
    return;
  }
  if (!state.session || state.session.phase !== "review" || state.connection !== "ok") return;
  if (event.key === "/" && letters && !isComparing()) {
    event.preventDefault();
    focusSearch();
    return;
  }
  if (!state.group) return;
  if (isComparing()) act(event, letters, COMPARE_KEYS, nameOf(event));
  else act(event, letters, TABLE, event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

function act(event, letters, table, key) {
  const entry = table.find((one) => one.keys.includes(key));
  if (!entry || nativeMeaning(event) || (key.length === 1 && key !== " " && !letters)) return;
  event.preventDefault();
  const moves = key.startsWith("Arrow") || key === "j" || key === "k" || entry.repeats;
  if (!event.repeat || moves) entry.run(key);
}

/** A button answers Enter and Space itself, a checkbox Space, a slider and what scrolls sideways the arrows. */
function nativeMeaning(event) {
  if (event.key.startsWith("Arrow")) return Boolean(event.target.closest("input[type=range], .sideways"));
  if (event.key === " ") return Boolean(event.target.closest("button, a[href], input"));
  return event.key === "Enter" && Boolean(event.target.closest("button, a[href]"));
}
