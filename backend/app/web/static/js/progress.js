/** Rows of workflows that are being labelled follow it, while focus and selection stay where they are. */

const SECONDS = 3;

async function refresh() {
  const busy = [...document.querySelectorAll("[data-busy]")].map((cell) => cell.dataset.stateOf);
  if (!busy.length || document.hidden) return;
  const answer = await fetch(`/progress?${busy.map((id) => `id=${id}`).join("&")}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const cell of fresh.querySelectorAll("[data-state-of]")) {
    const old = document.querySelector(`#results [data-state-of="${cell.dataset.stateOf}"]`);
    if (old && !old.isEqualNode(cell)) old.replaceWith(cell);
  }
  for (const name of fresh.querySelectorAll("[data-name-of]")) {
    const link = document.querySelector(`#workflow-${name.dataset.nameOf} [data-name]`);
    if (link && link.textContent !== name.textContent) link.textContent = name.textContent;
  }
}

setInterval(refresh, SECONDS * 1000);
