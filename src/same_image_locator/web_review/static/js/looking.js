// How this window looks at the groups: which of them, and in which order. Another window may differ,
// so it travels with each request whose answer depends on it.

import { t } from "./i18n.js";
import { TIERS } from "./tiers.js";

const KEPT = "sil-looking"; // of this window alone, and as long as it lives: a reload finds it again
const ALL = { tier: "", state: "", words: "", folders: [], sort: "number" };

export const SORTS = {
  number: t`Number`, bytes: t`Most to free first`, sure: t`Surest first`, files: t`Most files first`,
  oldest: t`Oldest file first`, newest: t`Newest file first`, path: t`Folder and name`,
};
export const STATES = { "": t`Any`, undecided: t`Undecided`, suggested: t`Suggested, identical files`, chosen: t`Chosen`, attention: t`Needs attention` };

let now = kept();
let sent = written();

/** What an older version has left, and this one does not know, is forgotten. */
function kept() {
  const asked = new URLSearchParams(sessionStorage.getItem(KEPT) ?? "");
  const known = (name, words, usual) => (Object.hasOwn(words, asked.get(name) ?? usual) ? asked.get(name) ?? usual : usual);
  return {
    tier: known("tier", TIERS, ""), state: known("state", STATES, ""), sort: known("sort", SORTS, ALL.sort),
    words: asked.get("q") ?? "", folders: asked.getAll("in"),
  };
}

function written() {
  const { tier, state, words, folders, sort } = now;
  const parts = [["tier", tier], ["state", state], ["q", words.trim()], ...folders.map((one) => ["in", one]), ["sort", sort === ALL.sort ? "" : sort]];
  return String(new URLSearchParams(parts.filter(([, value]) => value)));
}

export const looking = () => now;

/** Look in another way; says whether it is one. */
export function look(changes) {
  const before = sent;
  now = { ...now, ...changes };
  sent = written();
  sessionStorage.setItem(KEPT, sent);
  return sent !== before;
}

/** Every group, in the order that is chosen. */
export const allOfThem = () => ({ ...ALL, sort: now.sort });

/** How many filters are on, the search not counted. */
export const filters = () => [now.tier, now.state, now.folders.length].filter(Boolean).length;

export const isNarrowed = () => filters() > 0 || now.words.trim() !== "";

/** Rows that are asked for at once, a few windows full. */
export const PAGE = 30;

/** What tells one way to look from another. */
export const lookedAt = () => sent;

/** A path, and how this window looks behind it. */
export const seen = (path) => (sent ? `${path}${path.includes("?") ? "&" : "?"}${sent}` : path);
