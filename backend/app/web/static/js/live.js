/** Labelling as it happens: new words replace the old ones in place. Without events the page stays as it is. */

const main = document.querySelector("main[data-workflow]");
const words = JSON.parse(document.getElementById("words").textContent);
const said = document.getElementById("said");
const address = `/workflows/${main.dataset.workflow}/live`;
const changed = new Set();
let timer = null;

/** So many steps at once are asked for without naming them: the stream begins with the state of all. */
const MANY = 20;

/** Fetch what the server says about these steps (none: about everything), and put it in place. */
async function refresh(stepIds) {
  const query = stepIds ? `?${stepIds.map((id) => `step=${id}`).join("&")}` : "";
  const answer = await fetch(address + query);
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const text of fresh.querySelectorAll("[data-step]")) replaceText(text);
  if (stepIds) return;
  for (const id of ["status", "labeling"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
  document.querySelector("[data-to-check]")?.replaceWith(fresh.querySelector("[data-to-check]"));
}

function replaceText(text) {
  const id = text.dataset.step;
  const old = document.querySelector(`.step [data-step="${id}"]`);
  if (!old) return;
  if (old.isEqualNode(text)) return;
  const reworded = old.querySelector(".instruction").textContent !== text.querySelector(".instruction").textContent;
  text.classList.toggle("fresh", reworded);
  if (old.querySelector("details").open) text.querySelector("details").open = true;
  old.replaceWith(text);
  const line = document.querySelector(`[data-contents-of="${id}"] span:last-child`);
  if (line) line.textContent = text.dataset.short;
}

function refreshSoon(stepId) {
  changed.add(stepId);
  timer ??= setTimeout(() => {
    timer = null;
    const ids = [...changed];
    changed.clear();
    refresh(ids.length > MANY ? null : ids).catch(() => {});
  }, 120);
}

function showProgress(run) {
  const bar = document.querySelector("#labeling progress");
  if (!bar || run.state === "queued") return;
  if (run.stalled) {
    refresh(null).catch(() => {});
    return;
  }
  bar.max = run.total_steps || 1;
  bar.value = run.steps_labeled;
  const text = words.progress.replace("{done}", run.steps_labeled).replace("{total}", run.total_steps);
  document.querySelector("[data-progress-text]").textContent = text;
}

async function finish(source) {
  source.close();
  await refresh(null).catch(() => {});
  const button = document.getElementById("relabel");
  if (button) button.disabled = false;
  said.textContent = document.getElementById("status").textContent;
}

export function follow() {
  const source = new EventSource(`/api/v1/workflows/${main.dataset.workflow}/labeling/events`);
  source.addEventListener("progress", (event) => showProgress(JSON.parse(event.data)));
  source.addEventListener("step", (event) => refreshSoon(JSON.parse(event.data).step_id));
  source.addEventListener("done", () => finish(source));
  addEventListener("pagehide", () => source.close());
}
