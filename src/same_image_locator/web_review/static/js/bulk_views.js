// What the dialog about many groups shows at each step: a title, its parts, and its buttons.

import { WAYS } from "./disposals.js";
import { bdi, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./store.js";
import { bytes, list, number, plural } from "./words.js";

// Why groups are left to the person, in the order in which it is told.
const LEFT = {
  differ: "not identical",
  lean: "only a weak reason, or something would be missed",
  "your call": "your call: not sure to be one picture, or no difference",
  folder: "your preferred folder selects other files",
  touched: "you have chosen here yourself",
  confirmed: "you have confirmed it once",
  apart: "you have told files apart",
  attention: "needs attention",
  unread: "could not be read",
};
const NAMED = 3; // files of a sample that are named

const button = (kind, onclick, ...words) => h("button", { type: "button", class: kind, onclick }, ...words);
const close = (steps, words = "Close") => button("quiet", steps.close, words);
const attention = (...words) => h("p", { class: "attention" }, icon("attention"), h("span", {}, ...words));

/** While it looks, or acts. The bar is brought up to date by itself, so that the focus stays. */
export function acting(job, steps) {
  const acts = job.kind !== "preview";
  const titles = { apply: "Accepting suggestions", undo: "Undoing" };
  return {
    title: acts ? titles[job.kind] : "Accept suggestions",
    parts: [
      h("div", { class: "bulk-progress" }, h("progress", { id: "bulk-bar", max: 1, value: 0, "aria-labelledby": "bulk-far" }), h("p", { id: "bulk-far" })),
      h("p", { class: "note" }, acts ? "You can close this and go on: the line above the groups tells how far it is." : "Nothing is changed by looking."),
    ],
    buttons: [acts ? button("quiet", steps.stop, icon("stop"), "Stop") : button("quiet", steps.close, "Cancel")],
    said: acts ? titles[job.kind] : "Looking at the groups in view",
  };
}

export function updateProgress(job) {
  const bar = byId("bulk-bar");
  bar.max = job.total || 1;
  bar.value = job.done;
  const verb = job.kind === "preview" ? "looked at" : "groups done";
  byId("bulk-far").textContent = job.total ? `${number(job.done)} of ${number(job.total)} ${verb}` : "A moment…";
}

export function preview({ preview: found, trouble }, steps) {
  const title = "Accept suggestions";
  if (!found) return { title, parts: [attention(trouble || "The look at the groups was stopped.")], buttons: [close(steps)] };
  const { groups, accepted, files, bytes: size, left, sample } = found;
  const others = groups - accepted;
  const what = accepted
    ? [h("strong", {}, `${number(accepted)} of ${plural(groups, "group")} in view`), `: ${plural(files, "file")} would be set aside, ${bytes(size)}.`]
    : [groups ? `None of the ${plural(groups, "group")} in view has so sure a suggestion.` : "No group is in view."];
  return {
    title,
    said: accepted ? `${number(accepted)} of ${plural(groups, "group")}: ${plural(files, "file")} would be set aside, ${bytes(size)}` : what[0],
    parts: [
      h("p", { class: "bulk-sum", id: "bulk-sum" }, ...what),
      others > 0 && h("h3", {}, `Left to you: ${number(others)}`),
      others > 0 && h("ul", { class: "bulk-left" }, Object.entries(LEFT).filter(([why]) => left[why]).map(([why, words]) => h("li", {}, h("strong", {}, number(left[why])), ` ${words}`))),
      accepted > 0 && h("h3", {}, sample.length < accepted ? `${number(sample.length)} of them, evenly chosen` : "All of them"),
      accepted > 0 && h("ul", { class: "bulk-sample" }, sample.map(sampled)),
    ],
    buttons: [
      button("quiet", steps.close, "Back", h("kbd", {}, "Esc")),
      accepted > 0 && button("primary ready", steps.accept, `Accept ${plural(accepted, "suggestion")}…`),
    ],
  };
}

function sampled({ number: group, thumbs, paths, reason, bytes: size }) {
  const [kept, ...others] = paths;
  const more = others.length - NAMED;
  return h("li", {},
    h("span", { class: "thumbs", "aria-hidden": "true" }, thumbs.map((src) => h("img", { src, alt: "", width: 44, height: 44, loading: "lazy", decoding: "async", onerror: (event) => event.target.classList.add("missing") }))),
    h("span", { class: "bulk-words" },
      h("span", {}, h("strong", {}, `Group ${number(group)}`), ` · ${bytes(size)}`),
      h("span", {}, "Keep ", bdi(kept), `: ${reason}`),
      h("span", { class: "shared" }, "Set aside ", others.slice(0, NAMED).flatMap((name, place) => [place ? ", " : "", bdi(name)]), more > 0 && ` and ${number(more)} more`)));
}

/** The second yes: what, how much, and where it goes. */
export function question({ accepted, files, bytes: size }, steps) {
  return {
    title: `Set aside ${plural(files, "file")} (${bytes(size)}) of ${plural(accepted, "group")}?`,
    parts: [
      h("p", {}, "They go to"),
      h("p", { class: "path" }, bdi(state.session.decision_folder)),
      h("p", {}, "The kept file of each group goes back to where it came from. A group that has changed since you looked is left to you."),
      h("p", { class: "note" }, WAYS.quarantine.note),
    ],
    buttons: [
      button("quiet", () => steps.answer(false), "Back", h("kbd", {}, "Esc")),
      button("primary ready", () => steps.answer(true), WAYS.quarantine.button(files, "")),
    ],
  };
}

export function refusal(message, steps) {
  return { title: "Not now", parts: [attention(message)], buttons: [close(steps)] };
}

/** What came of it, with each group of which nothing came. */
export function result(job, steps) {
  const { done, failed, skipped } = job.results;
  const undid = job.kind === "undo";
  const rest = job.total - job.done;
  const title = undid ? `Undone: ${plural(done.count, "group")}` : `Accepted ${plural(done.count, "suggestion")}`;
  const parts = undid
    ? [done.count > 0 && h("p", {}, "All their files are back where they came from.")]
    : [h("p", {}, `${plural(job.files, "file")} set aside, ${bytes(job.bytes)}.`, done.count > 0 && " History takes it back, all at once or group by group.")];
  return {
    title,
    said: [title, failed.count && `${plural(failed.count, "group needs", "groups need")} attention`].filter(Boolean).join(". "),
    parts: [
      ...parts,
      job.trouble && attention(job.trouble),
      rest > 0 && h("p", {}, h("strong", {}, "Stopped: "), `${plural(rest, "group stays", "groups stay")} as ${rest === 1 ? "it was" : "they were"}.`),
      ...caused(failed, undid ? "Could not be undone" : "Needs attention", "attention", !undid, steps),
      ...caused(skipped, undid ? "Left as they are" : "Left to you", "unset", !undid, steps),
    ],
    buttons: [
      !undid && done.count > 0 && state.session.phase !== "closed" && button("quiet", steps.undo, icon("undo"), "Undo all"),
      undid && button("quiet", steps.history, icon("history"), "History"),
      h("button", { type: "button", class: "primary", onclick: steps.close }, "Done"),
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
      [...alike].map(([cause, those]) => h("li", {}, h("span", {}, `${those.length > 1 ? "Groups" : "Group"} ${list(those.map((one) => number(one.number)))}: ${cause}`),
        opens && h("button", { type: "button", class: "quiet", onclick: () => steps.open(those[0].number) }, `Open group ${number(those[0].number)}`))),
      more > 0 && h("li", {}, `and ${number(more)} more`)),
  ];
}
