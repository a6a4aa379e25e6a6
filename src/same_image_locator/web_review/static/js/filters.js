// What narrows and sorts the queue: a search that is always there, and the rest behind one button.

import { explain, open, openFirst, sent, showPresent } from "./actions.js";
import { api } from "./api.js";
import { button, byId, fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { icon } from "./icons.js";
import { allOfThem, filters, isNarrowed, look, looking, SORTS, STATES, lookedAt } from "./looking.js";
import { showQueue } from "./queue.js";
import { state, update } from "./store.js";
import { TIERS } from "./tiers.js";
import { folderName } from "./words.js";

const PAUSE = 200; // milliseconds of typing without another letter

const SURE = { "": t`Any`, ...Object.fromEntries(Object.entries(TIERS).map(([tier, { short }]) => [tier, short])) };
const ANYWHERE = JSON.stringify([]);
const NOTES = {
  suggested: t`Here all files of a group are identical: what to keep is known without a look at the pictures.`,
};

let typing = 0;
let offeredFor = ""; // for which waiting groups the folders were counted
let pointed = false;

export function startFilters() {
  fill(byId("filters"),
    h("label", { class: "find", title: t`Search in names and folders (/)` }, icon("search"),
      h("input", { type: "search", id: "find", placeholder: t`Search names and folders`, "aria-label": t`Search in names and folders`, autocomplete: "off", spellcheck: "false", maxlength: 200, oninput: typed, onkeydown: onSearchKey }),
      h("kbd", { "aria-hidden": "true" }, "/")),
    button("quiet", togglePanel, [icon("filter"), h("span", {}, t`Filter and sort`), h("span", { class: "count", id: "filters-count" })], { id: "filters-toggle", "aria-expanded": "false", "aria-controls": "filter-panel" }),
    h("div", { id: "filter-panel", class: "filter-panel", hidden: true },
      chooser("sort", t`Sort by`, options(SORTS)),
      chooser("state", t`State`, options(STATES)),
      chooser("tier", t`How sure`, options(SURE)),
      chooser("folders", t`Folders`, []),
      h("p", { class: "note", id: "filter-note" })),
  );
  byId("show-all").addEventListener("click", showAll);
}

function chooser(name, words, choices) {
  return h("div", { class: "chooser" }, h("label", { for: `by-${name}` }, words),
    h("select", {
      id: `by-${name}`, onpointerdown: () => { pointed = true; }, onkeydown: () => { pointed = false; },
      onchange: (event) => {
        change({ [name]: name === "folders" ? JSON.parse(event.target.value) : event.target.value });
        if (pointed) byId("queue-list").focus(); // the keys belong to the groups again
      },
    }, choices));
}

const options = (words) => Object.entries(words).map(([value, text]) => h("option", { value }, text));

function togglePanel() {
  const panel = byId("filter-panel");
  panel.hidden = !panel.hidden;
  byId("filters-toggle").setAttribute("aria-expanded", String(!panel.hidden));
  update();
}

/** Look in another way. The open group stays open; its place and its neighbours are others now. */
async function change(changes) {
  clearTimeout(typing);
  if (!look(changes)) return;
  update();
  const mine = lookedAt();
  try {
    await sent();
    if (!state.group) return await openFirst();
    const present = await api.group(state.group.number);
    if (mine === lookedAt()) showPresent(present);
  } catch (error) {
    explain(error);
  }
}

export function showAll() {
  const here = byId("queue").contains(document.activeElement);
  change(allOfThem());
  if (here) byId("find").focus(); // the button that was pressed goes
}

function typed() {
  clearTimeout(typing);
  typing = setTimeout(() => change({ words: byId("find").value }), PAUSE);
}

export function focusSearch() {
  if (!byId("find").checkVisibility()) showQueue(true);
  byId("find").focus();
  byId("find").select();
}

/** Enter goes to what was found, Escape back to where one was. */
async function onSearchKey(event) {
  if (event.key !== "Enter" && event.key !== "Escape") return;
  event.preventDefault();
  const escaped = event.key === "Escape";
  showQueue(false);
  byId("group").focus({ preventScroll: true });
  if (document.activeElement === event.target) event.target.blur(); // no group is shown
  await change({ words: escaped ? "" : event.target.value });
  if (escaped || !state.group || state.group.fits) return;
  const { rows, fitting } = await api.groups(0, 1).catch((error) => explain(error) ?? { rows: [] });
  if (fitting) open(rows[0].number);
}

export function drawFilters({ session }) {
  if (!session) return;
  const { words, sort, state: stand, tier, folders } = looking();
  const find = byId("find");
  if (document.activeElement !== find) find.value = words;
  byId("by-sort").value = sort;
  byId("by-state").value = stand;
  byId("by-tier").value = tier;
  byId("filter-note").textContent = NOTES[stand] ?? "";
  byId("filters-count").textContent = filters() ? number(filters()) : "";
  byId("filters-toggle").setAttribute("aria-label", filters() ? t`Filter and sort, ${number(filters())} on` : t`Filter and sort`);
  byId("filters").hidden = !session.totals.waiting && !isNarrowed();
  if (!byId("filter-panel").hidden) offerFolders(session.totals, folders);
  if (byId("by-folders").value !== JSON.stringify(folders)) byId("by-folders").value = JSON.stringify(folders);
}

/** The folders are counted again when other groups wait, but not under the hand that chooses. */
async function offerFolders({ groups, waiting }, chosen) {
  const present = `${groups} ${waiting} ${JSON.stringify(chosen)}`;
  if (offeredFor === present || document.activeElement === byId("by-folders")) return;
  offeredFor = present;
  try {
    const { folders, pairs } = await api.places();
    const known = [...folders, ...pairs].some((one) => JSON.stringify(one.in) === JSON.stringify(chosen));
    fill(byId("by-folders"), h("option", { value: ANYWHERE }, t`Any`),
      chosen.length > 0 && !known && h("option", { value: JSON.stringify(chosen) }, chosen.map(folderName).join(" ↔ ")),
      folders.length > 0 && h("optgroup", { label: t`A file in` }, folders.map(place)),
      pairs.length > 0 && h("optgroup", { label: t`Files in both` }, pairs.map(place)));
    byId("by-folders").value = JSON.stringify(looking().folders);
    byId("by-folders").closest(".chooser").hidden = !folders.length && !chosen.length;
  } catch (error) {
    offeredFor = "";
    explain(error);
  }
}

const place = (one) => h("option", { value: JSON.stringify(one.in) }, `${one.in.map(folderName).join(" ↔ ")} (${number(one.groups)})`);
