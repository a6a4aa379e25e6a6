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

export const kept = (group) => group.files.filter((file) => file.keep).length;

export const asideBytes = (group) => group.files.reduce((sum, file) => sum + (file.keep ? 0 : file.bytes), 0);

export const keptPlaces = (group) => group.files.flatMap((file, place) => (file.keep ? [place] : []));
