// The list of waiting groups: only the rows in view exist, so ten thousand groups are no more work.

import { explain, open } from "./actions.js";
import { api } from "./api.js";
import { afterFrame, announce, arrange, byId, h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { isNarrowed, lookedAt, PAGE } from "./looking.js";
import { makeRow, rowKey } from "./row.js";
import { state } from "./store.js";

// Pixels; a row in review.css is four less. A hundred thousand rows are 7.2 million pixels high: every
// browser lays out more than twice that, Chromium some 33 million.
const ROW = 72;
const SPARE = 4;

let total = 0;
let fitting = 0;
let drawnFor = "";
let drawnWay = null;
let pages = new Map();
let spacer = null;
let shownAround = null;
let rowsFor = "";
let begun = null;

export function startQueue() {
  const list = byId("queue-list");
  spacer = h("div", { class: "spacer", role: "presentation" });
  list.append(spacer);
  list.addEventListener("scroll", () => requestAnimationFrame(drawRows), { passive: true });
  new ResizeObserver(drawRows).observe(list);
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-number]");
    if (row) choose(Number(row.dataset.number));
  });
}

function choose(wanted) {
  showQueue(false);
  open(wanted);
}

export function showQueue(shown) {
  document.body.classList.toggle("queue-open", shown);
  document.querySelector("[data-action=queue]").setAttribute("aria-expanded", String(shown));
  if (shown) byId("queue-list").focus();
}

export const toggleQueue = () => showQueue(!document.body.classList.contains("queue-open"));

/** The rows that the page's first answer has brought: as long as nothing has changed, they are the rows. */
export function begunWith(answer) {
  begun = answer;
}

/** Read the rows again when the review has changed, or how it is looked at. */
export function drawQueue({ session, group, connection }) {
  byId("queue").inert = connection !== "ok";
  if (!session) return;
  document.body.classList.toggle("over", session.phase !== "review");
  // A group that is open has its row, whether it fits or not: without it, there is another list.
  const present = `${session.version} ${lookedAt()} ${group && !group.fits ? group.number : ""}`;
  const brought = begun?.version === session.version;
  if (present !== drawnFor) {
    drawnFor = present;
    pages = new Map();
    if (drawnWay !== null && drawnWay !== lookedAt()) byId("queue-list").scrollTop = 0;
    if (brought) {
      take(begun);
      drawnWay = lookedAt();
    } else if (isNarrowed()) load(Math.floor(firstFrom(byId("queue-list").scrollTop) / PAGE));
    else measure(session.totals.waiting, session.totals.waiting);
    begun = null;
  }
  drawWords();
  // Its place is told by the way to look at the groups that it was asked with.
  const around = group && `${group.number} ${group.lookedAt}`;
  const another = group && around !== shownAround && group.lookedAt === lookedAt();
  if (another) shownAround = around;
  const shows = `${present} ${around}`;
  if (rowsFor === shows) return; // a tick changes no row, and to look at them lays all out anew
  rowsFor = shows;
  const draw = () => {
    if (another) bringIntoView(group.position - 1);
    drawRows();
  };
  // Nothing is laid out yet that could be asked: about a window full.
  if (brought && another && group.position <= PAGE) drawRowsFrom(0, innerHeight - SPARE * ROW);
  afterFrame(draw); // the pictures of the open group come first
}

function measure(rows, fits) {
  [total, fitting] = [rows, fits];
  spacer.style.height = `${total * ROW}px`;
}

function drawWords() {
  const { waiting } = state.session.totals;
  const narrowed = isNarrowed() && waiting > 0;
  const empty = narrowed && !fitting && drawnWay === lookedAt();
  const none = state.session.search ? t`All groups so far are decided` : t`All groups are decided`;
  const all = waiting ? t`${plural(waiting, "group")} to decide` : none;
  if (!narrowed || drawnWay === lookedAt()) byId("queue-words").textContent = narrowed ? t`${number(fitting)} of ${plural(waiting, "group")} shown` : all;
  byId("show-all").hidden = !narrowed;
  byId("queue-none").hidden = !empty;
}

function bringIntoView(place) {
  const list = byId("queue-list");
  const top = place * ROW;
  if (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}

function take({ offset, rows, total: all, fitting: fits }) {
  pages.set(offset / PAGE, rows);
  measure(all, fits);
}

async function load(page) {
  const mine = pages;
  mine.set(page, null);
  try {
    const held = state.group?.number ?? "";
    const answer = await api.groups(page * PAGE, PAGE, held);
    if (mine !== pages) return;
    take(answer);
    if (drawnWay === lookedAt()) keepUnderTheHand(answer);
    else if (drawnWay !== null || isNarrowed()) announce(t`${number(fitting)} of ${plural(state.session.totals.waiting, "group")} shown`);
    drawnWay = lookedAt();
    drawWords();
    drawRows();
  } catch (error) {
    mine.delete(page);
    explain(error);
  }
}

/** Where rows come or go above the open one, the list moves with it. */
function keepUnderTheHand({ offset, rows }) {
  const list = byId("queue-list");
  const before = spacer.querySelector("[aria-selected=true]");
  const place = before ? rows.findIndex((group) => group.number === Number(before.dataset.number)) : -1;
  const top = before ? parseFloat(before.style.top) : 0;
  if (place < 0 || top + ROW < list.scrollTop || top > list.scrollTop + list.clientHeight) return;
  list.scrollTop += (offset + place) * ROW - top;
}

const firstFrom = (top) => Math.max(0, Math.floor(top / ROW) - SPARE);

function drawRows() {
  const { scrollTop, clientHeight } = byId("queue-list");
  drawRowsFrom(scrollTop, clientHeight);
}

function drawRowsFrom(top, height) {
  const list = byId("queue-list");
  const first = firstFrom(top);
  const last = Math.min(total - 1, Math.ceil((top + height) / ROW) + SPARE);
  const existing = new Map([...spacer.children].map((row) => [row.dataset.key, row]));
  const rows = [];
  for (let place = first; place <= last; place += 1) {
    const page = Math.floor(place / PAGE);
    if (!pages.has(page)) load(page);
    const group = pages.get(page)?.[place % PAGE];
    if (group) rows.push(rowFor(group, place, existing));
  }
  if (!rows.length && last >= first) return; // the old rows stay until the new ones are there
  arrange(spacer, rows);
  const active = rows.find((row) => row.getAttribute("aria-selected") === "true");
  if (active) list.setAttribute("aria-activedescendant", active.id);
  else list.removeAttribute("aria-activedescendant");
}

/** A row that has not changed is used again, so that its pictures do not flicker. */
function rowFor(group, place, existing) {
  const row = existing.get(rowKey(group)) ?? makeRow(group);
  row.style.top = `${place * ROW}px`;
  row.setAttribute("aria-posinset", place + 1);
  row.setAttribute("aria-setsize", total);
  row.setAttribute("aria-selected", String(Boolean(state.group) && state.group.number === group.number));
  return row;
}
