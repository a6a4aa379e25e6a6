// The language of the page. English stands in the code, where it is used. Any other language is one file
// in static/languages, from the English words to its own: it is fetched before anything is drawn.

const CHOSEN = "sil-language"; // by hand, kept in this browser only
const FORMS = ["zero", "one", "two", "few", "many", "other"]; // in the order in which a language's file has them
const ENGLISH = { direction: "ltr", thousands: ",", decimal: ".", texts: {}, phrases: {} };

/** All that there are, English first. */
export const LANGUAGES = ["en", ...document.querySelector("meta[name=languages]").getAttribute("content").split(" ").filter(Boolean)];

/** What was chosen by hand, "" for what the browser asks for. */
export const chosenLanguage = () => (LANGUAGES.includes(localStorage.getItem(CHOSEN)) ? localStorage.getItem(CHOSEN) : "");

/** The first of the browser's languages that there is: "de-AT" is met by "de", too. */
export const browserLanguage = () => navigator.languages.flatMap((one) => [one, one.split("-")[0]]).find((one) => LANGUAGES.includes(one)) ?? "en";

/** All is drawn anew: what was chosen in the groups is on the server. */
export function chooseLanguage(language) {
  if (language) localStorage.setItem(CHOSEN, language);
  else localStorage.removeItem(CHOSEN);
  location.reload();
}

const language = chosenLanguage() || browserLanguage();

/** A language that does not come leaves the page in English, not empty. */
async function fetched() {
  try {
    const catalogue = await (await fetch(`/static/languages/${language}.json`)).json();
    Object.assign(document.documentElement, { lang: language, dir: catalogue.direction });
    return catalogue;
  } catch {
    return ENGLISH;
  }
}

const catalogue = language === "en" ? ENGLISH : await fetched();
const { thousands, decimal, texts } = catalogue;

/** What the program says, in English and in the language of the page. */
export const phrases = catalogue.phrases;

const rules = catalogue === ENGLISH ? null : new Intl.PluralRules(language); // loaded for no one who does not need it
const known = rules ? new Set(/** @type {string[]} */ (rules.resolvedOptions().pluralCategories)) : new Set();
const forms = FORMS.filter((form) => known.has(form));

/** A text with values in it, by the words that stand in the code: "Finish group {0}?". */
function say(text, values) {
  return (texts[text] ?? text).replace(/\{(\d)\}/g, (_, place) => values[place]);
}

/** t`Finish group ${7}?` */
export function t(strings, ...values) {
  if (catalogue === ENGLISH) return String.raw({ raw: strings }, ...values);
  return say(strings.reduce((text, part, place) => `${text}{${place - 1}}${part}`), values);
}

export const number = (count) => String(count).replace(/\B(?=(?:\d{3})+$)/g, thousands);

export const fraction = (value, digits) => value.toFixed(digits).replace(".", decimal);

/** "1 file", "12 files" */
export function plural(count, one, many = `${one}s`) {
  const theirs = texts[`${one} | ${many}`]?.split(" | ");
  const words = theirs ? theirs[forms.indexOf(rules.select(count))] ?? theirs.at(-1) : count === 1 ? one : many;
  return `${number(count)} ${words}`;
}

/** "a", "a and b", or "a, b, and c" */
export function list(parts) {
  if (parts.length < 2) return parts.join("");
  if (parts.length === 2) return t`${parts[0]} and ${parts[1]}`;
  return t`${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`;
}

const TOLD = ["aria-label", "title", "placeholder"];

/** The words that stand in the page itself. */
export function translatePage() {
  if (catalogue === ENGLISH) return;
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = /** @type {any} */ (nodes.nextNode()); node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) node.data = translated(node.data);
    else for (const name of TOLD) if (node.hasAttribute(name)) node.setAttribute(name, translated(node.getAttribute(name)));
  }
}

/** What stands around the words stays: only they are in a language's file. */
function translated(text) {
  const words = text.trim();
  return words && texts[words] ? text.replace(words, () => texts[words]) : text;
}
