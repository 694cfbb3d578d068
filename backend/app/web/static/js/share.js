/** The page where links are made. */

import { copy } from "./copying.js";

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", () => {
    field.select();
    copy(field.value, button);
  });
}

document.querySelector("[data-made]")?.focus();

const lasts = document.getElementById("lasts");
const until = document.querySelector("[data-until]");

function askForDate() {
  until.hidden = lasts.value !== "date";
  until.querySelector("input").required = !until.hidden;
}

lasts.addEventListener("change", askForDate);
askForDate();
