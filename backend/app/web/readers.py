"""Readers without an account: which openings of a page count, and which sites may show it."""

import re
from collections.abc import Mapping, Sequence

_NO_READER = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|meta-external|whatsapp|slack-imgproxy|skypeuri|embedly|iframely"
    r"|vkshare|google-inspectiontool|mediapartners|headlesschrome-lighthouse|pingdom|uptime",
    re.IGNORECASE,
)
"""Programs that look at a link because somebody wrote it in a chat or on a page, by what they call themselves."""


def is_reading(method: str, headers: Mapping[str, str]) -> bool:
    """Whether somebody opens the page, as far as one can tell; what they sent is forgotten right after."""
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    early = any("prefetch" in purpose or "preview" in purpose for purpose in purposes)
    return method == "GET" and not early and not _NO_READER.search(headers.get("user-agent", ""))


def policy(frame_ancestors: Sequence[str]) -> str:
    """The Content-Security-Policy of a reader's page: nothing but our own files, and no form that is sent."""
    own = "; ".join(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect"))
    ancestors = " ".join(frame_ancestors) or "'none'"
    return f"default-src 'none'; {own}; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
