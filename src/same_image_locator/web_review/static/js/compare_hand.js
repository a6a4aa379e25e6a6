// One picture of a comparison moved by hand: how far, for each pair of a group that is open.

import { laid } from "./compare_view.js";

let moves = new Map(); // "one other" to how far, in fractions of the frame

const key = ({ one, other }) => `${one} ${other}`;

export function forgetMoves() {
  moves = new Map();
}

/** Whether the second picture lies elsewhere than it was found to lie. */
export const isMoved = (look) => moves.has(key(look));

/** Move the second picture by CSS pixels. */
export function moveBy(look, dx, dy, { box, frame }) {
  const { scale } = laid(box, frame);
  const [x, y] = moves.get(key(look)) ?? [0, 0];
  moves.set(key(look), [x + dx / (frame.width * scale), y + dy / (frame.height * scale)]);
}

export function putBack(look) {
  moves.delete(key(look));
}

/** How a picture lies after that. */
export function moved(look, place, matrix) {
  const by = place === look.other ? moves.get(key(look)) : null;
  if (!by) return matrix;
  const [a, b, c, d, e, f] = matrix;
  return [a, b, c + by[0], d, e, f + by[1]];
}
