// Not duplicates: of a whole group, of the present picture, or of a pair; and what was said before.

import { explain, orAll, refresh, sent, showPresent } from "./actions.js";
import { api, Refused } from "./api.js";
import { backButton, buttonRow } from "./dialogs.js";
import { announce, bdi, bdis, button, byId, fill, h } from "./dom.js";
import { settleAsItIs } from "./finish.js";
import { list, number, plural, t } from "./i18n.js";
import { icon } from "./icons.js";
import { hideToast, toast } from "./toast.js";
import { canDecide, state } from "./store.js";
import { changed } from "./words.js";

const SAME_BYTES = t`These files have the same bytes: they cannot be told apart. Keep all (A), if you want all`;
const NAMED = 6; // files of a statement that are named

/** A file stands for its bytes: what has the same goes with it. */
const withTwins = ({ files }, place) => files.flatMap((file, other) => (other === place || (file.twin && file.twin === files[place].twin) ? [other] : []));

const differ = ({ mode, files }, places) => mode !== "exact" && places.some((place) => !files[place].twin || files[place].twin !== files[places[0]].twin);

const everyPlace = ({ files }) => files.map((_, place) => place);

/** Ask what is meant: a key must not say more than a person wants to. */
export function notDuplicates() {
  const { group, cursor } = state;
  if (!canDecide(group)) return;
  if (!differ(group, everyPlace(group))) {
    toast(SAME_BYTES, { seconds: 8 });
    return;
  }
  const dialog = byId("ask");
  const count = group.files.length;
  const mine = withTwins(group, cursor);
  const choose = (kind, label, words, run, attributes = {}) => h("div", { class: "apart-choice" },
    button(kind, () => { dialog.close(); run(); }, label, attributes), h("p", { class: "note" }, words));
  fill(dialog,
    h("h2", { id: "ask-title", tabindex: "-1" }, t`Not duplicates?`),
    h("p", {}, t`Nothing is set aside by this, and it is remembered: a later scan does not put these together again, even when they are renamed or moved. History takes it back.`),
    choose("primary ready", count === 2 ? t`These 2 are not duplicates` : t`None of these ${number(count)} are duplicates`, t`All go back to where they came from, and the group is done.`, () => none(group), { autofocus: true }),
    count > 2 && mine.length < count && !group.files[cursor].apart && choose("quiet", [t`Only `, bdi(group.files[cursor].name), t` (${list(mine.map((place) => number(place + 1)))}) is another picture`], t`It stays kept; the others are decided as usual.`, () => other(group, mine)),
    buttonRow(backButton(() => dialog.close())));
  dialog.showModal();
}

/** Of the two that are compared; of all others nothing is said. */
export function pairApart(group, one, other) {
  if (!canDecide(group)) return;
  const both = [one, other];
  if (!differ(group, both)) toast(SAME_BYTES, { seconds: 8 });
  else if (group.files.length === 2) notDuplicates();
  else tell(group, both, t`${one + 1} and ${other + 1} are remembered as not duplicates`, both);
}

/** All go home by the same two confirmations as any choice; the dialog was the first of them. */
async function none(group) {
  const answer = await say(group, everyPlace(group));
  if (answer) await settleAsItIs();
}

const isAnother = (files, count) => (count > 1 ? t`${files} are remembered as another picture` : t`${files} is remembered as another picture`);

const other = (group, places) => tell(group, places, isAnother(list(places.map((place) => number(place + 1))), places.length));

async function tell(group, places, words, among) {
  const answer = await say(group, places, among);
  if (!answer) return;
  toast(words, { action: { label: t`Take back`, run: () => takeLastBack(answer) } });
  announce(words);
}

/** Returns the group as it stands then, null when it was not taken. */
async function say(group, places, among) {
  try {
    await sent();
    if (state.group?.number !== group.number) return null;
    const answer = await api.notDuplicates(group.number, orAll(group, places), state.group.rev, among);
    showPresent(answer);
    return answer;
  } catch (error) {
    await refused(error);
    return null;
  }
}

async function refused(error) {
  explain(error);
  try {
    if (error instanceof Refused) await refresh();
  } catch (another) {
    explain(another);
  }
}

async function takeLastBack({ told_apart: statements }) {
  hideToast();
  try {
    await takeBack(statements.at(-1));
  } catch (error) {
    explain(error);
  }
}

async function takeBack(statement) {
  const told = await api.togetherAgain(statement);
  announce(t`Taken back: a scan may put these files together again`);
  await refresh();
  return told;
}

/** What was said so far, for the History; "redraw" is called with what is left. */
export function toldApart({ total, statements }, redraw) {
  if (!total) return [];
  const back = async (statement) => {
    try {
      redraw(await takeBack(statement));
      byId("history").querySelector("[data-close]").focus(); // the pressed button is gone
    } catch (error) {
      explain(error);
    }
  };
  return [
    h("h3", {}, t`Not duplicates`),
    h("p", { class: "note" }, t`What you said stays when an earlier run is undone: only Take back forgets it.`),
    h("ul", { class: "history" }, statements.map((one) => statementLine(one, back))),
    total > statements.length && h("p", { class: "note" }, t`${plural(total - statements.length, "earlier one is", "earlier ones are")} listed by sil apart.`),
  ];
}

function statementLine({ number: statement, at_ms: at, parts }, back) {
  const whole = parts.length === parts.flat().length;
  const [those, others] = whole ? [[], parts.flat()] : [parts[0], parts.slice(1).flat()];
  const says = whole ? t`No two of these are the same picture` : t`${plural(those.length, "file")} told apart from ${plural(others.length, "other")}`;
  return h("li", {},
    h("div", {},
      h("strong", {}, says),
      those.length > 0 && h("span", { class: "names" }, named(those)),
      h("span", { class: "names" }, those.length > 0 && t`from `, named(others)),
      h("span", { class: "names" }, changed(at))),
    !state.session.read_only && state.session.phase !== "closed" && button("quiet", () => back(statement), [icon("undo"), t`Take back`], { "aria-label": t`Take back: ${says}, ${(those[0] ?? others[0]).name}` }),
  );
}

function named(files) {
  const names = bdis(files.slice(0, NAMED).map((file) => (file.folder ? `${file.folder}/${file.name}` : file.name)));
  return files.length > NAMED ? [...names, t` and ${number(files.length - NAMED)} more`] : names;
}
