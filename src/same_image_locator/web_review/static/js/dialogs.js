// What the dialogs have alike: a head with the way out, and a row of buttons at their end.

import { button, h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";

/** "tabindex" is -1 where the title takes the focus when the dialog opens. */
export const dialogHead = (id, words, tabindex = -1) => h("div", { class: "dialog-head" },
  h("h2", { id, tabindex }, words),
  button("quiet", null, icon("close"), { "data-close": true, "aria-label": t`Close` }));

export const buttonRow = (...buttons) => h("div", { class: "dialog-buttons" }, buttons);

/** What Escape does, too. */
export const backButton = (onclick) => button("quiet", onclick, [t`Back`, h("kbd", {}, "Esc")]);
