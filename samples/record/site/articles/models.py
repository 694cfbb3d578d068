"""The site's pages."""

from wagtail.models import Page


class Article(Page):
    """A page of the intranet."""
