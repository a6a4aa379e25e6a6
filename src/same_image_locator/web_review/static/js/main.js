// Where the page begins: it wires the parts together and shows the first group.

// First, before all that looks at the page.
import { opening } from "./opening.js";
import { keepAll, keepNone, onConfirmedBefore } from "./actions.js";
import { notDuplicates } from "./apart.js";
import { takeToken } from "./api.js";
import { drawBar, startBar } from "./bar.js";
import { acceptMany, drawBulk } from "./bulk.js";
import { compare, drawComparison, startComparing } from "./comparing.js";
import { byId, closeOnBackdrop, focused } from "./dom.js";
import { drawFilters, startFilters } from "./filters.js";
import { finish, startFinish } from "./finish.js";
import { showFolders } from "./folders.js";
import { drawGroup } from "./group.js";
import { showHistory } from "./history.js";
import { translatePage } from "./i18n.js";
import { drawStaticIcons } from "./icons.js";
import { startKeys } from "./keys.js";
import { offerLanguages, startLanguages } from "./languages.js";
import { drawQueue, startQueue, toggleQueue, showQueue } from "./queue.js";
import { showRules } from "./rules.js";
import { askStop, drawScreen } from "./screens.js";
import { drawSearch } from "./search.js";
import { begin, drawHeader } from "./session.js";
import { listen, update } from "./store.js";
import { startTheme, toggleTheme } from "./theme.js";

function showHelp() {
  offerLanguages();
  byId("help").showModal();
}

const ACTIONS = {
  queue: toggleQueue, history: showHistory, theme: toggleTheme, help: showHelp, stop: askStop,
  all: keepAll, none: keepNone, finish, compare: () => compare(), apart: notDuplicates, bulk: acceptMany,
  folders: showFolders, rules: showRules,
};

/**
 * After a click with the mouse the keys belong to the group again, not to the clicked button. It is
 * heard on the way down: what the click does may replace the button.
 */
function releaseFocus(event) {
  const clicked = event.detail > 0 && event.target.closest(".top button, #group button, #bar button, #auto, #toast button");
  if (!clicked) return;
  focused().blur();
  byId("group").focus({ preventScroll: true });
}

/** @param {any} event */
const act = (event) => ACTIONS[event.target.closest("[data-action]")?.dataset.action]?.();

function start() {
  startTheme();
  translatePage();
  drawStaticIcons();
  addEventListener("hashchange", () => { if (takeToken()) location.reload(); });
  document.addEventListener("click", releaseFocus, true);
  document.addEventListener("click", act);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") showQueue(false); });
  for (const dialog of ["help", "history", "ask", "rules", "folders", "bulk"]) closeOnBackdrop(byId(dialog));
  startQueue();
  startFilters();
  startBar();
  startFinish();
  startKeys(showHelp);
  startLanguages();
  startComparing();
  onConfirmedBefore(finish);
  // The group first: it asks for pictures, and what is drawn meanwhile costs no time.
  for (const draw of [drawGroup, drawHeader, drawSearch, drawQueue, drawBulk, drawFilters, drawBar, drawScreen, drawComparison]) listen(draw);
  if (opening) begin(opening);
  else update({ connection: "stranger" });
}

start();
