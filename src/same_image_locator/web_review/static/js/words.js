// How numbers, sizes and dates are worded on the page.

// Written out, since the browser's own formats take longer to load than the first picture.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (count) => String(count).padStart(2, "0");
const moment = (year, month, day, hour, minute) => `${day} ${MONTHS[month]} ${year}, ${two(hour)}:${two(minute)}`;

export const number = (count) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

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
  return `${rest < 99.95 ? rest.toFixed(1) : Math.round(rest)} ${units[unit]}`;
}

/** "a", "a and b", or "a, b, and c" */
export function list(parts) {
  if (parts.length < 3) return parts.join(" and ");
  return `${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`;
}

/** A time still to wait, no more exact than it can be: "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600) {
    const fives = Math.round(whole / 5) * 5;
    return fives % 60 ? `${Math.floor(fives / 60)} min ${fives % 60} s` : `${fives / 60} min`;
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

export const pixels = (width, height) => `${width} × ${height}`;

export function megapixels(width, height) {
  const millions = (width * height) / 1e6;
  return millions < 0.05 ? "" : `${millions < 10 ? millions.toFixed(1) : Math.round(millions)} MP`;
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

export const MODES = { exact: "Identical files", ahash: "Look alike (aHash)", phash: "Look alike (pHash)", similar: "The same picture" };

export function method(group) {
  if (group.mode === "exact" || group.mode === "similar") return MODES[group.mode];
  return `${MODES[group.mode]}, up to ${plural(group.threshold, "bit")} apart`;
}

/** How sure it is that files show the same: of a whole group, of one file, and in a row of the queue. */
export const TIERS = {
  identical: { group: "All the same bytes", says: "the same bytes", short: "Identical", one: "identical" },
  "same pixels": { group: "All the same pixels", says: "the same pixels, stored in another way", short: "Same pixels", one: "same pixels" },
  "same picture": { group: "Verified", says: "the same picture, looked at closely", short: "Verified", one: "verified" },
  series: { group: "A series: look closely", says: "another shot of a series", short: "Series", one: "of a series" },
  similar: { group: "Not verified: look closely", says: "not verified: look closely", short: "Not verified", one: "near" },
};

const DONE = { quarantine: "set aside", trash: "to the trash", delete: "removed for good" };

export function outcome(done) {
  const parts = [`${number(done.kept)} kept`, `${number(done.set_aside)} ${DONE[done.disposal]}`];
  if (done.sidecars) parts.push(`metadata kept in ${plural(done.sidecars, "XMP file")}`);
  return parts.join(", ") + (done.set_aside ? ` (${bytes(done.set_aside_bytes)})` : "");
}
