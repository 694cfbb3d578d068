/** Copying a text, said beside the button and to screen readers. */

const words = JSON.parse(document.getElementById("words").textContent);
const said = document.getElementById("said");

/** `text` may be a promise; where pages may not copy (an old browser, a frame), a selection is tried. */
export async function copy(text, button) {
  const whole = await text.catch?.(() => null) ?? (await text);
  const done = whole !== null && ((await write(whole)) || writeBySelection(whole));
  said.textContent = "";
  said.textContent = done ? words.copied : words.notCopied;
  if (!done) return;
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1600);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function writeBySelection(text) {
  const area = document.createElement("textarea");
  const before = document.activeElement;
  area.className = "hidden-text";
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}
