// A short message at the lower edge, with the way back beside it.

import { button, byId, fill, h } from "./dom.js";
import { t } from "./i18n.js";

let timer = 0;

export function toast(text, { action = null, bad = false, seconds = 12 } = {}) {
  const place = byId("toast");
  clearTimeout(timer);
  place.className = bad ? "toast bad" : "toast";
  fill(
    place,
    h("p", { role: bad ? "alert" : "status" }, text),
    action && button("quiet", action.run, action.label),
    button("quiet", hideToast, "×", { "aria-label": t`Dismiss` }),
  );
  place.hidden = false;
  const hideLater = () => { timer = setTimeout(hideToast, seconds * 1000); };
  place.onmouseenter = place.onfocusin = () => clearTimeout(timer);
  place.onmouseleave = place.onfocusout = hideLater;
  hideLater();
}

export function hideToast() {
  clearTimeout(timer);
  byId("toast").hidden = true;
}
