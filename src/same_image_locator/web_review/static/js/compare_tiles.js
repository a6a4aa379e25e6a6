// The true pixels of a picture that is too large to be sent whole: tiles of it, where one looks.

import { h } from "./dom.js";

const AROUND = 0.5; // of a tile: what comes into view next is there already

/** The part of a picture that a matrix lays in a box, in the picture's pixels. */
function seen([a, b, c, d, e, f], box) {
  const area = a * d - b * c;
  const corners = [[0, 0], [box.width, 0], [0, box.height], [box.width, box.height]].map(([x, y]) =>
    [(d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area]);
  const [across, down] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

/** The first and the last tile of a row, or column, that show what lies between two pixels. */
const between = (from, to, side, length) => [
  Math.max(0, Math.floor(from / side - AROUND)),
  Math.min(Math.ceil(length / side) - 1, Math.floor(to / side + AROUND)),
];

export class Tiles {
  constructor() {
    this.element = h("div", { class: "tiles" });
    this.images = new Map(); // by place
    this.ready = null; // as soon as the first one has come: the picture is decoded then
  }

  clear() {
    this.images.clear();
    this.element.replaceChildren();
  }

  /** Show what a matrix lays in the pane's box of a picture of this size. */
  place({ side, address }, size, matrix, box) {
    this.element.style.transform = `matrix(${matrix.join()})`;
    const { left, right, top, bottom } = seen(matrix, box);
    const [west, east] = between(left, right, side, size.width);
    const [north, south] = between(top, bottom, side, size.height);
    const wanted = new Set();
    for (let row = north; row <= south; row += 1) {
      for (let column = west; column <= east; column += 1) {
        const place = `${column} ${row}`;
        wanted.add(place);
        if (!this.images.has(place)) this.add(place, column * side, row * side, address.replace("{column}", column).replace("{row}", row));
      }
    }
    for (const [place, image] of this.images) {
      if (wanted.has(place)) continue;
      image.remove();
      this.images.delete(place);
    }
  }

  async add(place, left, top, address) {
    const image = h("img", { alt: "", draggable: "false", hidden: true });
    Object.assign(image.style, { left: `${left}px`, top: `${top}px` });
    this.images.set(place, image);
    this.element.append(image);
    // All others would wait for the same decoding, and keep the server from answering anything else.
    const before = this.ready;
    const load = async () => {
      await before;
      if (this.images.get(place) !== image) return;
      image.src = address;
      await image.decode().then(() => { image.hidden = false; }, () => {});
    };
    const loaded = load();
    this.ready ??= loaded;
    await loaded;
  }
}
