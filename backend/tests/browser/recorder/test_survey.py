"""What has to be hidden is known at once, however the page changed since it was looked for last."""

import pytest

from tests.browser.recorder.scenes import Stage
from tests.services import wait_until

PAGE = """<style>
  body { margin: 0 } input, p, slot-box, div { display: block; width: 90px; height: 20px; margin: 0 }
</style>
<p id=text>Balance</p><p id=mine>Mine</p><input id=plain aria-label=Search><div id=host></div>"""
FIELD = "<input type=password>"


def asked(change: str) -> str:
    """How many boxes there were, are, and are a second time; all in one task, in which no observer is told anything."""
    masks = "__core.recording.masks().length"
    return f"(() => {{ const before = {masks}; {change}; return [before, {masks}, {masks}]; }})()"


@pytest.mark.parametrize(
    "change",
    [
        f"document.body.insertAdjacentHTML('beforeend', '{FIELD}')",
        f"text.innerHTML = '<b>{FIELD}</b>'",
        "plain.type = 'password'",
        "plain.ariaLabel = 'PIN'",
        "plain.autocomplete = 'one-time-code'",
        "text.className = 'private'",
        "text.classList.add('fs-mask')",
        "text.dataset.wpSecret = ''",
        "text.setAttribute('data-sensitive', 'true')",
        "text.setAttribute('role', 'textbox'), text.setAttribute('aria-label', 'Private key')",
        "text.contentEditable = 'true', text.setAttribute('aria-label', 'Private key')",
        f"document.body.append(Object.assign(document.createElement('div'), {{ innerHTML: '{FIELD}' }}))",
        f"""const made = document.createElement('div'); document.body.append(made);
            made.attachShadow({{ mode: 'open' }}).innerHTML = '{FIELD}'""",
        f"""const slow = document.createElement('slot-box'); document.body.append(slow); __core.recording.masks();
            customElements.define('slot-box', class extends HTMLElement {{
              constructor() {{ super(); this.attachShadow({{ mode: 'open' }}).innerHTML = '{FIELD}'; }} }})""",
    ],
)
def test_what_comes_to_be_secret_is_hidden_at_once(play: Stage, change: str) -> None:
    scene = play(PAGE)
    assert scene.run(asked(change)) == [0, 1, 1]


def test_what_changes_in_a_shadow_root_that_is_known(play: Stage) -> None:
    scene = play(PAGE + "<script>host.attachShadow({ mode: 'open' }).innerHTML = '<p id=in>In</p>'</script>")
    assert scene.run(asked(f"host.shadowRoot.querySelector('p').innerHTML = '{FIELD}'")) == [0, 1, 1]
    assert scene.run(asked("mine.className = 'private'")) == [1, 2, 2]


def test_what_is_secret_no_more_is_shown(play: Stage) -> None:
    scene = play(PAGE)
    scene.run(f"text.innerHTML = '{FIELD}', mine.className = 'private'")
    assert scene.run(asked("text.textContent = ''")) == [2, 1, 1]
    assert scene.run(asked("mine.className = ''")) == [1, 0, 0]


def test_boxes_are_those_of_now(play: Stage) -> None:
    scene = play(PAGE)
    scene.run("mine.className = 'private'")
    top = "__core.recording.masks()[0].y"
    assert scene.run(f"[{top}, (text.style.height = '70px', {top})]") == [20, 70]


def test_a_root_that_leaves_no_trace_is_found_soon(play: Stage) -> None:
    """An old element is given a shadow root, and nothing else changes. Until then nothing is looked through anew."""
    scene = play(PAGE)
    assert scene.run(asked(f"host.attachShadow({{ mode: 'open' }}).innerHTML = '{FIELD}'")) == [0, 0, 0]
    wait_until(lambda: scene.run("__core.recording.masks().length") == 1)


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_a_root_that_leaves_no_trace_is_found_once_something_is_done_in_it(play: Stage, mode: str) -> None:
    scene = play(f"<style>x-box, input {{ display: block; height: 40px; width: 90px }}</style>{PAGE}")
    attach = f"const root = host.attachShadow({{ mode: '{mode}' }}); self.__closed = new WeakMap([[host, root]])"
    scene.run(asked(f"{attach}; root.innerHTML = '{FIELD}'"))
    scene.page.mouse.click(45, scene.run("host.getBoundingClientRect().y + 20"))
    assert scene.run("__core.recording.masks().length") == 1
