// A pane of the comparison: pictures on top of each other, each laid where it belongs.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { Tiles } from "./compare_tiles.js";
import { laid, listenTo } from "./compare_view.js";

const PIXELATED_FROM = 4; // screen pixels for each of the picture's
export const EDGE_ON_EDGE = [1, 0, 0, 0, 1, 0];

/** What makes a picture of one size lie whole in the middle of a frame of another, in fractions. */
export function inside(frame, size) {
  const scale = Math.min(frame.width / size.width, frame.height / size.height);
  const across = (scale * size.width) / frame.width;
  const down = (scale * size.height) / frame.height;
  return [across, 0, (1 - across) / 2, 0, down, (1 - down) / 2];
}

/**
 * One picture: the small one at first, which the browser has already, then as large as is needed.
 * "source" has size (of the file in pixels, null before it is known), thumb, longest, views and tiles.
 */
export class Picture {
  constructor(source, label, sized) {
    this.source = source;
    this.natural = null;
    this.has = 0;
    this.asked = 0;
    this.element = h("img", { alt: label, draggable: "false" });
    this.lost = false;
    this.sized = sized;
    this.load(source.thumb, 1);
  }

  get size() {
    return this.source.size ?? this.natural;
  }

  /** Have it at least so many pixels long, if the file has them. */
  want(pixels) {
    const { size, views } = this.source;
    if (!views) return;
    const { longest } = this.source;
    const needed = size ? Math.min(pixels, Math.max(size.width, size.height)) : pixels;
    const found = longest.findIndex((length) => length >= needed);
    const step = found < 0 ? longest.length - 1 : found;
    if (longest[step] > this.asked) this.load(views[step], longest[step]);
  }

  /** Whether the largest picture there is falls short of so many pixels, and of what the file has. */
  needsTiles(pixels) {
    const { size, tiles } = this.source;
    if (!size || !tiles) return false;
    return Math.min(pixels, Math.max(size.width, size.height)) > this.source.longest.at(-1);
  }

  async load(address, length) {
    this.asked = length;
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
    } catch {
      this.lost = this.lost || !this.has;
      this.sized();
      return;
    }
    if (length < this.has) return;
    this.has = length;
    this.lost = false;
    this.natural = { width: image.naturalWidth, height: image.naturalHeight };
    this.element.src = address;
    await this.element.decode().catch(() => {});
    this.sized();
  }
}

/** A pane shows layers in the frame of one of its pictures. */
export class Pane {
  /** "frame" is the picture by whose edges the pane goes. */
  constructor(frame, label) {
    this.picture = frame;
    this.layers = [];
    this.box = { width: 1, height: 1 };
    this.corner = { left: 0, top: 0 }; // on the screen
    this.element = h("div", { class: "pane", role: "group", "aria-label": label },
      h("span", { class: "no-preview" }, icon("picture"), t`No preview`));
    listenTo(this.element, () => this);
  }

  get frame() {
    return this.picture.size ?? { width: 1, height: 1 };
  }

  /** Add a layer: a picture, or a canvas that has its size; "matrix" tells where it lies. */
  add(picture, matrix, name = "", element = picture.element) {
    const tiles = element === picture.element ? new Tiles() : null;
    const layer = h("div", { class: `layer ${name}` }, element, tiles?.element);
    this.layers.push({ picture, matrix, element, tiles, box: layer });
    this.element.append(layer);
    return layer;
  }

  measure() {
    const { clientWidth: width, clientHeight: height } = this.element;
    this.box = { width: Math.max(1, width), height: Math.max(1, height) };
    this.corner = this.element.getBoundingClientRect();
  }

  /** At 100 % a pixel of the picture covers just one of the screen's, and none is blurred over two. */
  onPixel(place, corner) {
    if (Math.abs(this.scale - 1) > 1e-6) return place;
    return Math.round((corner + place) * devicePixelRatio) / devicePixelRatio - corner;
  }

  /** How many of the screen's pixels one of the frame's takes. */
  get scale() {
    return laid(this.box, this.frame).scale * devicePixelRatio;
  }

  place() {
    const { width, height } = this.frame;
    const { scale, ...corner } = laid(this.box, this.frame);
    const left = this.onPixel(corner.left, this.corner.left);
    const top = this.onPixel(corner.top, this.corner.top);
    const missing = this.layers.some(({ picture }) => picture.lost);
    this.element.classList.toggle("missing", missing);
    this.element.classList.toggle("pixelated", this.scale > PIXELATED_FROM);
    for (const { picture, matrix, element, tiles, box } of this.layers) {
      const { size } = picture;
      box.hidden = !size;
      if (!size) continue;
      const [a, b, c, d, e, f] = matrix();
      const across = scale * width;
      const down = scale * height;
      element.style.width = `${size.width}px`;
      element.style.height = `${size.height}px`;
      const laid = [
        (a * across) / size.width, (d * down) / size.width, (b * across) / size.height, (e * down) / size.height,
        left + c * across, top + f * down];
      element.style.transform = `matrix(${laid.join()})`;
      const larger = Math.max(Math.hypot(a * across, d * down), Math.hypot(b * across, e * down)) * devicePixelRatio;
      picture.want(larger);
      if (picture.needsTiles(larger) && !box.matches(".instead.off")) tiles?.place(picture.source.tiles, size, laid, this.box);
      else tiles?.clear();
    }
  }
}
