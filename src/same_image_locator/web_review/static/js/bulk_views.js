// What the dialog about many groups shows at each step: a title, its parts, and its buttons.

import { acceptedWords, WAYS } from "./disposals.js";
import { backButton } from "./dialogs.js";
import { bdi, bdis, button, byId, h } from "./dom.js";
import { list, number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { smallPictures } from "./row.js";
import { said } from "./said.js";
import { state } from "./store.js";
import { bytes, folderName } from "./words.js";

// Why groups are left to the person, in the order in which it is told.
const LEFT = {
  differ: t`not identical`,
  lean: t`only a weak reason, or something would be missed`,
  "your call": t`your call: not sure to be one picture, or no difference`,
  folder: t`your preferred folder selects other files`,
  touched: t`you have chosen here yourself`,
  confirmed: t`you have confirmed it once`,
  apart: t`you have told files apart`,
  attention: t`needs attention`,
  unread: t`could not be read`,
  elsewhere: t`lies in a third folder, too`,
};
const NAMED = 3; // files of a sample that are named

const close = (steps, words = t`Close`) => button("quiet", steps.close, words);
const attention = (...words) => h("p", { class: "attention" }, icon("attention"), h("span", {}, ...words));

const titled = (copies) => (copies ? [t`Keep what lies in `, bdi(folderName(copies.keep)), t`, clear `, bdi(folderName(copies.clear))] : [t`Accept suggestions`]);

/** While it looks, or acts. The bar is brought up to date by itself, so that the focus stays. */
export function acting(job, steps, copies) {
  const acts = job.kind !== "preview";
  const titles = { apply: t`Accepting suggestions`, undo: t`Undoing` };
  return {
    title: acts ? titles[job.kind] : titled(copies),
    parts: [
      h("div", { class: "bulk-progress" }, h("progress", { id: "bulk-bar", max: 1, value: 0, "aria-labelledby": "bulk-far" }), h("p", { id: "bulk-far" })),
      h("p", { class: "note" }, acts ? t`You can close this and go on: the line above the groups tells how far it is.` : t`Nothing is changed by looking.`),
    ],
    buttons: [acts ? button("quiet", steps.stop, [icon("stop"), t`Stop`]) : button("quiet", steps.close, t`Cancel`)],
    said: acts ? titles[job.kind] : t`Looking at the groups in view`,
  };
}

export function updateProgress(job) {
  const bar = byId("bulk-bar");
  bar.max = job.total || 1;
  bar.value = job.done;
  const verb = job.kind === "preview" ? t`looked at` : t`groups done`;
  byId("bulk-far").textContent = job.total ? t`${number(job.done)} of ${number(job.total)} ${verb}` : t`A moment…`;
}

export function preview({ preview: found, trouble }, steps, copies) {
  const title = titled(copies);
  if (!found) return { title, parts: [attention(said(trouble) || t`The look at the groups was stopped.`)], buttons: [close(steps)] };
  const { groups, accepted, files, bytes: size, left, sample } = found;
  const others = groups - accepted;
  const what = accepted
    ? [h("strong", {}, copies ? t`${number(accepted)} of ${plural(groups, "group")} in both folders` : t`${number(accepted)} of ${plural(groups, "group")} in view`), t`: ${plural(files, "file")} would be set aside, ${bytes(size)}.`]
    : [none(groups, copies)];
  return {
    title,
    said: accepted ? t`${number(accepted)} of ${plural(groups, "group")}: ${plural(files, "file")} would be set aside, ${bytes(size)}` : what[0],
    parts: [
      h("p", { class: "bulk-sum", id: "bulk-sum" }, ...what),
      others > 0 && h("h3", {}, t`Left to you: ${number(others)}`),
      others > 0 && h("ul", { class: "bulk-left" }, Object.entries(LEFT).filter(([why]) => left[why]).map(([why, words]) => h("li", {}, h("strong", {}, number(left[why])), ` ${words}`))),
      accepted > 0 && h("h3", {}, sample.length < accepted ? t`${number(sample.length)} of them, evenly chosen` : t`All of them`),
      accepted > 0 && h("ul", { class: "bulk-sample" }, sample.map(sampled)),
    ],
    buttons: [
      backButton(steps.close),
      accepted > 0 && button("primary ready", steps.accept, copies ? t`Settle ${plural(accepted, "group")}…` : t`Accept ${plural(accepted, "suggestion")}…`),
    ],
  };
}

function none(groups, copies) {
  if (!groups) return t`No group is in view.`;
  if (copies) return t`None of the ${plural(groups, "group")} in both folders can be settled so.`;
  return t`None of the ${plural(groups, "group")} in view has so sure a suggestion.`;
}

function sampled({ number: group, thumbs, paths, kept: count, reason, bytes: size }) {
  const [kept, others] = [paths.slice(0, count), paths.slice(count)];
  const more = others.length - NAMED;
  return h("li", {},
    smallPictures(thumbs),
    h("span", { class: "bulk-words" },
      h("span", {}, h("strong", {}, t`Group ${number(group)}`), ` · ${bytes(size)}`),
      h("span", {}, t`Keep `, bdis(kept), `: ${said(reason)}`),
      h("span", { class: "shared" }, t`Set aside `, bdis(others.slice(0, NAMED)), more > 0 && t` and ${number(more)} more`)));
}

/** The second yes: what, how much, and where it goes. */
export function question({ accepted, files, bytes: size }, steps) {
  return {
    title: t`Set aside ${plural(files, "file")} (${bytes(size)}) of ${plural(accepted, "group")}?`,
    parts: [
      h("p", {}, t`They go to`),
      h("p", { class: "path" }, bdi(state.session.decision_folder)),
      h("p", {}, t`The kept file of each group goes back to where it came from. A group that has changed since you looked is left to you.`),
      h("p", { class: "note" }, WAYS.quarantine.note),
    ],
    buttons: [
      backButton(() => steps.answer(false)),
      button("primary ready", () => steps.answer(true), WAYS.quarantine.button(files, "")),
    ],
  };
}

export function refusal(message, steps) {
  return { title: t`Not now`, parts: [attention(message)], buttons: [close(steps)] };
}

/** What came of it, with each group of which nothing came. */
export function result(job, steps) {
  const { done, failed, skipped } = job.results;
  const undid = job.kind === "undo";
  const rest = job.total - job.done;
  const were = rest === 1 ? t`it was` : t`they were`;
  const title = undid ? t`Undone: ${plural(done.count, "group")}` : acceptedWords(done.count, job.copies);
  const parts = undid
    ? [done.count > 0 && h("p", {}, t`All their files are back where they came from.`)]
    : [h("p", {}, t`${plural(job.files, "file")} set aside, ${bytes(job.bytes)}.`, done.count > 0 && t` History takes it back, all at once or group by group.`)];
  return {
    title,
    said: [title, failed.count && t`${plural(failed.count, "group needs", "groups need")} attention`].filter(Boolean).join(". "),
    parts: [
      ...parts,
      job.trouble && attention(said(job.trouble)),
      rest > 0 && h("p", {}, h("strong", {}, t`Stopped: `), t`${plural(rest, "group stays", "groups stay")} as ${were}.`),
      ...caused(failed, undid ? t`Could not be undone` : t`Needs attention`, "attention", !undid, steps),
      ...caused(skipped, undid ? t`Left as they are` : t`Left to you`, "unset", !undid, steps),
    ],
    buttons: [
      !undid && done.count > 0 && state.session.phase !== "closed" && button("quiet", steps.undo, [icon("undo"), t`Undo all`]),
      undid && button("quiet", steps.history, [icon("history"), t`History`]),
      button("primary", steps.close, t`Done`),
    ],
  };
}

function caused({ count, groups }, words, sign, opens, steps) {
  if (!count) return [];
  const alike = Map.groupBy(groups, ({ cause }) => cause);
  const more = count - groups.length;
  return [
    h("h3", {}, icon(sign), `${words}: ${plural(count, "group")}`),
    h("ul", { class: "bulk-left" },
      [...alike].map(([cause, those]) => h("li", {}, h("span", {}, those.length > 1 ? t`Groups` : t`Group`, ` ${list(those.map((one) => number(one.number)))}: ${said(cause)}`),
        opens && button("quiet", () => steps.open(those[0].number), t`Open group ${number(those[0].number)}`))),
      more > 0 && h("li", {}, t`and ${number(more)} more`)),
  ];
}
