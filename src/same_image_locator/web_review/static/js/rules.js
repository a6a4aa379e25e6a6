// The rules by which the file to keep is suggested: which of them, and in which order.

import { explain, sent } from "./actions.js";
import { api } from "./api.js";
import { buttonRow, dialogHead } from "./dialogs.js";
import { announce, button, byId, fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { refreshSession } from "./session.js";
import { readOnly, state } from "./store.js";

const RULES = {
  folder: [t`Preferred folder`, t`where you prefer a folder; the one preferred last counts first`],
  whole: [t`Can be read`, t`before one that cannot`],
  pixels: [t`More pixels`, t`by 5 % at least`],
  quality: [t`Higher quality`, t`of two JPEG files, by 5 of 100 at least`],
  data: [t`Capture data`, t`date, camera, GPS, files that belong to it`],
  name: [t`Original name`, t`without “(1)” or “copy”, and none that a messenger gave`],
  age: [t`Older`, t`by capture date, or else by the file's date`],
  bytes: [t`Larger file`, t`of one format`],
  path: [t`Shorter path`, t`the last word, when nothing else differs`],
};

/** A rule of another package has no words but its name. */
const told = (name) => RULES[name] ?? [name, t`a rule of another package`];

let usual = [];
let others = []; // rules of other packages: offered, and asked only by those who choose them
let rules = []; // all of them in order, each with whether it is asked

export async function showRules() {
  if (!state.session || state.session.phase !== "review" || readOnly()) return;
  try {
    take(await api.rules());
    draw();
    byId("rules").showModal();
    byId("rules-title").focus();
  } catch (error) {
    explain(error);
  }
}

function take(answer) {
  ({ usual, others } = answer);
  order(answer.rules);
}

/** Those that are not asked come last. */
function order(asked) {
  rules = [...asked, ...[...usual, ...others].filter((name) => !asked.includes(name))].map((name) => ({ name, on: asked.includes(name) }));
}

function draw() {
  fill(byId("rules"),
    dialogHead("rules-title", t`What decides which file to keep`),
    h("p", { class: "note" }, t`The first rule that makes a difference decides. Where only name, age, size or path does, the suggestion is no more than a lean.`),
    h("ol", { class: "rules" }, rules.map(line)),
    buttonRow(
      button("quiet", () => { order(usual); draw(); byId("rules-title").focus(); }, t`The usual order`),
      button("primary ready", apply, t`Suggest by these`, { id: "rules-apply", disabled: !rules.some(({ on }) => on) })));
}

function line({ name, on }, place) {
  const [words, note] = told(name);
  return h("li", {},
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: on, onchange: (event) => turn(place, event.target.checked) }), h("span", {}, words, h("small", {}, note))),
    mover(place, -1, "↑", t`Move up: ${words}`),
    mover(place, 1, "↓", t`Move down: ${words}`));
}

function mover(place, by, sign, words) {
  return button("quiet", () => move(place, by), sign, { "aria-label": words, title: words, "data-move": `${rules[place].name} ${by}`, disabled: !rules[place + by] });
}

function turn(place, on) {
  rules[place].on = on;
  byId("rules-apply").disabled = !rules.some((rule) => rule.on);
}

/** The focus goes with the rule; at an end only the other way is left. */
function move(place, by) {
  const { name } = rules[place];
  rules.splice(place + by, 0, ...rules.splice(place, 1));
  draw();
  const [same, other] = [by, -by].map((way) => byId("rules").querySelector(`[data-move="${name} ${way}"]`));
  (same.disabled ? other : same).focus();
  announce(t`${told(name)[0]}: ${place + by + 1} of ${rules.length}`);
}

async function apply() {
  try {
    await sent();
    await api.setRules(rules.filter(({ on }) => on).map(({ name }) => name));
    byId("rules").close();
    announce(t`Suggested by other rules now`);
    await refreshSession();
  } catch (error) {
    explain(error);
  }
}
