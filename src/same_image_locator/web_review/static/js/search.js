// While further groups are looked for: how far that is, how long it takes, and what it waits for.

import { announce, bdi, byId, fill, h } from "./dom.js";
import { fraction, number, plural, t } from "./i18n.js";
import { bytes, duration } from "./words.js";

const VERBS = { fingerprint: t`read`, match: t`compared`, group: t`compared` };
const WHOLE_FROM = 10; // a rate below this is told with one decimal

let on = false;

export function drawSearch({ session, connection }) {
  const search = session && session.phase !== "closed" && connection === "ok" ? session.search : null;
  byId("search").hidden = !search;
  if (on && session && !session.search) announce(t`The search is over: ${plural(session.totals.groups, "group")}`);
  on = Boolean(session && session.search);
  if (!search) return;
  const bar = byId("search-bar");
  bar.hidden = !search.total;
  bar.max = search.total || 1;
  bar.value = search.done || 0;
  const found = t`${plural(session.totals.groups, "group")} so far`;
  fill(byId("search-words"), h("strong", {}, t`Still searching`), h("span", {}, [...searchWords(search), found].join(" · ")), waiting(search));
}

/** How far the search is, in parts: "12,304 of 100,000 read", "42.1 MB/s", "3 min 20 s left". */
export function searchWords({ step, done, total, left, files_a_second: files, bytes_a_second: size }) {
  if (!step) return [];
  if (!total) return [t`${plural(done, "photo")} listed`];
  const parts = [t`${number(done)} of ${number(total)} ${VERBS[step]}`];
  if (files) parts.push(t`${files < WHOLE_FROM ? fraction(files, 1) : number(Math.round(files))}/s`);
  if (size) parts.push(`${bytes(size)}/s`);
  if (left) parts.push(t`${duration(left)} left`);
  return parts;
}

/** A standstill has its reason: the file that a drive or a decoder does not get done with. */
function waiting({ still, waiting: paths }) {
  if (!still) return null;
  const since = t`Nothing new for ${duration(still)}`;
  const names = (paths ?? []).slice(0, 2).flatMap((path, place) => [place ? t` and ` : t`, waiting for `, bdi(path)]);
  return h("span", { class: "still" }, since, ...names);
}
