"""The site's pages; apart from the people, for Wagtail's own tables refer to people and pages refer to Wagtail's."""
