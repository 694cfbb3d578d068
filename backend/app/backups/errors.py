"""What can be wrong with a backup, or with where it is to go."""

from app.core.errors import AppError, Conflict, InvalidInput, NotFound


class CannotWriteBackup(AppError):
    """The backup cannot be written there."""


class BackupExists(Conflict):
    """There is a file of this name already: choose another one, or give --force."""


class WrongDatabaseVersion(Conflict):
    """The database belongs to another version of this program."""


class PictureMissing(NotFound):
    """A picture is missing from the screenshot store."""


class BrokenBackup(InvalidInput):
    """This is no backup of this program, or it is damaged or cut off. Nothing was changed."""


class NewerBackup(Conflict):
    """A newer version of this program made this backup. Install that version, then restore. Nothing was changed."""


class InstanceUsed(Conflict):
    """There is something in this instance already. Nothing was changed."""
