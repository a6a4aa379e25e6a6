// What stands around the pictures of a comparison: names, ways to look, and what was found.

import { all, bdi, button, byId, fill, h } from "./dom.js";
import { way } from "./disposals.js";
import { fraction, t } from "./i18n.js";
import { icon } from "./icons.js";
import { clauses, said } from "./said.js";
import { canDecide, kept, state } from "./store.js";
import { TIERS } from "./tiers.js";
import { bytes, pixels } from "./words.js";

/** The ways to compare, with their words and keys. */
export const WAYS = [["side", t`Side by side`, "Q"], ["slider", t`Slider`, "W"], ["flicker", t`Flicker`, "E"], ["overlay", t`Overlay`, "R"], ["difference", t`Difference`, "T"]];
const MOVES = [["left", "←", t`left`], ["up", "↑", t`up`], ["down", "↓", t`down`], ["right", "→", t`right`]];

/** A button that does something: "what" names it for the keys and the tests alike. */
const tool = (act, what, words, attributes = {}) => button("quiet", () => act(what), words, { "data-act": what, ...attributes });

export function head(group, look, act) {
  const count = group.files.length;
  return h("header", { class: "compare-head" },
    tool(act, "leave", [icon("undo"), h("span", { class: "wide" }, t`Back`)], { "aria-label": t`Back to group ${group.number}`, title: t`Back (Esc)` }),
    h("h1", { id: "compare-title", tabindex: "-1" }, h("span", { class: "wide" }, t`Group ${group.number}: `), t`${look.one + 1} and ${look.other + 1}`, h("span", { class: "of" }, t` of ${count}`)),
    h("div", { class: "ways", role: "group", "aria-label": t`Ways to compare` }, WAYS.map(([what, word, key]) =>
      tool(act, what, word, { "aria-pressed": String(look.mode === what), title: `${word} (${key})` }))),
    h("div", { class: "partners", role: "group", "aria-label": t`Which pictures` },
      tool(act, "previous", "‹", { "aria-label": t`Previous second picture`, title: t`Previous (←)`, disabled: count < 3 }),
      tool(act, "next", "›", { "aria-label": t`Next second picture`, title: t`Next (→)`, disabled: count < 3 }),
      tool(act, "swap", "⇄", { "aria-label": t`Swap first and second`, title: t`Swap (S)` }),
      group.mode !== "exact" && tool(act, "apart", icon("apart"), { "aria-label": t`These two are not duplicates`, title: t`Not duplicates (N)`, disabled: !canDecide(group) })),
  );
}

/** Name and facts of a file, and its tick. */
export function caption(group, place, act) {
  const file = group.files[place];
  const known = state.facts?.files[place];
  const folder = group.folders[file.folder].label;
  const facts = [known?.width && pixels(known.width, known.height), bytes(file.bytes), known?.format].filter(Boolean).join(" · ");
  return h("figcaption", { class: "caption", "data-caption": place },
    h("span", { class: "number", "aria-hidden": "true" }, String(place + 1)),
    h("div", { class: "named" },
      h("p", { class: "name" }, bdi(folder.own && `${folder.own}/`, { class: "shared" }), bdi(file.name)),
      h("p", { class: "note" }, facts)),
    button("keep-toggle", () => act("toggle", place), "", { "data-act": `toggle-${place}` }),
  );
}

export function updateCaption(group, place) {
  const any = kept(group) > 0;
  for (const toggle of all(`[data-act="toggle-${place}"]`)) {
    const { keep, name, apart } = group.files[place];
    toggle.disabled = !canDecide(group) || apart;
    toggle.setAttribute("aria-pressed", String(keep));
    const words = apart ? t`Another picture` : keep ? t`Keep` : any ? way().card : t`Not chosen`;
    toggle.setAttribute("aria-label", keep && !apart ? t`Keep ${name}` : t`Keep ${name}: ${words}`);
    if (toggle.textContent !== words) fill(toggle, icon(apart ? "apart" : keep ? "check" : any ? way().sign : "unset"), words);
  }
}

