"""What can go wrong with people, signing in, tokens and keys."""

from app.core.errors import AppError, Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated


class WrongCredentials(Unauthenticated):
    """The email address or the password is wrong."""


class TooManyAttempts(AppError):
    """Too many failed sign-ins. Wait a little, then try again; a sign-in link works at once."""

    status_code = 429


class SignInLinkSpent(Unauthenticated):
    """This sign-in link was used already, or is too old. Ask for a new one."""


class PasswordSignInOff(Forbidden):
    """Signing in with a password is turned off here."""


class SingleSignOnOff(NotFound):
    """Signing in at a provider is not set up on this server."""


class SignInRefused(Unauthenticated):
    """The provider's answer is not enough to sign in here."""


class ProviderAway(AppError):
    """The provider at which you sign in does not answer. Try again in a moment."""

    status_code = 503


class PasswordRefused(InvalidInput):
    """This password cannot be used."""


class InvalidPerson(InvalidInput):
    """This email address or name cannot be used."""


class EmailTaken(Conflict):
    """There is a person with this email address already."""


class UserNotFound(NotFound):
    """There is no such person."""


class PersonDisabled(Conflict):
    """This person is shut out: let them in again first."""


class WrongPassword(InvalidInput):
    """The password that you have now is another one."""


class LastAdmin(Conflict):
    """This is the only admin left: make somebody else an admin first."""


class NoAdmin(NotFound):
    """There is no admin who is not disabled. Create one with "workflow-platform users create"."""


class InvalidToken(InvalidInput):
    """An API token like this cannot be made."""


class TokenNotFound(NotFound):
    """There is no API token with this number, or it is not yours."""


class InvalidIdempotencyKey(InvalidInput):
    """An Idempotency-Key has 1 to 200 printable ASCII characters."""


class IdempotencyKeyReused(InvalidInput):
    """This Idempotency-Key was sent before with a different request."""


class IdempotencyKeyInUse(Conflict):
    """Another request with this Idempotency-Key was finished in the meantime: send it again for that answer."""


class AuditTrailIsAppendOnly(AppError):
    """Events of the audit trail can be neither changed nor deleted."""
