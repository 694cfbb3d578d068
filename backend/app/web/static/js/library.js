/** The list of workflows; searching as one types is htmx's. */

import "./menus.js";
import "./import.js";
import "./selecting.js";
import "./progress.js";

const search = document.querySelector("input[type=search]");
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  search.focus();
});

document.querySelector("[data-told]")?.focus();
