// A group in a line of the queue: its pictures, what it is made of, how sure it is, and how it stands.

import { h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { said } from "./said.js";
import { TIERS } from "./tiers.js";
import { bytes } from "./words.js";

/** A row that looks the same may stay, so that its pictures do not flicker. */
export const rowKey = (group) => `${group.number}:${group.rev}:${group.state}:${group.fits}:${group.suggestion?.reason ?? ""}`;

export function makeRow(group) {
  const [sign, word, more] = stateOf(group);
  return h("div", { class: group.fits ? "row" : "row unfit", role: "option", id: `row-${group.number}`, "data-number": group.number, "data-key": rowKey(group) },
    smallPictures(group.thumbs),
    h("span", { class: "row-words" },
      h("span", { class: "row-head" }, h("strong", {}, t`Group ${group.number}`),
        group.mode !== "exact" && h("span", { class: `tier is-${group.tier.replace(" ", "-")}` }, TIERS[group.tier].short)),
      h("span", {}, group.fits ? madeOf(group) : t`Open, but does not fit`),
      h("span", { class: "row-foot" },
        h("span", { class: `row-state is-${sign}`, title: more && `${word}: ${more}` }, icon(sign), h("span", {}, word, more && h("span", { class: "more" }, `: ${more}`))),
        h("span", { class: "size", title: t`Up to so much to free` }, bytes(group.redundant_bytes))),
    ));
}

export const smallPictures = (addresses) => h("span", { class: "thumbs", "aria-hidden": "true" }, addresses.map((src) => h("img", {
  src, alt: "", width: 44, height: 44, loading: "lazy", decoding: "async", onerror: (event) => event.target.classList.add("missing"),
})));

/** "5 files", or "2 identical + 3 near" where they differ; the first file counts with its equals. */
function madeOf({ files, alike }) {
  const kinds = Object.entries(alike);
  if (kinds.length === 1 && (kinds[0][0] === "identical" || files === 2)) return plural(files, "file");
  const equals = (alike.identical ?? 0) + 1;
  const rest = kinds.filter(([tier]) => tier !== "identical").map(([tier, count]) => `${number(count)} ${TIERS[tier].one}`);
  return [equals > 1 ? t`${number(equals)} identical` : "1", ...rest].join(" + ");
}

function stateOf(group) {
  if (group.state === "attention") return ["attention", t`Needs attention`];
  if (group.state === "settling") return ["aside", t`Settling…`];
  if (group.keep) return ["check", t`${number(group.keep)} to keep`];
  return group.suggestion ? ["star", t`Suggested`, said(group.suggestion.reason)] : ["unset", t`Undecided`];
}
