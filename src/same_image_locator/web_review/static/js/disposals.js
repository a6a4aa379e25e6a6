// What becomes of the files that are not kept, worded as it truly is.

import { state } from "./store.js";
import { plural } from "./words.js";

export const WAYS = {
  quarantine: {
    sign: "aside",
    card: "Set aside",
    done: "set aside",
    would: "be set aside",
    gain: "frees",
    rest: "the rest is set aside",
    button: (count, all) => `Set aside ${all}${plural(count, "file")}`,
    note: "Nothing is deleted now. You can undo this until you free the space at the end.",
    help: "the rest is set aside, and you can undo that until you free the space at the end",
    auto: "double-click finishes",
  },
  trash: {
    sign: "trash",
    card: "To the trash",
    done: "to the trash",
    would: "go to the system's trash",
    gain: "together",
    rest: "the rest goes to the system's trash",
    button: (count, all) => `Move ${all}${plural(count, "file")} to the trash`,
    note: "The files go to the system's trash. To take this back, restore them from there; their space is free when you empty it.",
    help: "the rest goes to the system's trash, from where you can restore it",
    auto: "double-click moves the rest to the trash",
  },
  delete: {
    sign: "trash",
    card: "Remove",
    done: "removed for good",
    would: "be removed for good",
    gain: "frees",
    rest: "the rest is removed for good",
    button: (count, all) => `Remove ${all}${plural(count, "file")} for good`,
    note: "This cannot be undone: the files are removed for good.",
    help: "the rest is removed for good: there is no undo",
    auto: "double-click removes the rest for good",
  },
};

/** The way of this run, as its user has asked for. */
export const way = () => WAYS[state.session ? state.session.rejects : "quarantine"];

export const isForGood = () => Boolean(state.session) && state.session.rejects === "delete";
