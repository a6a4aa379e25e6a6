// What lies behind: where each file of a finished group is by now, and what earlier runs have settled.

import { explain } from "./actions.js";
import { api } from "./api.js";
import { undoEarlier } from "./bulk.js";
import { bdi, button, fill, h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { readOnly, state } from "./store.js";
import { bytes, changed } from "./words.js";

const PLACES = {
  home: { sign: "home", words: t`home again` },
  renamed: { sign: "home", words: t`home again, as `, named: true },
  aside: { sign: "aside", words: t`set aside as `, named: true },
  gone: { sign: "trash", words: t`removed, or in the trash` },
  missing: { sign: "attention", words: t`no longer where it was put: `, named: true },
};

/** A part that is asked for when it is opened, and asked for again the next time. */
function asked(words, ask, draw) {
  const body = h("div", {});
  const show = async (event) => {
    if (!event.target.open || event.target !== body.parentElement) return;
    try {
      fill(body, draw(await ask()));
    } catch (error) {
      explain(error);
    }
  };
  return h("details", { ontoggle: show }, h("summary", {}, words), body);
}

/** Where the files of a group of this run are. */
export const whereabouts = (group) => asked(t`Where its files are`, () => api.whereabouts(group), listed);

const listed = ({ files }) => h("ul", { class: "whereabouts" }, files.map(line));

function line({ from, now, place, renamed }) {
  const { sign, words, named } = PLACES[renamed ? "renamed" : place];
  return h("li", {}, icon(sign), h("span", {}, bdi(from, { class: "from" }), ": ", words, named && bdi(now)));
}

/** What earlier runs have settled, a line each, with the way back. */
export function earlierRuns(runs) {
  if (!runs.length) return [];
  return [h("h3", {}, t`Earlier runs`), h("ul", { class: "history" }, runs.map(runLine))];
}

function runLine({ run, at_ms: at, groups, files, bytes: size }) {
  return h("li", { class: "many" },
    h("div", {},
      h("strong", {}, plural(groups, "group")),
      h("span", {}, t`${plural(files, "file")} still set aside (${bytes(size)})`),
      h("span", { class: "names" }, changed(at))),
    mayUndo() && button("quiet", () => undoEarlier(run), [icon("undo"), t`Undo all`]),
    asked(t`The ${plural(groups, "group")}`, () => api.earlier(run), (told) => groupsOf(run, told)));
}

const mayUndo = () => !readOnly() && state.session.phase !== "closed";

function groupsOf(run, { total, groups }) {
  const rest = total - groups.length;
  return h("ul", { class: "history" },
    groups.map((one) => h("li", {},
      h("div", {}, h("strong", {}, t`Group ${one.number}`), h("span", {}, t`${plural(one.files, "file")} still set aside (${bytes(one.bytes)})`)),
      mayUndo() && button("quiet", () => undoEarlier(run, one.number), [icon("undo"), t`Undo`]),
      asked(t`Where its files are`, () => api.earlierFiles(run, one.number), listed))),
    rest > 0 && h("li", {}, t`and ${number(rest)} more`));
}
