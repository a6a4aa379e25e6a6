// What a way of comparing puts on the screen: its panes, and what lies on what in them.

import { h } from "./dom.js";
import { difference } from "./difference.js";
import { EDGE_ON_EDGE, inside, Pane, Picture } from "./compare_pane.js";
import { t } from "./i18n.js";
import { state } from "./store.js";

/**
 * asked: group, look, places, views(place) and longest() of them, tiles(place), matrixOf(place), isKnown(place), moved(place, matrix) by hand,
 * caption(place), changed() for what came late,
 * found(answer) for the difference. Returns the element, its first pane, and how to draw it.
 */
export function stage(asked) {
  const { look, places } = asked;
  const pictures = new Map(places.map((place) => [place, pictureOf(asked, place)]));
  /** How a file lies in the frame of the first one: by its geometry, or whole in the middle. */
  const lies = (place) => {
    const [first, own] = [pictures.get(look.one).size, pictures.get(place).size];
    if (place === look.one || !first || !own) return EDGE_ON_EDGE;
    return asked.moved(place, asked.matrixOf(place) ?? inside(first, own));
  };
  const parts = { ...asked, pictures, lies };
  return look.mode === "side" ? sideBySide(parts) : onEachOther(parts);
}

/** @param {any} asked */
function pictureOf(asked, place) {
  const { group, views, tiles, longest, changed } = asked;
  const file = group.files[place];
  const source = {
    thumb: file.thumb,
    get longest() { return longest(); },
    get views() { return views(place); },
    get tiles() { return tiles(place); },
    get size() {
      const known = state.facts?.files[place];
      return known?.width ? { width: known.width, height: known.height } : null;
    },
  };
  return new Picture(source, `${place + 1}: ${file.name}`, changed);
}

/** Each in a pane of its own: in the frame of the first one, or when not laid on it in its own. */
function sideBySide({ look, places, pictures, lies, caption, matrixOf, moved, ...rest }) {
  const panes = places.map((place) => {
    const pane = new Pane(pictures.get(place), t`Picture ${place + 1}`);
    pane.add(pictures.get(place), () => (pane.picture === pictures.get(place) ? moved(place, EDGE_ON_EDGE) : lies(place)));
    return pane;
  });
  const second = pictureOf(rest, look.other); // in place of the first, while Space is held
  const instead = panes[0].add(second, () => lies(look.other), "solid instead");
  const figures = panes.map((pane, at) => h("figure", {}, caption(places[at]), pane.element));
  const draw = () => {
    instead.classList.toggle("off", !look.flick);
    panes.forEach((pane, at) => {
      const place = places[at];
      pane.picture = pictures.get(place !== look.one && matrixOf(place) ? look.one : place);
    });
    for (const pane of panes) pane.measure();
    for (const pane of panes) pane.place();
  };
  return { element: h("div", { class: `stage side of-${places.length}` }, figures), first: panes[0], draw };
}

/** Both in one pane. */
function onEachOther({ look, places, pictures, lies, isKnown, caption, changed, found }) {
  const [one, other] = places;
  const pane = new Pane(pictures.get(one), t`Pictures ${one + 1} and ${other + 1}`);
  pane.element.classList.add(look.mode);
  pane.add(pictures.get(one), () => EDGE_ON_EDGE);
  const heat = look.mode === "difference" ? heatOn(pane, { first: pictures.get(one), second: pictures.get(other), lies: () => isKnown(other) && lies(other), changed, found }) : null;
  const upper = pane.add(pictures.get(other), () => lies(other), look.mode === "overlay" ? "" : "solid");
  const tags = [h("span", { class: "tag" }), h("span", { class: "tag end" })];
  const line = h("span", { class: "divider", hidden: look.mode !== "slider" });
  pane.element.append(line, ...tags);
  const draw = () => {
    pane.measure();
    pane.place();
    heat?.();
    const cut = look.mode === "slider" && !look.flick ? look.divider : 0;
    const off = !look.flick && (look.mode === "flicker" || look.mode === "difference");
    upper.classList.toggle("off", off);
    upper.style.clipPath = cut ? `inset(0 0 0 ${cut}%)` : "";
    upper.style.opacity = look.mode === "overlay" && !look.flick ? String(look.opacity / 100) : "";
    line.style.left = `${look.divider}%`;
    const seen = look.flick ? [other + 1] : { slider: [one + 1, other + 1], flicker: [one + 1] }[look.mode] ?? [];
    tags.forEach((tag, at) => { tag.textContent = seen[at] ?? ""; });
  };
  const captions = h("div", { class: "captions" }, [one, other].map((place) => h("div", {}, caption(place))));
  return { element: h("div", { class: "stage one" }, captions, pane.element), first: pane, draw };
}

/** The heat map: worked out anew when the second picture lies in another way. */
function heatOn(pane, { first, second, lies, changed, found }) {
  const canvas = h("canvas", { role: "img", "aria-label": t`Where they differ` });
  const box = pane.add(first, () => EDGE_ON_EDGE, "solid off", canvas);
  let drawn = "";
  let working = false; // one at a time: a picture that is dragged lies in another way in each frame
  return () => {
    const views = [first, second].map(({ source }) => source.views?.[0]);
    if (!first.size || !second.size || !views[0]) return;
    const matrix = lies();
    const key = JSON.stringify([matrix, first.size]);
    if (working || !matrix || drawn === key) return;
    drawn = key;
    working = true;
    difference(views, first.size, second.size, matrix).then((answer) => {
      working = false;
      Object.assign(canvas, { width: answer.picture.width, height: answer.picture.height });
      canvas.getContext("2d").putImageData(answer.picture, 0, 0);
      box.classList.remove("off");
      found(answer);
      changed();
    }, () => {
      working = false;
      found(null);
    });
  };
}
