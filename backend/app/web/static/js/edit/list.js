/** Sending a form or following a link, and putting the list that comes back in the place of the one that is there. */

export const words = JSON.parse(document.getElementById("words").textContent);
const said = document.getElementById("said");

/** One after another: each is sent with the version that the one before it brought. */
let waiting = Promise.resolve();

export function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

export function editor() {
  return document.getElementById("editor");
}

export function follow(address) {
  enqueue(() => load(fetch(address, { headers: { Accept: "text/html" } }), new URL(address).hash));
}

/** `instead.by`: this button's value; `instead.fields`: further ones; `instead.handle`: the focus goes to the step's handle. */
export function submit(form, submitter, instead = {}) {
  const stepId = form.closest(".edit-step")?.dataset.step;
  enqueue(async () => {
    const current = form.isConnected ? form : stepId && document.querySelector(`#step-${CSS.escape(stepId)} .tools`);
    if (!current) return;
    const body = new FormData(current, current === form ? submitter : null);
    if (instead.by) body.set("by", instead.by);
    for (const [name, value] of Object.entries(instead.fields ?? {})) body.set(name, value);
    if (body.get("picture")?.size === 0) body.delete("picture");
    if (body.get("file")?.size === 0) body.delete("file");
    const { prepare } = current;
    if (prepare) await prepare(body);
    const address = instead.address ?? submitter?.getAttribute("formaction") ?? current.getAttribute("action");
    await load(fetch(address, { method: "POST", body, headers: { Accept: "text/html" } }), null, {
      undoing: address.endsWith("/undo"),
      moved: instead.handle ? stepId : null,
      button: submitter?.name === "by" ? submitter.value : null,
      stepId,
    });
  });
}

function enqueue(task) {
  waiting = waiting.then(async () => {
    editor().classList.add("waiting");
    try {
      await task();
    } catch (error) {
      say(error instanceof Refused ? error.message : words.failed);
      complain(error instanceof Refused ? error.message : words.failed);
    } finally {
      editor().classList.remove("waiting");
    }
  });
}

export class Refused extends Error {}

async function load(asked, hash, what = {}) {
  const answer = await asked;
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/sign-in")) throw new Refused(words.signedOut);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("editor");
  if (!fresh) throw new Refused(page.querySelector("h1 ~ p")?.textContent ?? words.failed);
  editor().replaceWith(fresh);
  for (const handle of fresh.querySelectorAll(".handle")) handle.hidden = false;
  focus(fresh, hash ?? `#${fresh.querySelector("#toast")?.dataset.at ?? ""}`, what); // an answer's address has no hash
  announce(fresh, what);
}

/** Where the person was, or where the next thing is to be done. */
function focus(fresh, hash, what) {
  const trouble = fresh.querySelector("#trouble");
  const asked = fresh.querySelector("[data-focus]");
  if (trouble) return trouble.focus();
  if (asked) {
    asked.focus();
    asked.closest(".opened")?.scrollIntoView({ block: "nearest" });
    return;
  }
  const step = what.stepId && fresh.querySelector(`#step-${CSS.escape(what.stepId)}`);
  if (step && what.moved) return reach(step.querySelector(".handle"));
  if (step && what.button) return reach(step.querySelector(`[name="by"][value="${what.button}"]:enabled`) ?? step.querySelector(".handle"));
  const target = hash?.length > 1 ? fresh.querySelector(`#${CSS.escape(hash.slice(1))}`) : null;
  if (target) reach(target.matches(".edit-step") ? target.querySelector(".handle") : target);
}

function reach(element) {
  element.focus({ preventScroll: true });
  element.closest(".edit-step, .gap, .panel")?.scrollIntoView({ block: "nearest" });
}

function announce(fresh, what) {
  const toast = fresh.querySelector("#toast p");
  const list = [...fresh.querySelectorAll(".edit-step")];
  const place = list.findIndex((step) => step.dataset.step === what.stepId);
  if (toast && (what.moved || what.button) && place >= 0) {
    say(words.moved.replace("{place}", place + 1).replace("{count}", list.length));
  } else if (toast) say(toast.textContent);
  else if (what.undoing) say(words.undone);
}

/** In the list, for those who see. */
function complain(text) {
  document.getElementById("trouble")?.remove();
  const notice = document.createElement("section");
  notice.className = "notice bad trouble";
  notice.id = "trouble";
  notice.textContent = text;
  editor().prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}
