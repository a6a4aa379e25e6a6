// The list of waiting groups: only the rows in view exist, so ten thousand groups are no more work.

import { explain, open } from "./actions.js";
import { api } from "./api.js";
import { afterFrame, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./store.js";
import { bytes, plural } from "./words.js";

const ROW = 72; // pixels; the same as --row in review.css
const PAGE = 200;
const SPARE = 4;

let total = 0;
let version = 0;
let pages = new Map();
let spacer = null;
let shownAround = null;

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

function choose(number) {
  showQueue(false);
  open(number);
}

export function showQueue(shown) {
  document.body.classList.toggle("queue-open", shown);
  document.querySelector("[data-action=queue]").setAttribute("aria-expanded", String(shown));
  if (shown) byId("queue-list").focus();
}

export const toggleQueue = () => showQueue(!document.body.classList.contains("queue-open"));

/** Read the rows again when the review has changed. */
export function drawQueue({ session, group, connection }) {
  byId("queue").inert = connection !== "ok";
  if (!session) return;
  const none = session.search ? "All groups so far are decided" : "All groups are decided";
  byId("queue-words").textContent = session.totals.waiting ? `${plural(session.totals.waiting, "group")} to decide` : none;
  document.body.classList.toggle("over", session.phase !== "review");
  if (session.version !== version) {
    version = session.version;
    pages = new Map();
    total = session.totals.waiting;
    spacer.style.height = `${total * ROW}px`;
  }
  const another = group && group.number !== shownAround;
  if (another) shownAround = group.number;
  afterFrame(() => { // the pictures of the open group come first
    if (another) bringIntoView(group.position - 1);
    drawRows();
  });
}

function bringIntoView(place) {
  const list = byId("queue-list");
  const top = place * ROW;
  if (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}

async function load(page) {
  const mine = pages;
  mine.set(page, []);
  try {
    const answer = await api.groups(page * PAGE, PAGE);
    mine.set(page, answer.rows);
    if (mine === pages) drawRows();
  } catch (error) {
    mine.delete(page);
    explain(error);
  }
}

function drawRows() {
  const list = byId("queue-list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
  const last = Math.min(total - 1, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + SPARE);
  const existing = new Map([...spacer.children].map((row) => [row.dataset.key, row]));
  const rows = [];
  for (let place = first; place <= last; place += 1) {
    const page = Math.floor(place / PAGE);
    if (!pages.has(page)) load(page);
    const group = pages.get(page)?.[place % PAGE];
    if (group) rows.push(rowFor(group, place, existing));
  }
  if (!rows.length && last >= first) return; // the old rows stay until the new ones are there
  spacer.replaceChildren(...rows);
  const active = rows.find((row) => row.getAttribute("aria-selected") === "true");
  if (active) list.setAttribute("aria-activedescendant", active.id);
  else list.removeAttribute("aria-activedescendant");
}

/** A row that has not changed is used again, so that its pictures do not flicker. */
function rowFor(group, place, existing) {
  const key = `${group.number}:${group.rev}:${group.state}`;
  const row = existing.get(key) ?? makeRow(group, key);
  row.style.top = `${place * ROW}px`;
  row.setAttribute("aria-posinset", place + 1);
  row.setAttribute("aria-setsize", total);
  row.setAttribute("aria-selected", String(Boolean(state.group) && state.group.number === group.number));
  return row;
}

function makeRow(group, key) {
  const [sign, word] = stateOf(group);
  const row = h("div", { class: "row", role: "option", id: `row-${group.number}`, "data-number": group.number, "data-key": key },
    h("span", { class: "thumbs", "aria-hidden": "true" }, group.thumbs.map((thumb) => h("img", {
      src: thumb, alt: "", width: 44, height: 44, loading: "lazy", decoding: "async", onerror: (event) => event.target.classList.add("missing"),
    }))),
    h("span", { class: "row-words" },
      h("strong", {}, `Group ${group.number}`),
      h("span", {}, `${plural(group.files, "file")} · ${bytes(group.redundant_bytes)}`),
      h("span", { class: `row-state is-${sign}` }, icon(sign), word),
    ));
  return row;
}

function stateOf(group) {
  if (group.state === "attention") return ["attention", "Needs attention"];
  if (group.state === "settling") return ["aside", "Settling…"];
  return group.keep ? ["check", `${group.keep} to keep`] : ["unset", "Undecided"];
}

