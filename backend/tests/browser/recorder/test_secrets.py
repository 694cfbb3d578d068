"""Which fields are never read, and where they are."""

import pytest
from playwright.sync_api import Page

from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask

KIND = "WpSecrets.kind(element)"
MASKS = "WpSecrets.masks(document)"

SECRET_FIELDS = [
    "<input id=x type=password>",
    "<input id=x type=PassWord>",
    "<input id=x autocomplete=one-time-code>",
    "<input id=x autocomplete='section-pay billing cc-number'>",
    "<select id=x autocomplete=cc-exp-month><option>1</select>",
    "<input id=x autocomplete=new-password>",
    "<input id=x name=userPassword>",
    "<input id=x name=card_number>",
    "<input id=x placeholder='CVV'>",
    "<input id=x aria-label='API key'>",
    "<input id=x data-testid=client-secret>",
    "<input id=x name='user[pin]'>",
    "<input id=x name=iban>",
    "<label>Social security number <input id=x></label>",
    "<label for=x>Access token</label><input id=x>",
    "<span id=l>Recovery phrase</span><div contenteditable id=x aria-labelledby=l>a b c</div>",
    "<div role=textbox aria-label='Private key' id=x>abc</div>",
    "<textarea id=x placeholder='Paste your SSH key'></textarea>",
    "<label>Passwort <input id=x></label>",
    "<label>Kennwort wiederholen <input id=x></label>",
    "<label>Prüfziffer <input id=x></label>",
    "<label>Einmalcode <input id=x></label>",
    "<label>Mot de passe <input id=x></label>",
    "<label>Code de sécurité <input id=x></label>",
    "<label>Numéro de carte bancaire <input id=x></label>",
    "<label>Contraseña <input id=x></label>",
    "<label>Código de verificación <input id=x></label>",
    "<label>Parola d'ordine <input id=x></label>",
    "<label>Codice di sicurezza <input id=x></label>",
    "<label>Palavra-passe <input id=x></label>",
    "<label>Número do cartão <input id=x></label>",
    "<label>Wachtwoord <input id=x></label>",
    "<label>Beveiligingscode <input id=x></label>",
    "<label>Hasło jednorazowe <input id=x></label>",
    "<label>Numer karty <input id=x></label>",
    "<label>Пароль <input id=x></label>",
    "<label>パスワード <input id=x></label>",
    "<input id=x style='-webkit-text-security: disc'>",
    "<div><input maxlength=1 id=x><input maxlength=1><input maxlength=1><input maxlength=1></div>",
    "<div>" + "<span><i><input maxlength=1 id=x></i></span>" * 6 + "</div>",
    *(
        f"<div {mark}><input id=x></div>"
        for mark in (
            "data-wp-secret", "data-private", "class=private", "data-sensitive", "data-hj-suppress", "class=rr-mask",
            "class='a fs-mask b'", "data-dd-privacy=mask", "data-dd-privacy=mask-user-input", "class=sentry-mask",
            "class=ph-no-capture", "data-clarity-mask=true", "data-openreplay-masked",
        )
    ),
    "<input id=x data-wp-secret>",
    "<section data-private><div contenteditable id=x>salary</div></section>",
    "<section data-private><my-field id=x></my-field></section>",
    "<div data-private><p data-dd-privacy=allow><b class=rr-mask><input id=x></b></p></div>",
]  # fmt: skip

ORDINARY_FIELDS = [
    "<input id=x name=title>",
    "<label>Password hint <input id=x></label>",
    "<label>Token name <input id=x></label>",
    "<label>Max tokens <input id=x type=number></label>",
    "<label>Keywords <input id=x></label>",
    "<label>Palabras clave <input id=x></label>",
    "<label>Parola chiave <input id=x></label>",
    "<input id=x placeholder='Pin to board'>",
    "<label>Spinner <input id=x></label>",
    "<label>Company <input id=x name=company></label>",
    "<label>Notes <textarea id=x></textarea></label>",
    "<button id=x>Forgot password?</button>",
    "<label><input type=checkbox id=x> Show password</label>",
    "<input id=x autocomplete=username>",
    "<input id=x maxlength=1>",
    "<div data-private><p data-dd-privacy=allow><input id=x></p></div>",
    "<input id=x data-private=false>",
    "<table>" + "<tr>" + "<td><input maxlength=1 id=x></td>" * 81 + "</table>",
]


