// Light or dark: as the system has it, or as the user chose, kept in this browser only.

import { announce } from "./dom.js";
import { t } from "./i18n.js";

const KEY = "sil-theme";

export function startTheme() {
  const stored = localStorage.getItem(KEY);
  if (stored) document.documentElement.dataset.theme = stored;
}

export function toggleTheme() {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  const next = dark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem(KEY, next);
  const name = dark ? t`Light` : t`Dark`;
  announce(t`${name} colours`);
}
