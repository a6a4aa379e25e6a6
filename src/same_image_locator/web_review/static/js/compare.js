// The comparison: two files of the open group, or up to four, looked at closely in five ways.

import { openNext, openPrevious, setKeep } from "./actions.js";
import { pairApart } from "./apart.js";
import { announce, byId, fill, focused, h } from "./dom.js";
import { forgetMoves, isMoved, moveBy, moved, putBack } from "./compare_hand.js";
import { learn, longest, pairOf, tilesOf, viewsOf } from "./compare_known.js";
import { stage } from "./compare_stage.js";
import { caption, foot, head, lead, updateCaption, updateFoot, WAYS } from "./compare_tools.js";
import { movesByHand, onView, pan, resetView, view, zoomStep, zoomTo, zoomWhole } from "./compare_view.js";
import { differenceWords } from "./difference.js";
import { t } from "./i18n.js";
import { canDecide, state } from "./store.js";

const MODES = Object.fromEntries(WAYS);
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const TURN = 1000; // milliseconds that each picture is seen when it flickers by itself

/**
 * one, other: the places of both files; four: whether side by side shows up to four; aligned: whether
 * the others are laid on the first; hand: whether the second is moved alone; flick: whether the second is seen in place of the first, because
 * it is held or because it plays.
 */
const look = { mode: "side", four: false, one: 0, other: 1, aligned: true, hand: false, opacity: 50, divider: 50, flick: false, held: false, plays: false, words: "" };

let group = null; // as of the last drawing, null while it is closed
let hidden = true;
let shown = null; // the stage
let timer = 0;
let before = null; // what had the focus, and how far the group was scrolled
let goBack = () => {};

export const isOpen = () => group !== null && !hidden;

/** Numbers as on the cards. */
export const address = () => `#/g/${group.number}/c/${look.one + 1}/${look.other + 1}`;

const knows = (place) => place >= 0 && place < group.files.length;

export function begin(one, other, back) {
  before = { focus: document.activeElement, top: byId("group").scrollTop };
  goBack = back;
  Object.assign(look, { one, other, flick: false });
  enter(state.group);
  show();
  byId("compare-title").focus();
}

export function end() {
  if (!group) return;
  group = null;
  byHand(false);
  hide();
  stopPlaying();
  byId("compare").replaceChildren();
  shown = null;
  byId("group").scrollTop = before.top;
  const back = before.focus;
  if (back && back.isConnected && back !== document.body) back.focus({ preventScroll: true });
  else byId("group").focus({ preventScroll: true });
}

function enter(another) {
  group = another;
  byHand(false);
  forgetMoves();
  resetView();
  learn(group.number, { changed, laid });
}

/** Follow what the page knows: another group, a tick, the loss of the program. */
export function draw({ group: now, session, connection }) {
  if (!group) return;
  if (!now || session.phase !== "review") {
    goBack();
    return;
  }
  if (connection !== "ok") {
    hide();
    return;
  }
  const another = now.number !== group.number;
  if (another) {
    Object.assign(look, { one: 0, other: 1, flick: false });
    enter(now);
  }
  group = now;
  show();
  if (another) {
    history.replaceState({ comparing: true }, "", address());
    tell();
  }
}

function show() {
  hidden = false;
  document.body.classList.add("comparing");
  byId("compare").hidden = false;
  render();
}

function hide() {
  hidden = true;
  document.body.classList.remove("comparing");
  byId("compare").hidden = true;
}

/** It has come how a file lies on another. */
function laid(one, other, answer) {
  if (!group) return;
  if (one === look.one && other === look.other) announce(lead(group, look, answer).words);
  changed();
}

const pair = (other) => pairOf(look.one, other);

const matrixOf = (other) => (other === look.one || !look.aligned ? null : (pair(other)?.matrix ?? null));

/** Whether it is known how a file is to be laid. */
const isKnown = (other) => !look.aligned || Boolean(pair(other));

/** The files that are seen: the first, the second, and as many as follow in a look at four. */
function places() {
  const four = look.mode === "side" && look.four;
  const rest = four ? group.files.map((_, place) => (look.other + place) % group.files.length).filter((place) => place !== look.one) : [look.other];
  return [look.one, ...rest.slice(0, 3)];
}

/** Build what is not there yet, and bring all up to date. */
function render() {
  if (!isOpen()) return;
  pair(look.other);
  const key = JSON.stringify([group.number, look.mode, places()]);
  if (!shown || shown.key !== key) {
    look.words = "";
    shown = { key, ...stage({ group, look, places: places(), views: viewsOf, tiles: tilesOf, longest, matrixOf, isKnown, moved: (place, matrix) => moved(look, place, matrix), caption: (place) => caption(group, place, act), changed, found }) };
    const { id, dataset } = focused();
    const same = id === "compare-title" ? "#compare-title" : `[data-act="${dataset.act}"]`;
    fill(byId("compare"), head(group, look, act), h("div", { id: "compare-lead", class: "compare-lead" }), shown.element, foot(look, group, act, STILL.matches));
    byId("compare").querySelector(same)?.focus();
  }
  changed();
}

let frame = 0;

