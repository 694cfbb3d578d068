/** A picture for a note or a step by hand: chosen, dropped on the form, or pasted. Files go through the API, which takes larger ones than a form. */

import { Refused, words } from "./list.js";

function keep(form, file) {
  const field = form.querySelector(".drop-picture input");
  if (!field || !file?.type.startsWith("image/")) return false;
  const files = new DataTransfer();
  files.items.add(file);
  field.files = files.files;
  show(field);
  return true;
}

function show(field) {
  const label = field.closest(".drop-picture");
  const name = field.files[0]?.name;
  label.classList.toggle("kept", Boolean(name));
  if (name) label.querySelector("[data-picture-text]").textContent = words.kept.replace("{name}", name);
  field.form.prepare = name ? sendPicture : null;
}

/** The form then names the picture instead of carrying it. */
async function sendPicture(body) {
  const { id } = await send("/api/v1/screenshots", body.get("picture"));
  body.delete("picture");
  body.set("screenshot_id", id);
}

async function sendRecording(body) {
  if (!body.get("file")) return;
  const { workflows } = await send("/api/v1/imports", body.get("file"));
  body.delete("file");
  body.delete("other");
  for (const workflow of workflows) body.append("other", workflow.id);
  body.set("imported", "true");
}

async function send(address, file) {
  const body = new FormData();
  body.append("file", file);
  const csrf = document.querySelector("meta[name=csrf]").content;
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": csrf, Accept: "application/json" } });
  if (answer.status === 401) throw new Refused(words.signedOut);
  const found = await answer.json();
  if (!answer.ok) throw new Refused(words.refused.replace("{why}", found.detail));
  return found;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".drop-picture input")) show(event.target);
  if (event.target.matches("#append-file")) event.target.form.prepare = sendRecording;
});

document.addEventListener("paste", (event) => {
  const form = event.target.closest?.(".opened");
  const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
  if (form && file && keep(form, file)) event.preventDefault();
});

for (const kind of ["dragover", "drop"]) {
  // Before the import's listeners, which take files that are dropped anywhere else.
  addEventListener(
    kind,
    (event) => {
      const form = event.target.closest?.(".opened");
      if (!form?.querySelector(".drop-picture") || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form.querySelector(".drop-picture").classList.toggle("over", kind === "dragover");
      if (kind === "drop") keep(form, event.dataTransfer.files[0]);
    },
    { capture: true },
  );
}
