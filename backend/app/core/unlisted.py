"""Answers that only those see who know their secret address."""

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Kept nowhere, told to no other site, found by no search engine."""
