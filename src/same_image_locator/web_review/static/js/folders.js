// How much of each folder lies in another one, too; from here one of them is cleared of its copies.

import { explain, sent } from "./actions.js";
import { api } from "./api.js";
import { clearCopies } from "./bulk.js";
import { dialogHead } from "./dialogs.js";
import { bdi, button, byId, fill, h } from "./dom.js";
import { number, plural, t } from "./i18n.js";
import { canActOnMany, state } from "./store.js";
import { bytes, folderName } from "./words.js";

/** Show each folder's share in each other one, those with most bytes first. */
export async function showFolders() {
  const { session } = state;
  if (!session || session.phase !== "review") return;
  try {
    await sent();
    draw(await api.overlaps());
    if (!byId("folders").open) byId("folders").showModal();
    byId("folders-title").focus();
  } catch (error) {
    explain(error);
  }
}

function draw({ total, overlaps }) {
  const rest = total - overlaps.length;
  fill(byId("folders"),
    dialogHead("folders-title", t`Folders with the same pictures`),
    overlaps.length
      ? h("p", { class: "note" }, t`Counted are files of groups that wait and are verified, not of those that are only similar.`)
      : h("p", {}, t`No two folders hold a file of the same verified group.`),
    h("ul", { class: "overlaps" }, overlaps.map(line)),
    rest > 0 && h("p", { class: "note" }, t`and ${number(rest)} more`));
}

function line({ folder, other, files, bytes: size, of }) {
  const words = files === of ? t`All ${plural(files, "file")}, ${bytes(size)}, of ` : t`${number(files)} of ${plural(of, "file")}, ${bytes(size)}, of `;
  const keep = () => { byId("folders").close(); clearCopies({ clear: folder, keep: other }); };
  return h("li", {},
    h("div", {},
      h("p", {}, words, bdi(folderName(folder), { class: "name" }), t` also lie in `, bdi(folderName(other), { class: "name" })),
      h("meter", { min: 0, max: of, value: files, "aria-hidden": "true" })),
    canActOnMany() && button("quiet", keep, h("span", {}, t`Keep those in `, bdi(folderName(other)), "…")));
}
