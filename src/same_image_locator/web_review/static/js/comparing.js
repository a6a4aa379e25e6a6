// The door to the comparison: keys, buttons and the address lead here. What it shows is loaded then.

import { explain } from "./actions.js";
import { Lost } from "./api.js";

import { t } from "./i18n.js";
import { state } from "./store.js";

// Numbers as on the cards, so that the address can be read.
const ADDRESS = /^#\/g\/(\d+)\/c\/(\d+)\/(\d+)$/;

let screen = null; // the module that shows it
let loading = null;
let wanted = asked();

function asked() {
  const [, group, one, other] = ADDRESS.exec(location.hash) ?? [];
  return group ? { group: Number(group), one: Number(one) - 1, other: Number(other) - 1 } : null;
}

export const isComparing = () => Boolean(screen && screen.isOpen());

/** Let the comparison do what a key asks for. */
export const perform = (what, key) => screen.perform(what, key);

/** Compare a file with the first one, or two of them. */
export async function compare(other = state.cursor || 1, one = 0) {
  if (await opened(one, other)) history.pushState({ comparing: true }, "", screen.address());
}

/** Go back to the group; the browser's own way back does the same. */
function leave() {
  const pushed = history.state && history.state.comparing;
  close();
  if (pushed) history.back();
}

export function drawComparison(now) {
  if (wanted && now.group) {
    const { group, one, other } = wanted;
    wanted = null;
    if (group === now.group.number) again(one, other);
  }
  if (screen) screen.draw(now);
}

/** After a reload: the address has been that of a comparison already. */
async function again(one, other) {
  if (await opened(one, other)) history.replaceState(null, "", screen.address());
}

async function opened(one, other) {
  const { group } = state;
  if (isComparing() || !group || one === other || !group.files[one] || !group.files[other]) return false;
  try {
    loading ??= import("./compare.js");
    screen = await loading;
  } catch {
    loading = null;
    explain(new Lost(t`The program does not answer`));
    return false;
  }
  // The group may have been read anew meanwhile: it is still the one that was meant.
  if (state.group?.number !== group.number || isComparing()) return false;
  screen.begin(one, other, leave);
  return true;
}

function close() {
  screen.end();
  if (!(history.state && history.state.comparing) && state.group) history.replaceState(null, "", `#/g/${state.group.number}`);
}

/** The browser's own ways back and forth. */
export function startComparing() {
  addEventListener("popstate", () => {
    const to = asked();
    if (!to && isComparing()) close();
    else if (to && !isComparing() && state.group) {
      if (to.group === state.group.number) opened(to.one, to.other);
      else history.replaceState(null, "", `#/g/${state.group.number}`);
    }
  });
}