@pytest.mark.parametrize("html", SECRET_FIELDS)
def test_field_is_secret(show: Show, html: str) -> None:
    assert ask(show(html), KIND) in {"password", "secret"}


@pytest.mark.parametrize("html", ORDINARY_FIELDS)
def test_field_is_ordinary(show: Show, html: str) -> None:
    assert ask(show(html), KIND) is None


def test_password_that_an_eye_button_shows_stays_secret(show: Show) -> None:
    page = show(
        "<form><input id=x name=f1 type=password><button type=button onclick='x.type=\"text\"'>Show</button></form>"
    )
    page.evaluate("WpSecrets.watch(document)")
    page.get_by_role("button").click()
    assert page.locator("#x").get_attribute("type") == "text"
    assert ask(page, KIND) == "password"


def test_password_in_a_shadow_root_that_was_seen_once_stays_secret(show: Show) -> None:
    page = show("<div><template shadowrootmode=open><input id=y name=f1 type=password></template></div>")
    assert ask(page, KIND, "#y") == "password"
    page.locator("#y").evaluate("element => { element.type = 'text'; element.removeAttribute('type'); }")
    assert ask(page, KIND, "#y") == "password"


def test_type_that_changes_and_is_asked_for_at_once_is_known(show: Show) -> None:
    page = show("<input id=x name=f1 type=password>")
    page.evaluate("WpSecrets.watch(document)")
    assert page.evaluate("(x.type = 'text', WpSecrets.kind(x))") == "password"


def test_field_of_a_custom_element_is_told_by_its_host(show: Show) -> None:
    page = show("<my-field label='Security code'><template shadowrootmode=open><input id=x></template></my-field>")
    assert ask(page, KIND) == "secret"


def boxes(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(MASKS)
    return found


PLACED = "position:absolute;left:{0}px;top:{0}px;width:50px;height:20px;border:0;padding:0"


def test_masks_are_the_visible_secrets_through_shadow_roots(show: Show) -> None:
    page = show(
        f"<input type=password style='{PLACED.format(10)}'><input name=title style='{PLACED.format(40)}'>"
        f"<input type=password hidden><input type=password style='{PLACED.format(5000)}'>"
        f"<input type=password style='{PLACED.format(70)};visibility:hidden'>"
        f"<p class=private style='{PLACED.format(300)}'>Born in 1980</p>"
        "<div><template shadowrootmode=open><div><template shadowrootmode=open>"
        f"<input autocomplete=cc-csc style='{PLACED.format(100)}'></template></div></template></div>"
    )
    assert sorted(box["x"] for box in boxes(page)) == [10, 100, 300]
    assert all(box["width"] == 50 and box["height"] == 20 for box in boxes(page))


def test_masks_of_a_closed_shadow_root_are_found_with_the_hosts_help(show: Show) -> None:
    page = show("<my-box></my-box>")
    page.evaluate("""() => {
      const root = document.querySelector('my-box').attachShadow({mode: 'closed'});
      root.innerHTML = '<input type=password>';
      WpDom.openWith((host) => host.localName === 'my-box' ? root : null);
    }""")
    assert len(boxes(page)) == 1


def test_many_masks_are_as_many_as_a_step_may_have_and_cover_all(show: Show) -> None:
    page = show("<input type=password style='width:4px;height:4px;padding:0;border:0'>" * 250)
    assert len(boxes(page)) == 200


def test_page_that_is_private_as_a_whole_is_masked_by_its_fields(show: Show) -> None:
    page = show("<input><p>Text</p>")
    page.evaluate("document.body.className = 'private'")
    assert len(boxes(page)) == 1


def test_no_value_is_read(show: Show) -> None:
    page = show("".join(SECRET_FIELDS))
    page.evaluate("""() => {
      const refuse = { get() { throw new Error('read'); } };
      for (const one of [HTMLInputElement, HTMLTextAreaElement]) Object.defineProperty(one.prototype, 'value', refuse);
    }""")
    count = page.evaluate("[...document.querySelectorAll('#x')].filter((element) => WpSecrets.kind(element)).length")
    assert count >= len(SECRET_FIELDS)
    assert boxes(page)
