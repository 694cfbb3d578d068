"""What went wrong with a form, in the visitor's language; what is too special for that comes as the room said it."""

from app.accounts import errors, passwords
from app.core.errors import AppError, Conflict
from app.labeling.choices import KeyMissing
from app.storage.holding import PicturesHeld
from app.web.i18n import gettext as _


def explained(error: AppError) -> str:
    """For people."""
    words = {
        errors.EmailTaken: _("There is a person with this email address already."),
        errors.LastAdmin: _("This is the only admin left: make somebody else an admin first."),
        errors.PersonDisabled: _("This person is shut out: let them in again first."),
        errors.WrongPassword: _("The password that you have now is another one."),
        errors.TooManyAttempts: _("Too many tries. Wait a minute, then try again."),
        errors.PasswordRefused: _("A password needs at least %(count)s characters.") % {"count": passwords.SHORTEST},
        KeyMissing: _("There is no ANTHROPIC_API_KEY in the environment of this server: Claude cannot be asked."),
        PicturesHeld: _("A backup or the hourly cleaning is at work just now. Try again in a moment."),
        Conflict: _("Somebody else changed this in the meantime. Look again, then repeat the change."),
    }
    if isinstance(error, errors.InvalidPerson):
        wrong_address = error.facts.get("field") == "email"
        return _("This is not an email address.") if wrong_address else _("A name has 1 to 200 visible characters.")
    return words.get(type(error), error.detail)
