// Two windows on one group: what was chosen elsewhere is shown, what was chosen here is offered again.

import { explain, open, openFirst, showPresent } from "./actions.js";
import { api, Refused } from "./api.js";
import { outcome } from "./disposals.js";
import { announce, bdi, button, byId, fill, h } from "./dom.js";
import { undo } from "./history.js";
import { number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { keptPlaces, state } from "./store.js";
import { toast } from "./toast.js";

/**
 * By group: "present" is the group as it stands now, "base" the ticks on which this window and the
 * server last agreed, "wishes" what was chosen here since and was not taken.
 */
const conflicts = new Map();

export const GONE = ["settled", "undoing", "undone"];

/** Whether the server refused because something else has happened since this page last looked. */
export const isStale = (error) => error instanceof Refused && error.status === 409 && ["changed", "not-open", "confirmation"].includes(error.code);

/** A tick on one file; it leaves all others as they are. */
export function tickWish(group, place, keep) {
  return {
    words: [keep ? t`your tick on ` : t`taking your tick off `, bdi(group.files[place].name), ` (${place + 1})`],
    on: (ticked) => (keep ? new Set([...ticked, place]) : new Set([...ticked].filter((other) => other !== place))),
  };
}

/** A choice of all files at once. */
export const choiceWish = (words, places) => ({ words: [words], on: () => new Set(places) });

export function preferWish(group, folder, on) {
  const { label, files } = group.folders[folder];
  return {
    words: [on ? t`preferring ` : t`no longer preferring `, bdi(label.shared + label.own)],
    on: (ticked) => (on ? new Set(files) : ticked),
    prefer: { file: files[0], folder, on },
  };
}

/** What was changed elsewhere, in words: "2 files ticked, 1 unticked". */
function changedElsewhere(base, present) {
  const before = new Set(base);
  const now = new Set(keptPlaces(present));
  const ticked = [...now].filter((place) => !before.has(place)).length;
  const unticked = [...before].filter((place) => !now.has(place)).length;
  const parts = [];
  if (ticked) parts.push(t`${plural(ticked, "file")} ticked`);
  if (unticked) parts.push(parts.length ? t`${number(unticked)} unticked` : t`${plural(unticked, "file")} unticked`);
  return parts.join(", ");
}

/** A wish was refused: show the group as it stands, and keep the wish to be offered again. */
export async function remember(group, wish) {
  const present = await api.group(group.number);
  const known = conflicts.get(group.number) ?? { base: group.agreed, wishes: [] };
  known.present = present;
  known.wishes.push(wish);
  conflicts.set(group.number, known);
  showPresent(present);
  drawMerge();
  // Not waited for: opening a group waits for the choices on their way, and this may be one of them.
  if (GONE.includes(present.state) && state.group?.number === present.number) openFirst().catch(explain);
  return { present, offered: conflicts.has(group.number) };
}

export const hasConflict = (group) => conflicts.has(group);

export function forget(group) {
  if (conflicts.delete(group)) drawMerge();
}

/** What is asked for after all wishes, on top of how the group stands now. */
const wanted = ({ present, wishes }) => wishes.reduce((ticked, wish) => wish.on(ticked), new Set(keptPlaces(present)));

function isFulfilled(conflict) {
  const now = keptPlaces(conflict.present);
  const target = wanted(conflict);
  const preferred = ({ prefer }) => !prefer || conflict.present.folders[prefer.folder].preferred === prefer.on;
  return now.length === target.size && now.every((place) => target.has(place)) && conflict.wishes.every(preferred);
}

function drawMerge() {
  for (const [group, conflict] of conflicts) {
    if (!isFulfilled(conflict)) continue;
    conflicts.delete(group); // both windows wanted the same, and have it
    announce(t`Group ${group} was changed in another window as you chose here`);
  }
  const place = byId("merge");
  const [first] = conflicts.values();
  place.hidden = !first;
  if (!first) return place.replaceChildren();
  const gone = first.present.state !== "open" && first.present.state !== "attention";
  fill(place, icon("attention"), h("p", {}, whatHappened(first), " ", h("span", {}, t`Not taken: `, joined(first.wishes), ".")),
    h("div", { class: "merge-buttons" },
      button("quiet", () => forget(first.present.number), gone ? t`Leave it so` : t`Keep theirs`),
      gone ? undoButton(first) : button("primary ready", () => apply(first), t`Apply my choice`),
    ));
}

function whatHappened({ present, base }) {
  const group = h("strong", {}, t`Group ${present.number}`);
  if (present.state === "undone" || present.state === "undoing") return [group, t` was undone in another window.`];
  if (present.outcome) return [group, t` was settled in another window: ${outcome(present.outcome)}.`];
  if (present.state === "settling") return [group, t` is being settled in another window.`];
  const what = changedElsewhere(base, present);
  return [group, what ? t` was changed in another window: ${what} there.` : t` was changed in another window.`];
}

function joined(wishes) {
  const shown = wishes.slice(-3);
  const more = wishes.length - shown.length;
  const parts = shown.flatMap((wish, place) => [place ? t`, then ` : "", ...wish.words]);
  return more ? [t`${plural(more, "earlier choice")}, then `, ...parts] : parts;
}

function undoButton({ present }) {
  const can = present.state === "settled" && present.outcome.disposal === "quarantine";
  return can && button("primary", () => { forget(present.number); undo(present.number); }, t`Undo that`);
}

/** Do what was chosen here after all, on top of what stands now and is shown. */
async function apply(conflict) {
  const { present, wishes } = conflict;
  const target = wanted(conflict);
  conflicts.delete(present.number);
  drawMerge();
  const again = choiceWish(t`your choice`, target);
  try {
    if (state.group?.number !== present.number) await open(present.number);
    let now = present;
    const last = wishes.findLast((wish) => wish.prefer);
    if (last) now = await api.prefer(present.number, last.prefer.file, last.prefer.on, now.rev);
    now = await api.select(present.number, [...target], now.rev);
    showPresent(now);
    announce(t`Your choice in group ${present.number} is taken now`);
  } catch (error) {
    if (isStale(error)) await remember({ number: present.number, agreed: keptPlaces(present) }, again);
    else explain(error);
  }
}

/** The open group has been changed elsewhere while nothing was asked for here. */
export function tellChange(base, present) {
  const what = changedElsewhere(base, present);
  if (what) toast(t`Changed in another window: ${what}`, { seconds: 6 });
}

export function tellSettled(present) {
  const action = present.outcome && present.outcome.disposal === "quarantine" ? { label: t`Undo`, run: () => undo(present.number) } : null;
  const words = present.outcome ? t`settled in another window: ${outcome(present.outcome)}` : t`finished in another window`;
  toast(t`Group ${present.number} was ${words}`, { action: present.state === "settled" ? action : null });
}
