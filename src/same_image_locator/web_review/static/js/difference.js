// Asks the difference worker, and words what it finds.

import { fraction, t } from "./i18n.js";

const LONGEST = 1024; // pixels: enough for the eye, and soon there
const ADDRESS = "/static/js/difference_worker.js";

/** A worker's address must be trusted by name; this is the only one. */
const { trustedTypes } = /** @type {any} */ (window); // which the types of browsers do not know
const policy = trustedTypes?.createPolicy("difference", { createScriptURL: () => ADDRESS });

let worker = null;
let asked = 0;
const waiting = new Map();

function start() {
  worker = new Worker(policy ? policy.createScriptURL("") : ADDRESS);
  worker.onmessage = ({ data }) => {
    waiting.get(data.number)?.resolve(data);
    waiting.delete(data.number);
  };
  worker.onerror = () => {
    for (const { reject } of waiting.values()) reject(new Error(t`The difference could not be worked out`));
    waiting.clear();
    worker = null;
  };
}

async function bitmap(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return createImageBitmap(image);
}

/** What both pictures can show: enlarged, the coarser one would differ in all its edges. */
function scaleFor(first, second, [a, b, , d, e]) {
  const across = Math.hypot(a * first.width, d * first.height) / second.width;
  const down = Math.hypot(b * first.width, e * first.height) / second.height;
  return Math.min(1, LONGEST / Math.max(first.width, first.height), 1 / Math.max(across, down));
}

/** The difference of two pictures of these sizes, the second laid on the first by a matrix. */
export async function difference(views, first, second, matrix) {
  const [one, other] = await Promise.all(views.map(bitmap));
  const scale = scaleFor(first, second, matrix);
  const [width, height] = [first.width, first.height].map((side) => Math.max(1, Math.round(side * scale)));
  if (!worker) start();
  asked += 1;
  const number = asked;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    worker.postMessage({ number, one, other, matrix, width, height }, [one, other]);
  });
}

/** "0.9 % differs visibly, mean 3.1 of 255" */
export function differenceWords({ most, visible, mean, shared }) {
  if (!shared) return t`Nothing lies on each other that could differ`;
  const where = shared < 0.995 ? t` where both show something, ${Math.round(100 * shared)} % of the first` : "";
  if (!most) return t`Nothing differs${where}`;
  const average = t`mean ${fraction(mean, 1)} of 255`;
  if (!visible) return t`Nothing differs visibly${where}, ${average}`;
  return t`${share(visible)} differs visibly${where}, ${average}`;
}

function share(part) {
  const percent = 100 * part;
  if (percent < 0.1) return t`Less than 0.1 %`;
  return `${fraction(percent, percent < 10 ? 1 : 0)} %`;
}
