// What the program says in English, in the language of the page. Much of it lies on the disk in words,
// from this run or an earlier one: so it is found by its words, and what varies in it is carried over.

import { list, phrases } from "./i18n.js";

const VARIES = /\{\d\}/;
const BETWEEN = /(?:, | and )(?![^(]*\))/; // what stands in brackets belongs together
let known = null; // each phrase as a pattern, and its words

function patterns() {
  known ??= Object.entries(phrases).map(([english, words]) => {
    const fixed = english.split(VARIES).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return [new RegExp(`^${fixed.join("(.+)")}$`), words];
  });
  return known;
}

/** A sentence in other words; as it is, where none are known. */
export function said(text) {
  return phrased(text) ?? listed(text) ?? text;
}

/** Sentence by sentence: "mirrored, scaled to 50 %" */
export const clauses = (text) => (text ? text.split(", ").map(said).join(", ") : "");

function phrased(text) {
  if (!text) return text;
  for (const [pattern, words] of patterns()) {
    const found = pattern.exec(text);
    if (found) return words.replace(/\{(\d)\}/g, (_, place) => said(found[Number(place) + 1]));
  }
  return null;
}

/** "a capture date, camera and GPS", if each of them is known. */
function listed(text) {
  const parts = text.split(BETWEEN).map(phrased);
  return parts.length > 1 && parts.every((part) => part !== null) ? list(parts) : null;
}
