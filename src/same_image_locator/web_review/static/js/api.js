// All talk with the server: the token, one shape of errors, and the loss of the connection.

import { t } from "./i18n.js";
import { PAGE, seen } from "./looking.js";
import { said } from "./said.js";

const TOKEN = "sil-token";
// A computer that slept leaves a connection on which nothing ever comes: the next question is asked on a new one.
const PATIENCE = 15_000;

/** The server's refusal: an RFC 9457 problem object. */
export class Refused extends Error {
  constructor(problem) {
    super(said(problem.detail || problem.title || "") || t`The server refused`);
    this.status = problem.status;
    this.code = (problem.type || "").replace("urn:same-image-locator:", "");
  }
}

/** No answer came at all. */
export class Lost extends Error {}

/** Take the token out of the address at once, so that it is in no history and no screenshot. */
export function takeToken() {
  const found = /^#t=([\w-]+)/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(TOKEN, found[1]);
    history.replaceState(null, "", "/#/");
  }
  return Boolean(found);
}

export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

async function request(method, path, body, signal) {
  const headers = { "X-SIL-Token": sessionStorage.getItem(TOKEN) || "" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(`/api${path}`, { method, headers, body: body && JSON.stringify(body), cache: "no-store", signal });
  } catch {
    throw new Lost(t`The program does not answer`);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refused({ status: response.status, ...answer });
  if (!answer) throw new Lost(t`The answer broke off`);
  return { ...answer, pending: response.status === 202 };
}

const get = (path) => request("GET", path);
const put = (path, body) => request("PUT", path, body);
const post = (path, body = {}) => request("POST", path, body);

/** Files by their places, or all of a group by that word: thousands would be too many for a request. */
const named = (field, files) => (files === "all" ? { all: true } : { [field]: files });

export const api = {
  opening: (number) => get(seen(`/opening?group=${number}&limit=${PAGE}`)),
  session: (after) => request("GET", after === undefined ? "/session" : `/session?after=${after}`, undefined, AbortSignal.timeout(PATIENCE)),
  groups: (offset, limit, held = "") => get(seen(`/groups?offset=${offset}&limit=${limit}&held=${held}`)),
  places: () => get("/places"),
  rules: () => get("/rules"),
  setRules: (rules) => put("/rules", { rules }),
  overlaps: () => get("/folders/overlaps"),
  group: (number) => get(seen(`/groups/${number}`)),
  facts: (number) => get(`/groups/${number}/facts`),
  views: (number) => get(`/groups/${number}/views`),
  pair: (number, one, other) => get(`/groups/${number}/pair/${one}/${other}`),
  history: () => get("/history"),
  whereabouts: (number) => get(`/history/${number}/files`),
  earlier: (run) => get(`/history/earlier/${run}`),
  earlierFiles: (run, number) => get(`/history/earlier/${run}/${number}/files`),
  undoEarlier: (run, number) => post(`/history/earlier/${run}/${number ? number + "/" : ""}undo`),
  keep: (number, file, keep, rev) => put(seen(`/groups/${number}/files/${file}/keep`), { keep, rev }),
  select: (number, keep, rev) => put(seen(`/groups/${number}/selection`), { ...named("keep", keep), rev }),
  prefer: (group, file, on, rev) => post(seen("/folders/prefer"), { group, file, on, rev }),
  autoFinish: (number, on) => put(seen(`/groups/${number}/auto-finish`), { on }),
  finish: (number, rev, more = {}) => post(`/groups/${number}/finish`, { rev, ...more }),
  confirm: (number, nonce, sidecars = false) => post(seen(`/groups/${number}/finish/confirm`), { nonce, sidecars }),
  takeBack: (number, nonce) => post(`/groups/${number}/finish/take-back`, { nonce }),
  undo: (number) => post(`/groups/${number}/undo`),
  notDuplicates: (number, files, rev, among) => post(seen(`/groups/${number}/not-duplicates`), { ...named("files", files), rev, among }),
  told: () => get("/not-duplicates"),
  togetherAgain: (statement) => post(`/not-duplicates/${statement}/take-back`),
  bulkPreview: (auto) => post(seen("/bulk/preview"), { auto }),
  bulkFolders: (auto, copies) => post("/bulk/folders", { auto, ...copies }),
  bulkApply: (token) => post("/bulk/apply", { preview_token: token }),
  bulkUndo: (action) => post(`/bulk/${action}/undo`),
  job: (number) => get(`/jobs/${number}`),
  stopJob: (number) => post(`/jobs/${number}/stop`),
  freeSpace: (yes) => post("/free-space", { yes }),
  confirmFree: (nonce) => post("/free-space/confirm", { nonce }),
  stop: () => post("/stop"),
};
