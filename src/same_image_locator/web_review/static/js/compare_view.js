// The one view that all pictures of a comparison share: how large, and what is in the middle.

const LEAST = 0.25;
const PIXEL_AT_MOST = 32; // a picture's pixel, in the screen's
const STEP = 1.25;
const WHEEL = 0.0016; // of the zoom, for each pixel that a wheel turns
const PAN = 0.12; // of what is seen, for each press of a key

/** x and y are fractions of the picture; at zoom 1 all of it is seen. */
export const view = { zoom: 1, x: 0.5, y: 0.5 };

let changed = () => {};
let hand = null;

/** What one finger or the mouse moves instead of the view: it hears of CSS pixels and the pane. */
export function movesByHand(move) {
  hand = move;
}

export function onView(listener) {
  changed = listener;
}

export function resetView() {
  Object.assign(view, { zoom: 1, x: 0.5, y: 0.5 });
}

const within = (value, least, most) => Math.min(most, Math.max(least, value));

/** CSS pixels for each of the frame's, when all of it is seen. */
const fitting = (box, frame) => Math.min(box.width / frame.width, box.height / frame.height);

/** Where a frame lies in the box of its pane. */
export function laid(box, frame) {
  const scale = fitting(box, frame) * view.zoom;
  return {
    scale,
    left: box.width / 2 - view.x * frame.width * scale,
    top: box.height / 2 - view.y * frame.height * scale,
  };
}

/** Zoom so that the point at (dx, dy) from the middle of the pane stays where it is. */
export function zoomTo(zoom, { box, frame }, dx = 0, dy = 0) {
  const fit = fitting(box, frame);
  const most = Math.max(8, PIXEL_AT_MOST / (fit * devicePixelRatio));
  const next = within(zoom, LEAST, most);
  const apart = 1 / view.zoom - 1 / next;
  view.x = within(view.x + (dx / (fit * frame.width)) * apart, 0, 1);
  view.y = within(view.y + (dy / (fit * frame.height)) * apart, 0, 1);
  view.zoom = next;
  changed();
}

export const zoomStep = (up, pane) => zoomTo(view.zoom * (up ? STEP : 1 / STEP), pane);

/** One pixel of the picture for each of the screen. */
export const zoomWhole = (pane) => zoomTo(1 / (fitting(pane.box, pane.frame) * devicePixelRatio), pane);

/** Move by CSS pixels. */
function shift(dx, dy, { box, frame }) {
  const { scale } = laid(box, frame);
  view.x = within(view.x + dx / (frame.width * scale), 0, 1);
  view.y = within(view.y + dy / (frame.height * scale), 0, 1);
  changed();
}

export const pan = (across, down, pane) => shift(across * PAN * pane.box.width, down * PAN * pane.box.height, pane);

/** Wheel, drag and pinch on a pane; "of" tells its box and frame. */
export function listenTo(element, of) {
  const fingers = new Map();
  const middle = ({ left, top, width, height }, x, y) => [x - left - width / 2, y - top - height / 2];
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const turned = event.deltaMode ? event.deltaY * 20 : event.deltaY;
    const [dx, dy] = middle(element.getBoundingClientRect(), event.clientX, event.clientY);
    zoomTo(view.zoom * Math.exp(-turned * WHEEL * (event.ctrlKey ? 5 : 1)), of(), dx, dy);
  }, { passive: false });
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, (event) => fingers.delete(event.pointerId));
  element.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
    fingers.set(event.pointerId, event);
    if (hand && !other) {
      hand(event.clientX - before.clientX, event.clientY - before.clientY, of());
      return;
    }
    const share = other ? 0.5 : 1;
    shift((before.clientX - event.clientX) * share, (before.clientY - event.clientY) * share, of());
    if (!other) return;
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const between = middle(element.getBoundingClientRect(), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    zoomTo(view.zoom * apart(event) / Math.max(1, apart(before)), of(), ...between);
  });
}
