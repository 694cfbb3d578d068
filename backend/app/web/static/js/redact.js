/** Rectangles over the picture, one for each row of the form: the form is the truth, this draws it. */

const form = document.getElementById("redact");
const list = form.querySelector(".rectangles");
const stage = form.querySelector(".stage");
const said = document.getElementById("said");
const words = JSON.parse(document.getElementById("words").textContent);
const EDGES = ["left", "top", "width", "height"];
const LEAST = 0.4;
const boxes = new Map();

const within = (value, most) => Math.min(Math.max(value, 0), most);
const field = (row, name) => row.querySelector(`[name="${name}"]`);
const read = (row) => Object.fromEntries(EDGES.map((edge) => [edge, Number(field(row, edge).value) || 0]));

function write(row, edges) {
  const width = within(edges.width, 100);
  const height = within(edges.height, 100);
  const fitting = { width, height, left: within(edges.left, 100 - width), top: within(edges.top, 100 - height) };
  for (const edge of EDGES) field(row, edge).value = Math.round(fitting[edge] * 100) / 100;
  draw(row);
}

/** The picture's rectangle of a row; what it is called tells a screen reader what the eye sees. */
function draw(row) {
  const box = boxes.get(row);
  const edges = read(row);
  const ticked = field(row, "use").checked;
  for (const edge of EDGES) box.style[edge] = `${edges[edge]}%`;
  box.setAttribute("aria-pressed", String(ticked));
  const name = row.querySelector("legend").textContent.trim();
  const place = EDGES.map((edge) => Math.round(edges[edge])).join(", ");
  box.setAttribute("aria-label", `${name} (${place} %): ${ticked ? words.hidden : words.shown}`);
}

function number() {
  [...list.children].forEach((row, at) => { field(row, "use").value = at; });
}

function attach(row) {
  const box = document.createElement("button");
  box.type = "button";
  box.className = "box";
  box.setAttribute("aria-describedby", "how");
  box.append(document.createElement("i"));
  boxes.set(row, box);
  stage.append(box);
  row.addEventListener("input", () => draw(row));
  const remove = row.querySelector("[data-remove]");
  remove.hidden = false;
  remove.addEventListener("click", () => drop(row));
  box.addEventListener("keydown", (event) => onKey(event, row));
  box.addEventListener("click", (event) => {
    if (event.detail === 0) tick(row);
  });
  for (const [event, on] of [["focus", true], ["blur", false]]) {
    box.addEventListener(event, () => row.classList.toggle("current", on));
  }
  draw(row);
  return row;
}

function add(edges) {
  const row = document.getElementById("empty").content.firstElementChild.cloneNode(true);
  list.append(row);
  attach(row);
  number();
  write(row, edges);
  return row;
}

function drop(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  boxes.get(row).remove();
  boxes.delete(row);
  row.remove();
  number();
  said.textContent = words.removed;
  (boxes.get(next) ?? form.querySelector("[data-add]")).focus();
}

function tick(row, on = !field(row, "use").checked) {
  field(row, "use").checked = on;
  draw(row);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event, row) {
  if (event.key === "Delete" || event.key === "Backspace") drop(row);
  else if (event.key in ARROWS) {
    const [x, y] = ARROWS[event.key].map((step) => step * (event.ctrlKey ? 0.1 : 1));
    const edges = read(row);
    if (event.shiftKey) {
      edges.width = Math.min(Math.max(edges.width + x, LEAST), 100 - edges.left);
      edges.height = Math.min(Math.max(edges.height + y, LEAST), 100 - edges.top);
    } else {
      edges.left += x;
      edges.top += y;
    }
    write(row, edges);
  } else return;
  event.preventDefault();
}

function place(event) {
  const rect = stage.querySelector("img").getBoundingClientRect();
  return [within(((event.clientX - rect.left) / rect.width) * 100, 100), within(((event.clientY - rect.top) / rect.height) * 100, 100)];
}

/** What a pointer that goes down begins: a new rectangle, moving one, or changing its size. */
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  const [startX, startY] = place(event);
  const box = event.target.closest(".box");
  let row = [...boxes].find(([, of]) => of === box)?.[0];
  const before = row ? read(row) : { left: startX, top: startY, width: 0, height: 0 };
  const resizing = event.target.tagName === "I";
  box?.focus();
  stage.setPointerCapture(event.pointerId);

  function move(moved) {
    const [x, y] = place(moved);
    if (!row) {
      if (Math.abs(x - startX) < LEAST && Math.abs(y - startY) < LEAST) return;
      row = add(before);
    }
    if (!box) write(row, { left: Math.min(x, startX), top: Math.min(y, startY), width: Math.abs(x - startX), height: Math.abs(y - startY) });
    else if (resizing) write(row, { ...before, width: Math.max(LEAST, x - before.left), height: Math.max(LEAST, y - before.top) });
    else write(row, { ...before, left: before.left + x - startX, top: before.top + y - startY });
  }

  function stop(ended) {
    stage.removeEventListener("pointermove", move);
    stage.removeEventListener("pointerup", stop);
    stage.removeEventListener("pointercancel", stop);
    const [x, y] = place(ended);
    if (box && !resizing && Math.abs(x - startX) < LEAST && Math.abs(y - startY) < LEAST) tick(row);
    if (row) boxes.get(row).focus();
  }
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", stop);
  stage.addEventListener("pointercancel", stop);
});

form.querySelector("[data-add]").addEventListener("click", () => {
  boxes.get(add({ left: 40, top: 45, width: 20, height: 10 })).focus();
});
form.querySelector("[data-accept-all]").addEventListener("click", () => {
  for (const row of boxes.keys()) tick(row, true);
  said.textContent = words.accepted.replace("{count}", boxes.size);
});
form.querySelector("[data-preview]").addEventListener("click", (event) => {
  const on = stage.classList.toggle("preview");
  event.currentTarget.setAttribute("aria-pressed", String(on));
});
form.addEventListener("submit", (event) => {
  if (form.querySelector("[name=use]:checked")) return;
  event.preventDefault();
  said.textContent = words.none;
  said.className = "notice bad";
});

list.querySelector("[data-empty]")?.remove();
for (const row of list.children) attach(row);
form.querySelector(".tools").hidden = false;
if (!boxes.size) form.querySelector("[data-accept-all]").hidden = true;
stage.classList.add("ready");
