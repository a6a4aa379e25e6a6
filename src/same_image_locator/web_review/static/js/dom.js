// Builds elements; text goes in as text only, so that no file name can become markup.

/**
 * What it is for, the page tells: an input, a dialog, a list.
 * @type {(id: string) => any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * The elements that a selector means.
 * @type {(selector: string) => any[]}
 */
export const all = (selector) => [...document.querySelectorAll(selector)];

/**
 * What has the focus.
 * @type {() => any}
 */
export const focused = () => document.activeElement;

/**
 * h("p", {class: "x", onclick: f, "aria-label": "y"}, "text", child)
 * false, null and undefined attributes are left out; true is an empty attribute.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (!isThere(value)) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

export const fill = (element, ...children) => element.replaceChildren(...children.flat().filter(isThere));

const isThere = (part) => (part ?? false) !== false;

/** A button of a kind, which the styles know: "quiet", "primary", "primary ready", "danger". */
export const button = (kind, onclick, words, attributes = {}) => h("button", { type: "button", class: kind, onclick, ...attributes }, words);

/** A name from the disk: kept apart from the text around it, whatever its direction. */
export const bdi = (text, attributes = {}) => h("bdi", attributes, text);

/** Several of them, one after the other. */
export const bdis = (names) => names.flatMap((name, place) => [place ? ", " : "", bdi(name)]);

/** Once what has changed so far is on the screen, or on its way there. */
export const afterFrame = (work) => requestAnimationFrame(() => setTimeout(work));

/** Have just these children, in this order; those that are there already are not touched. */
export function arrange(parent, wanted) {
  const stay = new Set(wanted);
  for (const child of [...parent.children]) if (!stay.has(child)) child.remove();
  wanted.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}

export function announce(text) {
  byId("live").textContent = text;
}

export function closeOnBackdrop(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
