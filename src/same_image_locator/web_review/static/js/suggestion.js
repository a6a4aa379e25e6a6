// What is suggested for the open group, why, and what would be missed; the user decides.

import { select } from "./actions.js";
import { goTo } from "./clusters.js";
import { bdi, button, byId, fill, h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { said } from "./said.js";
import { canDecide, isFixed, kept, proposal, state } from "./store.js";

const WORDS = {
  identical: [t`Identical`, t`All files have the same bytes or the same pixels`],
  clear: [t`Clear case`, t`The same picture, and a rule that tells something of it decides`],
  lean: [t`Lean`, t`Only names, dates or places decide, or something would be missed`],
  "your call": [t`Your call`, t`It is not sure to be one picture, or nothing makes a difference`],
};
const IN_VIEW = 8; // cards, about a window full
const NAMED = 3; // files of which the same is said by name

let drawn = "";

/** Whether just this file is ticked. */
const isOnly = (group, keep) => kept(group) > 0 && group.files.every((file, place) => isFixed(file) || file.keep === (place === keep));

export function accept() {
  const keep = state.facts?.suggestion.keep;
  if (!canDecide(state.group) || (keep ?? null) === null) return undefined;
  return select([keep], t`the suggestion`);
}

/** Finishing an untouched group means what is proposed there; returns what that was, or null. */
export function takeUp(group) {
  const keep = proposal(group);
  if (keep === null) return null;
  accept();
  return { number: group.number, keep };
}

export const isAccepted = (group, taken) => group.number === taken.number && isOnly(group, taken.keep);

export function drawSuggestion(group, facts) {
  const box = byId("suggestion");
  const found = facts && facts.suggestion;
  const open = canDecide(group);
  const accepted = Boolean(found) && found.keep !== null && isOnly(group, found.keep);
  const content = JSON.stringify([group.number, found, open, accepted]);
  if (drawn === content && box.childElementCount) return;
  drawn = content;
  box.dataset.confidence = found ? found.confidence : "";
  if (!found) return fill(box, h("p", { class: "suggests" }, t`Looking at what the pictures say…`));
  fill(box,
    h("p", { class: "suggests" },
      h("span", { class: "confidence", title: WORDS[found.confidence][1] }, WORDS[found.confidence][0]),
      h("span", {}, found.keep === null ? "" : keeper(group, found.keep), `${found.reasons.map(said).join("; ")}.`),
    ),
    found.keep !== null && open && button("quiet", accept, [accepted ? t`Accepted` : t`Accept`, h("kbd", {}, "S")], { id: "accept", disabled: accepted }),
    found.keep !== null && group.files.length > IN_VIEW && button("quiet", () => goTo(found.keep), t`Show it`, { id: "show-suggested" }),
    open && button("quiet", null, t`Rules…`, { "data-action": "rules", title: t`The rules by which files are suggested (R)` }),
    lackLines(group, found.lacks, t`the suggested one has not`),
  );
}

const keeper = (group, place) => h("strong", {}, t`Keep `, bdi(group.files[place].name), ` (${number(place + 1)}): `);

/** What files have that would be set aside, and no kept one: a line for what several have alike. */
export function lackLines(group, lacks, who) {
  const alike = Map.groupBy(lacks, (lack) => said(lack.words));
  return [...alike].map(([words, files]) => h("p", { class: "attention lack" }, icon("attention"),
    h("span", {}, ...names(group, files), files.length > 1 ? t` have ${words}, which ${who}.` : t` has ${words}, which ${who}.`)));
}

function names(group, files) {
  if (files.length > NAMED) return [plural(files.length, "file")];
  return files.flatMap(({ file }, place) => [place ? t` and ` : "", bdi(group.files[file].name), ` (${number(file + 1)})`]);
}
