// The bar at the lower edge: what the choice means so far, auto-finish, and the way on.

import { choiceWords, setAutoFinish } from "./actions.js";
import { way } from "./disposals.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { canDecide, kept, proposal, readOnly, undecided } from "./store.js";

export function startBar() {
  byId("auto").addEventListener("change", (event) => setAutoFinish(event.target.checked));
}

export function drawBar({ group, session, connection }) {
  const shown = Boolean(group) && session && session.phase === "review" && connection === "ok" && !readOnly();
  byId("bar").hidden = !shown;
  if (!shown) return;
  byId("bar-words").textContent = choiceWords(group);
  const switched = byId("auto");
  switched.checked = group.auto_finish.on;
  switched.disabled = !group.auto_finish.available;
  byId("auto-label").classList.toggle("off", switched.disabled);
  byId("auto-why").textContent = switched.disabled
    ? group.mode === "exact" ? t`not with a reference folder` : t`only for identical files`
    : group.auto_finish.on ? way().auto : "";
  byId("apart").hidden = group.mode === "exact";
  for (const button of byId("bar").querySelectorAll("button")) button.disabled = !canDecide(group);
  byId("finish").classList.toggle("ready", kept(group) > 0 || !undecided(group).length || proposal(group) !== null);
}
