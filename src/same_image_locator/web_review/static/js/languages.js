// The choice of a language, in the help.

import { byId, fill, h } from "./dom.js";
import { browserLanguage, chosenLanguage, chooseLanguage, LANGUAGES, t } from "./i18n.js";

/** Each is named in itself, so that everyone finds their own. */
const named = (language) => new Intl.DisplayNames([language], { type: "language" }).of(language);

export function startLanguages() {
  byId("language").addEventListener("change", (event) => chooseLanguage(event.target.value));
}

/** When they are looked for: the names of languages take long to load. */
export function offerLanguages() {
  const languages = LANGUAGES.map((one) => h("option", { value: one, lang: one }, named(one)));
  fill(byId("language"), h("option", { value: "" }, t`As the browser: ${named(browserLanguage())}`), languages);
  byId("language").value = chosenLanguage();
}
