"""A small Wagtail site: an intranet whose people are kept in Wagtail's own user administration."""
