"""Every word of the pages passes through here, so that a second language is a file and not a search."""

from gettext import NullTranslations

LANGUAGE = "en"

translations = NullTranslations()
gettext = translations.gettext
ngettext = translations.ngettext
