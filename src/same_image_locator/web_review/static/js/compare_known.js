// What the server tells of the files that are compared: where large pictures are, and how they lie.

import { explain } from "./actions.js";
import { api } from "./api.js";
import { t } from "./i18n.js";

const UNKNOWN = { matrix: null, reason: t`the program did not answer`, changes: "", tier: "similar" };

let number = null; // of the group that this is about
let views = null;
let pairs = new Map(); // "one other" to how one lies on the other, null while that is asked for
let tell = null;

/** Begin with a group; "changed" and "laid" hear of what comes. */
export async function learn(group, listeners) {
  number = group;
  views = null;
  pairs = new Map();
  tell = listeners;
  try {
    const answer = await api.views(group);
    if (number !== group) return;
    views = answer;
    tell.changed();
  } catch (error) {
    explain(error);
  }
}

/** The addresses of a file's large pictures, undefined before they are known. */
export const viewsOf = (place) => views?.files[place];

/** Where all pixels of a file are, and how many one of these tiles has on a side. */
export const tilesOf = (place) => views && { side: views.side, address: views.tiles[place] };

/** How long each of them is at most. */
export const longest = () => views.longest;

/** How a file lies on another; it is asked for once, and null until then. */
export function pairOf(one, other) {
  const key = `${one} ${other}`;
  if (!pairs.has(key)) {
    pairs.set(key, null);
    ask(pairs, one, other);
  }
  return pairs.get(key);
}

async function ask(mine, one, other) {
  const answer = await api.pair(number, one, other).catch((error) => {
    explain(error);
    return UNKNOWN;
  });
  mine.set(`${one} ${other}`, answer);
  if (mine === pairs) tell.laid(one, other, answer);
}
