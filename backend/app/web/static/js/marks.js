/** Puts the signs around chosen words that the server reads as markup: see guides/words.py. */

export const MARKS_BY_KEY = { b: "strong", e: "code", k: "link" };

const AROUND = {
  name: ['"', '"'],
  strong: ["**", "**"],
  code: ["`", "`"],
  link: ["[", "](https://)"],
  variable: ["{{", "}}"],
};

/** Mark what is chosen in a text field, and choose what is to be written next. */
export function mark(field, kind) {
  const [before, after] = AROUND[kind];
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = kind === "variable" ? asName(value.slice(start, end)) : value.slice(start, end);
  field.setRangeText(before + chosen + after, start, end, "end");
  const inside = start + before.length;
  if (kind === "link" && chosen) field.setSelectionRange(inside + chosen.length + 2, inside + chosen.length + 10);
  else field.setSelectionRange(inside, inside + chosen.length);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** `Order number` → `order_number`. */
function asName(words) {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 40);
}