/** Draw once before the next frame, however much has changed. */
function changed() {
  if (frame) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    if (!isOpen() || !shown) return;
    const answer = pair(look.other);
    shown.draw();
    const { words, badge } = lead(group, look, answer);
    fill(byId("compare-lead"), badge, h("p", {}, words));
    updateFoot(look, answer, shown.first.scale, isMoved(look));
    for (const place of places()) updateCaption(group, place);
  });
}

onView(changed);
new ResizeObserver(changed).observe(document.documentElement);

/** The difference is worked out. */
function found(answer) {
  look.words = answer ? differenceWords(answer) : t`The difference could not be worked out`;
  announce(look.words);
  changed();
}

function stopPlaying() {
  clearInterval(timer);
  timer = 0;
  look.plays = false;
}

function play(on) {
  stopPlaying();
  look.flick = false;
  if (!on || STILL.matches) return;
  look.plays = true;
  timer = setInterval(() => { look.flick = !look.flick; changed(); }, TURN);
}

function tell() {
  announce(t`${MODES[look.mode]}: ${look.other + 1}, ${group.files[look.other].name}, beside ${look.one + 1}, ${group.files[look.one].name}`);
}

function choose(one, other) {
  if (!knows(one) || !knows(other) || one === other) return;
  Object.assign(look, { one, other, flick: false });
  history.replaceState(history.state, "", address());
  render();
  tell();
}

/** The next file that can be the second one. */
function step(by) {
  const count = group.files.length;
  let other = (look.other + by + count) % count;
  if (other === look.one) other = (other + by + count) % count;
  choose(look.one, other);
}

function setMode(mode) {
  const again = look.mode === mode;
  if (again && mode === "side" && group.files.length > 2) look.four = !look.four;
  const plays = mode === "flicker" && !(again && look.plays);
  look.mode = mode;
  play(plays);
  render();
  if (mode === "side" && look.four) announce(t`Side by side: ${places().length} pictures`);
  else announce(MODES[mode] + (mode !== "flicker" ? "" : look.plays ? t`, by itself` : t`, hold Space`));
}

/** A key or a finger holds the second in place of the first, or lets go. */
function flick(on) {
  if (look.held === on) return;
  if (look.plays) play(false);
  Object.assign(look, { held: on, flick: on });
  changed();
}

function zoomed(how) {
  how();
  announce(t`Zoom ${Math.round(100 * shown.first.scale)} %`);
}

/** Let the arrows, the mouse and a finger move the second picture alone, or all of them. */
function byHand(on) {
  look.hand = on;
  movesByHand(on ? nudge : null);
}

function nudge(dx, dy, pane) {
  moveBy(look, dx, dy, pane);
  changed();
}

/** Alone, a picture goes where the arrow points, a pixel of the screen; what is seen of all goes by far more. */
const move = (across, down) => (look.hand ? nudge : pan)(across, down, shown.first);

function keep(place, on) {
  if (canDecide(group)) setKeep(place, on);
}

const ACTS = {
  ...Object.fromEntries(Object.keys(MODES).map((mode) => [mode, () => setMode(mode)])),
  flick: () => flick(true),
  release: () => flick(false),
  play: () => { play(!look.plays); render(); },
  previous: () => step(-1),
  next: () => step(1),
  partner: (digit) => choose(look.one, digit - 1),
  first: (digit) => choose(Number(digit.slice(-1)) - 1, look.other),
  zero: () => (knows(9) ? choose(look.one, 9) : zoomed(fit)),
  swap: () => choose(look.other, look.one),
  closer: () => zoomed(() => zoomStep(true, shown.first)),
  farther: () => zoomed(() => zoomStep(false, shown.first)),
  fit: () => zoomed(fit),
  whole: () => zoomed(() => zoomWhole(shown.first)),
  left: () => move(-1, 0),
  right: () => move(1, 0),
  up: () => move(0, -1),
  down: () => move(0, 1),
  hand: () => {
    byHand(!look.hand);
    changed();
    announce(look.hand ? t`Picture ${look.other + 1} is moved alone` : t`Both pictures are moved`);
  },
  back: () => {
    if (!isMoved(look)) return;
    putBack(look);
    changed();
    announce(t`Picture ${look.other + 1} is back in its place`);
  },
  align: () => {
    look.aligned = !look.aligned;
    render();
    announce(lead(group, look, pair(look.other)).words);
  },
  divider: (value) => { look.divider = Number(value); changed(); },
  opacity: (value) => { look.opacity = Number(value); changed(); },
  toggle: (place) => keep(place, !group.files[place].keep),
  keep: () => keep(look.other, true),
  reject: () => keep(look.other, false),
  apart: () => pairApart(group, look.one, look.other),
  nextGroup: openNext,
  previousGroup: openPrevious,
  leave: () => goBack(),
};

function fit() {
  Object.assign(view, { x: 0.5, y: 0.5 });
  zoomTo(1, shown.first);
}

function act(what, value) {
  ACTS[what](value);
}

export const perform = (what, key) => group && act(what, key);

addEventListener("keyup", (event) => { if (event.key === " ") flick(false); });
addEventListener("blur", () => flick(false));
// After a click with the mouse the keys belong to the pictures again, not to the clicked button.
byId("compare").addEventListener("click", (event) => {
  if (event.detail > 0 && event.target.closest("button")) byId("compare-title")?.focus({ preventScroll: true });
}, true);
