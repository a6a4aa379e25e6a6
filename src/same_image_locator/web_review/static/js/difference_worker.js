// Where two pictures differ, in a thread of its own: orange on the first picture's grey.

const VISIBLE = 24; // of 255: less is hardly seen, and is what another encoding leaves
const FAINTEST = 6; // so much differs after any two encodings
const BRIGHTEST = 96; // from here on it is orange all over
const ORANGE = [255, 132, 0];
const NOTHING = 255; // the second picture's opacity where it shows all of a pixel

onmessage = ({ data }) => {
  const { number, one, other, matrix, width, height } = data;
  const first = pixelsOf(one, [1, 0, 0, 0, 1, 0], width, height);
  const second = pixelsOf(other, matrix, width, height);
  const found = compare(first.data, second.data);
  postMessage({ number, ...found, picture: first }, [first.data.buffer]);
};

/** A picture, laid on the first one by a matrix of fractions. */
function pixelsOf(bitmap, [a, b, c, d, e, f], width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  const { width: w, height: h } = bitmap;
  context.setTransform((a * width) / w, (d * height) / w, (b * width) / h, (e * height) / h, c * width, f * height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** Draw the difference into the first one's pixels, and sum it up. */
function compare(first, second) {
  let sum = 0;
  let seen = 0;
  let most = 0;
  let shared = 0;
  for (let at = 0; at < first.length; at += 4) {
    const grey = 0.3 * first[at] + 0.59 * first[at + 1] + 0.11 * first[at + 2];
    if (second[at + 3] < NOTHING) {
      first[at] = first[at + 1] = first[at + 2] = 24 + grey * 0.12;
      continue;
    }
    const apart = Math.max(
      Math.abs(first[at] - second[at]), Math.abs(first[at + 1] - second[at + 1]), Math.abs(first[at + 2] - second[at + 2]));
    shared += 1;
    sum += apart;
    if (apart > most) most = apart;
    if (apart > VISIBLE) seen += 1;
    const heat = Math.min(1, Math.max(0, apart - FAINTEST) / (BRIGHTEST - FAINTEST)) ** 0.7;
    const base = 40 + grey * 0.45;
    for (let channel = 0; channel < 3; channel += 1) first[at + channel] = base + (ORANGE[channel] - base) * heat;
  }
  return { most, visible: shared ? seen / shared : 0, mean: shared ? sum / shared : 0, shared: (4 * shared) / first.length };
}
