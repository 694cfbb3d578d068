// @ts-check
/** Drawing areas to hide over a picture: by pointer, or by keyboard. */
import { button, element } from "../ui/elements.js";
import { t } from "../ui/words.js";
import { lay } from "./pictures.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("hiding"));
const stage = /** @type {HTMLElement} */ (dialog.querySelector(".stage"));
const image = /** @type {HTMLImageElement} */ (dialog.querySelector("img"));
const foot = /** @type {HTMLElement} */ (dialog.querySelector("footer"));

/** CSS pixels of the page: what is smaller was no drawing. */
const LEAST = 6;

/** @type {Map<HTMLElement, WpBox>} */
const covers = new Map();

let viewport = { width: 1, height: 1 };

/**
 * @param {string} address The picture's.
 * @param {{ width: number, height: number }} of The viewport that it shows.
 * @param {WpBox[]} hidden
 * @returns {Promise<WpBox[] | null>} What is to be hidden now; null: nothing was changed.
 */
export function chooseHidden(address, of, hidden) {
  viewport = of;
  image.src = address;
  for (const cover of covers.keys()) cover.remove();
  covers.clear();
  for (const box of hidden) add(box);
  dialog.returnValue = "";
  const save = button(t("save"), () => dialog.close("save"), "primary");
  foot.replaceChildren(save, button(t("add_area"), addInTheMiddle), button(t("cancel"), () => dialog.close(), "quiet"));
  dialog.showModal();
  save.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "save" ? [...covers.values()] : null), { once: true });
  });
}

/** @param {WpBox} box */
function add(box) {
  const cover = element("button", { type: "button", class: "cover", "aria-describedby": "how" }, element("i"));
  cover.addEventListener("keydown", (event) => onKey(event, cover));
  stage.append(cover);
  put(cover, box);
  return cover;
}

function addInTheMiddle() {
  const { width, height } = viewport;
  add({ x: width * 0.4, y: height * 0.45, width: width * 0.2, height: height * 0.1 }).focus();
}

/**
 * Within the picture.
 * @param {HTMLElement} cover
 * @param {WpBox} wanted
 */
function put(cover, wanted) {
  const width = clamp(wanted.width, 1, viewport.width);
  const height = clamp(wanted.height, 1, viewport.height);
  const box = { x: clamp(wanted.x, 0, viewport.width - width), y: clamp(wanted.y, 0, viewport.height - height), width, height };
  covers.set(cover, box);
  lay(cover, box, viewport);
  cover.setAttribute("aria-label", t("hidden_area", [box.x, box.y, box.width, box.height].map(Math.round).join(", ")));
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(most, least));

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} cover
 */
function onKey(event, cover) {
  const box = covers.get(cover);
  const arrow = ARROWS[event.key];
  if (!box) return;
  if (event.key === "Delete" || event.key === "Backspace") {
    covers.delete(cover);
    cover.remove();
    /** @type {HTMLElement} */ (foot.firstElementChild).focus();
  } else if (arrow) {
    const [x, y] = arrow.map((way) => way * (event.ctrlKey ? 1 : 10));
    if (event.shiftKey) put(cover, { ...box, width: box.width + (x ?? 0), height: box.height + (y ?? 0) });
    else put(cover, { ...box, x: box.x + (x ?? 0), y: box.y + (y ?? 0) });
  } else return;
  event.preventDefault();
}

/** @param {PointerEvent} event */
function place(event) {
  const rect = image.getBoundingClientRect();
  const x = ((event.clientX - rect.left) / rect.width) * viewport.width;
  const y = ((event.clientY - rect.top) / rect.height) * viewport.height;
  return { x: clamp(x, 0, viewport.width), y: clamp(y, 0, viewport.height) };
}

/** A pointer that goes down begins a new area, moves one, or changes its size. */
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !(event.target instanceof HTMLElement)) return;
  event.preventDefault();
  const start = place(event);
  const old = /** @type {HTMLElement | null} */ (event.target.closest(".cover"));
  const before = old ? covers.get(old) : undefined;
  const resizing = event.target.tagName === "I";
  const cover = old ?? add({ ...start, width: 1, height: 1 });
  cover.focus();
  stage.setPointerCapture(event.pointerId);

  /** @param {PointerEvent} moved */
  function move(moved) {
    const { x, y } = place(moved);
    if (!before) {
      put(cover, { x: Math.min(x, start.x), y: Math.min(y, start.y), width: Math.abs(x - start.x), height: Math.abs(y - start.y) });
    } else if (resizing) put(cover, { ...before, width: x - before.x, height: y - before.y });
    else put(cover, { ...before, x: before.x + x - start.x, y: before.y + y - start.y });
  }
  const over = new AbortController();
  function stop() {
    over.abort();
    const box = covers.get(cover);
    if (before || !box || box.width >= LEAST || box.height >= LEAST) return;
    covers.delete(cover);
    cover.remove();
  }
  stage.addEventListener("pointermove", move, over);
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, stop, over);
});
