// How numbers, sizes and dates are worded on the page.

import { fraction, number, plural, t } from "./i18n.js";

// Written out, since the browser's own formats take longer to load than the first picture.
const MONTHS = [t`Jan`, t`Feb`, t`Mar`, t`Apr`, t`May`, t`Jun`, t`Jul`, t`Aug`, t`Sep`, t`Oct`, t`Nov`, t`Dec`];
const two = (count) => String(count).padStart(2, "0");
const moment = (year, month, day, hour, minute) => t`${day} ${MONTHS[month]} ${year}, ${two(hour)}:${two(minute)}`;

/** Decimal units, as disks and cameras are sold. */
export function bytes(size) {
  if (size < 1000) return plural(size, "byte");
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let rest = size / 1000;
  let unit = 0;
  while (rest >= 999.95 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${fraction(rest, rest < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** "a", "a and b", or "a, b, and c" */
export function list(parts) {
  if (parts.length < 2) return parts.join("");
  if (parts.length === 2) return t`${parts[0]} and ${parts[1]}`;
  return t`${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`;
}

/** A time still to wait, no more exact than it can be: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return t`${whole} s`;
  if (whole < 600) {
    const fives = Math.round(whole / 5) * 5;
    return fives % 60 ? t`${Math.floor(fives / 60)} min ${fives % 60} s` : t`${fives / 60} min`;
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return t`${minutes} min`;
  return minutes % 60 ? t`${Math.floor(minutes / 60)} h ${minutes % 60} min` : t`${minutes / 60} h`;
}

export const pixels = (width, height) => `${width} × ${height}`;

export function megapixels(width, height) {
  const millions = (width * height) / 1e6;
  return millions < 0.05 ? "" : `${fraction(millions, millions < 10 ? 1 : 0)} MP`;
}

/** A capture date is the camera's own clock: shown as it was written, in no time zone. */
export function taken(iso, exact = false) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/.exec(iso);
  if (!parts) return iso;
  const [, year, month, date, hour, minute, second] = parts.map((part) => Number(part) || 0);
  return MONTHS[month - 1] ? moment(year, month - 1, date, hour, minute) + (exact ? `:${two(second)}` : "") : iso;
}

export function changed(milliseconds, exact = false) {
  const time = new Date(milliseconds);
  return moment(time.getFullYear(), time.getMonth(), time.getDate(), time.getHours(), time.getMinutes()) + (exact ? `:${two(time.getSeconds())}` : "");
}

export const MODES = { exact: t`Identical files`, ahash: t`Look alike (aHash)`, phash: t`Look alike (pHash)`, similar: t`The same picture` };

export function method(group) {
  if (group.mode === "exact" || group.mode === "similar") return MODES[group.mode];
  const alike = MODES[group.mode] ?? t`Look alike (${group.mode})`; // a hash of another package
  return t`${alike}, up to ${plural(group.threshold, "bit")} apart`;
}

/** How sure it is that files show the same: of a whole group, of one file, and in a row of the queue. */
export const TIERS = {
  identical: { group: t`All the same bytes`, says: t`the same bytes`, short: t`Identical`, one: t`identical` },
  "same pixels": { group: t`All the same pixels`, says: t`the same pixels, stored in another way`, short: t`Same pixels`, one: t`same pixels` },
  "same picture": { group: t`Verified`, says: t`the same picture, looked at closely`, short: t`Verified`, one: t`verified` },
  series: { group: t`A series: look closely`, says: t`another shot of a series`, short: t`Series`, one: t`of a series` },
  similar: { group: t`Not verified: look closely`, says: t`not verified: look closely`, short: t`Not verified`, one: t`near` },
};

const DONE = { quarantine: t`set aside`, trash: t`to the trash`, delete: t`removed for good` };

export function outcome(done) {
  const parts = [t`${number(done.kept)} kept`, `${number(done.set_aside)} ${DONE[done.disposal]}`];
  if (done.sidecars) parts.push(t`metadata kept in ${plural(done.sidecars, "XMP file")}`);
  return parts.join(", ") + (done.set_aside ? ` (${bytes(done.set_aside_bytes)})` : "");
}

/** What lies in a folder itself, where others lie deeper, is a place of its own. */
export function folderName(folder) {
  if (folder === ".") return t`directly in the library`;
  return folder.endsWith("/.") ? t`directly in ${folder.slice(0, -2)}` : folder;
}
