/** Importing: files dropped anywhere or chosen, sent one after another, each with its progress and what became of it. */

const dialog = document.getElementById("import");

if (dialog) {
  const words = JSON.parse(dialog.querySelector(".words").textContent);
  const list = dialog.querySelector(".uploads");
  const template = dialog.querySelector("template");
  const input = dialog.querySelector("input[type=file]");
  let sending = Promise.resolve();
  let waiting = 0;
  let imported = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  function open() {
    if (!dialog.open) dialog.showModal();
  }

  function take(files) {
    open();
    for (const file of files) {
      const item = template.content.firstElementChild.cloneNode(true);
      item.querySelector("[data-name]").textContent = file.name;
      item.querySelector("[data-size]").textContent = size(file.size);
      list.append(item);
      waiting += 1;
      sending = sending.then(() => send(file, item)).then(finished);
    }
  }

  function send(file, item) {
    if (file.size > Number(dialog.dataset.maxBytes)) return fail(item, words.tooLarge);
    const what = item.querySelector(".what");
    const progress = item.querySelector("progress");
    what.textContent = words.sending;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/api/v1/imports");
      request.setRequestHeader("X-CSRF-Token", document.querySelector("meta[name=csrf]").content);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
      });
      request.upload.addEventListener("load", () => {
        progress.removeAttribute("value");
        what.textContent = words.reading;
      });
      request.addEventListener("load", () => {
        if (request.status === 201) succeed(item, request.response);
        else if (request.status === 401) fail(item, words.signedOut);
        else fail(item, request.response?.detail ?? words.refused);
        resolve();
      });
      request.addEventListener("error", () => resolve(fail(item, words.unreachable)));
      const body = new FormData();
      body.append("file", file);
      request.send(body);
    });
  }

  function succeed(item, answer) {
    item.querySelector("progress").remove();
    const what = item.querySelector(".what");
    what.replaceChildren(
      ...answer.workflows.map((workflow) => {
        const link = document.createElement("a");
        link.href = `/workflows/${workflow.id}`;
        link.textContent = fill(words.open, { name: workflow.name });
        const line = document.createElement("div");
        line.append(link);
        return line;
      }),
    );
    if (answer.warnings.length) showWarnings(item.querySelector("details"), answer.warnings);
    imported += answer.workflows.length;
    item.dataset.opens = answer.workflows.length === 1 && !answer.warnings.length ? answer.workflows[0].id : "";
  }

  function showWarnings(details, warnings) {
    details.hidden = false;
    const count = warnings.length;
    details.querySelector("summary").textContent = count === 1 ? words.warning : fill(words.warnings, { count });
    for (const warning of warnings) {
      const line = document.createElement("li");
      line.textContent = warning;
      details.querySelector("ul").append(line);
    }
  }

  function fail(item, message) {
    item.classList.add("failed");
    item.querySelector("progress").remove();
    item.querySelector(".what").textContent = message;
  }

  function finished() {
    waiting -= 1;
    if (waiting) return;
    const only = list.children.length === 1 ? list.firstElementChild.dataset.opens : "";
    if (only) location.assign(`/workflows/${only}`);
  }

  for (const button of document.querySelectorAll("[data-open-import]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (!waiting && imported) location.reload();
    if (!waiting) list.replaceChildren();
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    open();
    dialog.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget) return;
    dialog.classList.remove("dragging");
    if (!list.children.length) dialog.close();
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    dialog.classList.remove("dragging");
    take(event.dataTransfer.files);
  });
}
