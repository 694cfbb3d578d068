from tests.browser.test_compare import *


def test_shots(page, sign_in, actor, beside):
    sign_in()
    for w, h, s in ((1280, 860, "light"), (1280, 860, "dark"), (390, 844, "light"), (390, 844, "dark")):
        page.set_viewport_size({"width": w, "height": h})
        page.emulate_media(color_scheme=s)
        for name, a in (("list", f"/workflows/{beside.workflow_id}/recordings"), ("cmp", beside.address)):
            page.goto(a)
            page.wait_for_load_state("networkidle")
            page.evaluate("document.querySelectorAll('img').forEach(i=>i.loading='eager')")
            page.wait_for_function("() => [...document.images].every((i) => i.complete)")
            page.screenshot(path=f"/tmp/rr_{name}_{w}_{s}.png", full_page=True)
