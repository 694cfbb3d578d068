// @ts-check
/** Pictures are painted over here, with opaque colour, before anything of them is kept. */

const QUALITY = 0.9;
const COLOUR = "#111827";
/** Around each secret box, in CSS pixels: outlines, rounding, a caret at the edge. */
const MARGIN = 2;
/** Of our own control. */
const SHADOW = 32;

/**
 * @typedef {{ secrets: WpBox[], controls: WpBox[], viewport: { width: number }, zoom: WpReport["zoom"] }} Cover
 * What is covered in a picture of a viewport; boxes in its CSS pixels.
 *
 * @typedef {{ blob: Blob, width: number, height: number, scale: number }} Painted
 */

/**
 * @param {Blob} image
 * @param {Cover} cover
 * @returns {Promise<Painted>} WebP.
 */
export async function paint(image, { secrets, controls, viewport, zoom }) {
  const bitmap = await createImageBitmap(image);
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const scale = width / viewport.width;
  const inPicture = (/** @type {WpBox} */ box) => scaled({ ...box, x: box.x - zoom.x, y: box.y - zoom.y }, scale * zoom.scale);
  for (const box of controls.map((each) => inPicture(grown(each, SHADOW)))) fill(context, box, around(context, box));
  for (const box of secrets) if (box.width > 0 && box.height > 0) fill(context, inPicture(box), COLOUR);
  return { blob: await canvas.convertToBlob({ type: "image/webp", quality: QUALITY }), width, height, scale };
}

/**
 * The same picture with more of it covered.
 * @param {WpPicture} picture
 * @param {WpBox[]} boxes In CSS pixels of the viewport.
 * @returns {Promise<Blob>}
 */
export async function hide(picture, boxes) {
  if (boxes.length === 0) return picture.blob;
  const cover = { secrets: boxes, controls: [], viewport: { width: picture.width / picture.scale }, zoom: { scale: 1, x: 0, y: 0 } };
  return (await paint(picture.blob, cover)).blob;
}

/** @param {WpBox} box @param {number} by @returns {WpBox} */
const grown = ({ x, y, width, height }, by) => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });

/**
 * @param {WpBox} box
 * @param {number} factor
 * @returns {WpBox} In whole pixels of the picture, rather too large than too small.
 */
function scaled(box, factor) {
  const x = Math.floor((box.x - MARGIN) * factor);
  const y = Math.floor((box.y - MARGIN) * factor);
  return {
    x,
    y,
    width: Math.ceil((box.x + box.width + MARGIN) * factor) - x,
    height: Math.ceil((box.y + box.height + MARGIN) * factor) - y,
  };
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {WpBox} box
 * @param {string} colour
 */
function fill(context, { x, y, width, height }, colour) {
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
}

/**
 * The colour above a box: our own control leaves a patch that is hardly seen.
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {WpBox} box
 */
function around(context, { x, y, width }) {
  const [red, green, blue] = context.getImageData(Math.max(0, x + Math.floor(width / 2)), Math.max(0, y - 2), 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}
