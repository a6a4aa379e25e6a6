// The keys of the comparison: one table from which both the doing and the help are made.

import { perform } from "./comparing.js";
import { t } from "./i18n.js";

const does = (what) => (key) => perform(what, key);

/** "repeats" marks those that go on while they are held. */
export const COMPARE_KEYS = [
  { keys: ["q"], words: t`side by side; again: up to four`, run: does("side") },
  { keys: ["w"], words: t`slider`, run: does("slider") },
  { keys: ["e"], words: t`flicker; again: by itself, or not`, run: does("flicker") },
  { keys: ["r"], words: t`overlay`, run: does("overlay") },
  { keys: ["t"], words: t`difference`, run: does("difference") },
  { keys: [" "], shown: t`Space`, words: t`hold to see the second in place of the first`, run: does("flick") },
  { keys: ["ArrowLeft"], shown: "← →", words: t`another second picture`, run: does("previous"), repeats: true },
  { keys: ["ArrowRight"], run: does("next"), repeats: true },
  { keys: [..."123456789"], shown: "1 – 9", words: t`the second picture by its number; with Shift the first`, run: does("partner") },
  { keys: [..."123456789"].map((digit) => `Shift+${digit}`), run: does("first") },
  { keys: ["s"], words: t`swap first and second`, run: does("swap") },
  { keys: ["+", "="], shown: "+ −", words: t`larger, smaller`, run: does("closer"), repeats: true },
  { keys: ["-", "_"], run: does("farther"), repeats: true },
  { keys: ["f"], words: t`fit the window`, run: does("fit") },
  { keys: ["0"], words: t`the same, or picture 10 in a group of so many`, run: does("zero") },
  { keys: ["z"], words: t`100 %: a pixel of the picture is one of the screen`, run: does("whole") },
  { keys: ["Shift+ArrowLeft"], shown: t`Shift ← ↑ ↓ →`, words: t`move both pictures`, run: does("left"), repeats: true },
  { keys: ["Shift+ArrowRight"], run: does("right"), repeats: true },
  { keys: ["Shift+ArrowUp"], run: does("up"), repeats: true },
  { keys: ["Shift+ArrowDown"], run: does("down"), repeats: true },
  { keys: ["m"], words: t`move the second alone, or both again`, run: does("hand") },
  { keys: ["Backspace"], shown: t`Backspace`, words: t`put back what was moved alone`, run: does("back") },
  { keys: ["a"], words: t`lay the second on the first, or not`, run: does("align") },
  { keys: ["p"], words: t`keep the second`, run: does("keep") },
  { keys: ["x"], words: t`do not keep the second`, run: does("reject") },
  { keys: ["n"], words: t`these two are not duplicates`, run: does("apart") },
  { keys: ["j", "ArrowDown"], shown: "J K", words: t`next, previous group`, run: does("nextGroup") },
  { keys: ["k", "ArrowUp"], run: does("previousGroup") },
  { keys: ["c", "Escape"], shown: "C, Esc", words: t`back to the group`, run: does("leave") },
];

/** What a key is called in the table: Shift counts where it makes another key. */
export function nameOf(event) {
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (event.shiftKey && digit) return `Shift+${digit[1]}`;
  if (event.shiftKey && event.key.startsWith("Arrow")) return `Shift+${event.key}`;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
