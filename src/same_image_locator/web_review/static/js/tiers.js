// How sure it is that files show the same.

import { t } from "./i18n.js";

/** In words: of a whole group, of one file, and in a row of the queue. */
export const TIERS = {
  identical: { group: t`All the same bytes`, says: t`the same bytes`, short: t`Identical`, one: t`identical` },
  "same pixels": { group: t`All the same pixels`, says: t`the same pixels, stored in another way`, short: t`Same pixels`, one: t`same pixels` },
  "same picture": { group: t`Verified`, says: t`the same picture, looked at closely`, short: t`Verified`, one: t`verified` },
  series: { group: t`A series: look closely`, says: t`another shot of a series`, short: t`Series`, one: t`of a series` },
  similar: { group: t`Not verified: look closely`, says: t`not verified: look closely`, short: t`Not verified`, one: t`near` },
};
