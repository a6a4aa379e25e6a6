// What the page knows, in one place; whoever draws something listens here.

/**
 * session: the whole review, as the server tells it; group: the group that is open, or null;
 * facts: what its pictures say of themselves, or null; connection: "ok", "lost" or "stranger";
 * cursor: the card that the keys act on.
 */
export const state = { session: null, group: null, facts: null, connection: "ok", cursor: 0 };

const listeners = [];
let drawing = false;

export function listen(listener) {
  listeners.push(listener);
}

/** Change the state and draw it once, before the next frame. */
export function update(changes = {}) {
  Object.assign(state, changes);
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    for (const listener of listeners) listener(state);
  });
}

/**
 * How many are kept of those that are to be decided: another picture makes up for none of them. What
 * lies in a reference folder is always kept, and counts once the user has chosen anything.
 */
export const kept = (group) => group.files.filter((file) => file.keep && !file.apart && (!file.protected || group.own)).length;

/** What stays ticked: another picture, and what lies in a reference folder. */
export const isFixed = (file) => file.apart || file.protected;

/** The files that are to be decided. */
export const undecided = (group) => group.files.filter((file) => !file.apart);

export const keptPlaces = (group) => group.files.flatMap((file, place) => (file.keep ? [place] : []));

export const companionsOf = (group, place) => group.companions.filter((one) => one.owners.includes(place));

const PROPOSED = ["identical", "clear"];

/**
 * The place of the file that is proposed to be kept: of a group that nobody has touched, and only
 * where the suggestion is sure. It is no tick: the first choice of the user takes its place.
 */
export function proposal(group) {
  const found = state.facts?.suggestion;
  const untouched = canDecide(group) && !group.own && !kept(group);
  return found && untouched && PROPOSED.includes(found.confidence) ? found.keep : null;
}

/** What is shared with a kept file stays with it. */
const staysBehind = (group, one) => one.owners.some((place) => group.files[place].keep);

export function asideBytes(group) {
  const rest = [...group.files.filter((file) => !file.keep), ...group.companions.filter((one) => !staysBehind(group, one))];
  return rest.reduce((sum, file) => sum + file.bytes, 0);
}

/** Another run works in the folder: nothing can be decided here. */
export const readOnly = () => Boolean(state.session && state.session.read_only);

/** Many groups at once are only set aside, so that all of it can be undone. */
export const canActOnMany = () => !readOnly() && state.session.rejects === "quarantine";

/** Whether the open group can be decided at this moment. */
export const canDecide = (group) => Boolean(group) && !readOnly() && ["open", "attention"].includes(group.state);