/** What is known of how the second lies on the first. */
export function lead(group, look, answer) {
  const [first, second] = [look.one + 1, look.other + 1];
  if (!answer) return { words: t`Looking how one lies on the other…`, badge: null };
  if (!answer.matrix) return { words: t`Not aligned: ${said(answer.reason)}`, badge: h("span", { class: "badge unsure" }, t`not aligned`) };
  const badge = h("span", { class: look.aligned ? "badge on" : "badge" }, look.aligned ? t`aligned` : t`not aligned`);
  const tier = group.mode === "exact" ? TIERS.identical : TIERS[answer.tier];
  return { words: answer.changes ? t`${second} is ${first} ${clauses(answer.changes)}` : t`${second} against ${first}: ${tier.says}`, badge };
}

export function foot(look, group, act, still) {
  return h("footer", { class: "compare-foot" },
    h("div", { class: "tool" }, chosenTool(look, group, act, still),
      tool(act, "align", t`Align`, { title: t`Lay the second on the first (A)` }),
      tool(act, "hand", t`By hand`, { title: t`Move ${look.other + 1} alone, by the arrows or by dragging (M)` })),
    h("div", { class: "zooms", role: "group", "aria-label": t`Zoom and move` },
      tool(act, "farther", "−", { "aria-label": t`Smaller`, title: t`Smaller (−)` }),
      h("output", { id: "compare-zoom", "aria-label": t`Zoom` }),
      tool(act, "closer", "+", { "aria-label": t`Larger`, title: t`Larger (+)` }),
      tool(act, "fit", t`Fit`, { title: t`Fit the window (F)` }),
      tool(act, "whole", "100 %", { title: t`A pixel of the picture for each of the screen (Z)` }),
      h("span", { class: "moves" }, MOVES.map(([what, sign, word]) => tool(act, what, sign, { "aria-label": t`Move ${word}`, title: t`Move ${word} (Shift ${sign})` })),
        tool(act, "back", t`Put back`, { title: t`Put ${look.other + 1} back in its place (Backspace)` }))),
  );
}

function range(act, what, label, value) {
  return h("label", { class: "range" }, label,
    h("input", { type: "range", id: `compare-${what}`, min: 0, max: 100, step: 1, value, oninput: (event) => act(what, event.target.value) }));
}

function chosenTool(look, group, act, still) {
  const { mode, one, other } = look;
  if (mode === "slider") return range(act, "divider", t`From ${one + 1} to ${other + 1}`, look.divider);
  if (mode === "overlay") return range(act, "opacity", t`How much of ${other + 1}`, look.opacity);
  if (mode === "difference") return h("output", { id: "compare-difference" });
  const hold = holdButton(act, other);
  if (mode === "flicker") return [hold, !still && tool(act, "play", t`By itself`, { title: t`Change every second (E)` })];
  return [hold, group.files.length > 2 && tool(act, "side", t`Up to four`, { "data-act": "four", "aria-pressed": String(look.four), title: t`Up to four (Q)` })];
}

/** Held as Space is, by finger, mouse, or the keyboard. */
function holdButton(act, other) {
  const release = () => act("release");
  const isPress = ({ key }) => key === "Enter" || key === " ";
  return button("quiet", null, t`Hold to see ${other + 1}`, {
    "data-act": "hold", title: t`Hold (Space)`,
    onpointerdown: () => act("flick"), onpointerup: release, onpointerleave: release, onpointercancel: release,
    onkeydown: (event) => { if (isPress(event) && !event.repeat) act("flick"); },
    onkeyup: (event) => { if (isPress(event)) release(); },
    oncontextmenu: (event) => event.preventDefault(),
  });
}

export function updateFoot(look, answer, scale, isMoved) {
  const percent = 100 * scale;
  byId("compare-zoom").textContent = `${fraction(percent, percent < 10 ? 1 : 0)} %`;
  const [align] = all('[data-act="align"]');
  align.setAttribute("aria-pressed", String(Boolean(look.aligned && answer?.matrix)));
  align.disabled = !answer?.matrix;
  for (const [what, on] of [["hand", look.hand], ["play", look.plays], ["four", look.four]]) {
    document.querySelector(`[data-act="${what}"]`)?.setAttribute("aria-pressed", String(on));
  }
  for (const back of all('[data-act="back"]')) back.hidden = !isMoved;
  const words = byId("compare-difference");
  if (words) words.textContent = look.words || t`Working out the difference…`;
}
