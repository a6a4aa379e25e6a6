// The few line icons of the page, drawn on a grid of 24.

import { all } from "./dom.js";

const PATHS = {
  check: "m5 12.5 4.5 4.5L19 7.5",
  aside: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  unset: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z",
  attention: "M12 4 3 19.5h18L12 4Zm0 6v4.5m0 2.2v.3",
  compare: "M12 4v16M5 6h4v12H5zM15 6h4v12h-4z",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5M12 8v4.5l3 2",
  theme: "M12 4a8 8 0 1 0 0 16V4Z",
  help: "M9.2 9.3a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.2m0 3v.2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6m3-6v6",
  apart: "M5 9.5h14M5 14.5h14M16 5 8 19",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6Zm9-2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.8 11.3L20 20",
  stop: "M12 3.5V12M7.2 6.5a7.5 7.5 0 1 0 9.6 0",
  filter: "M4 7h16M7 12h10M10 17h4",
  close: "m6 6 12 12M18 6 6 18",
  menu: "M4 6h16M4 12h16M4 18h10",
  star: "m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9 12 4Z",
  undo: "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
  home: "m4 11.5 8-7 8 7M6.5 10v9.5h11V10",
  lock: "M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  picture: "M4 5.5h16v13H4zM4 15l4.5-4 4 3.5L16 11l4 4",
};

const made = new Map(); // to copy one is less work

export function icon(name) {
  if (!made.has(name)) made.set(name, drawnOnce(name));
  return made.get(name).cloneNode(true);
}

function drawnOnce(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function drawStaticIcons() {
  for (const place of all("[data-icon]")) place.replaceChildren(icon(place.dataset.icon));
}
