// What becomes of the files that are not kept, worded as it truly is.

import { number, plural, t } from "./i18n.js";
import { state } from "./store.js";
import { bytes, folderName } from "./words.js";

export const WAYS = {
  quarantine: {
    sign: "aside",
    card: t`Set aside`,
    done: t`set aside`,
    would: t`be set aside`,
    gain: t`frees`,
    rest: t`the rest is set aside`,
    button: (count, all) => t`Set aside ${all}${plural(count, "file")}`,
    note: t`Nothing is deleted now. You can undo this until you free the space at the end.`,
    help: t`the rest is set aside, and you can undo that until you free the space at the end`,
    auto: t`double-click finishes`,
  },
  trash: {
    sign: "trash",
    card: t`To the trash`,
    done: t`to the trash`,
    would: t`go to the system's trash`,
    gain: t`together`,
    rest: t`the rest goes to the system's trash`,
    button: (count, all) => t`Move ${all}${plural(count, "file")} to the trash`,
    note: t`The files go to the system's trash. To take this back, restore them from there; their space is free when you empty it.`,
    help: t`the rest goes to the system's trash, from where you can restore it`,
    auto: t`double-click moves the rest to the trash`,
  },
  delete: {
    sign: "trash",
    card: t`Remove`,
    done: t`removed for good`,
    would: t`be removed for good`,
    gain: t`frees`,
    rest: t`the rest is removed for good`,
    button: (count, all) => t`Remove ${all}${plural(count, "file")} for good`,
    note: t`This cannot be undone: the files are removed for good.`,
    help: t`the rest is removed for good: there is no undo`,
    auto: t`double-click removes the rest for good`,
  },
};

/** The way of this run, as its user has asked for. */
export const way = () => WAYS[state.session ? state.session.rejects : "quarantine"];

export const isForGood = () => Boolean(state.session) && state.session.rejects === "delete";

/** What a confirmed group has come to: "1 kept, 2 set aside (4.1 MB)". */
export function outcome(done) {
  const parts = [t`${number(done.kept)} kept`, `${number(done.set_aside)} ${WAYS[done.disposal].done}`];
  if (done.sidecars) parts.push(t`metadata kept in ${plural(done.sidecars, "XMP file")}`);
  return parts.join(", ") + (done.set_aside ? ` (${bytes(done.set_aside_bytes)})` : "");
}

/** What an action has done, also in the History. */
export const acceptedWords = (count, copies) => (copies
  ? t`Settled ${plural(count, "group")}: kept what lies in ${folderName(copies.keep)}, cleared ${folderName(copies.clear)}`
  : t`Accepted ${plural(count, "suggestion")}`);
