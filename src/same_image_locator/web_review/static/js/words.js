// How numbers, sizes and dates are worded on the page.

import { fraction, plural, t } from "./i18n.js";

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

/** What lies in a folder itself, where others lie deeper, is a place of its own. */
export function folderName(folder) {
  if (folder === ".") return t`directly in the library`;
  return folder.endsWith("/.") ? t`directly in ${folder.slice(0, -2)}` : folder;
}
