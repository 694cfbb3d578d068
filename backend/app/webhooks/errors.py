"""What can go wrong with webhooks."""

from app.core.errors import Conflict, InvalidInput, NotFound


class WebhookNotFound(NotFound):
    """There is no webhook with this number."""


class DeliveryNotFound(NotFound):
    """There is no delivery with this number: they are kept for 30 days."""


class InvalidWebhook(InvalidInput):
    """A webhook like this cannot be made."""


class AddressRefused(InvalidWebhook):
    """Nothing is sent to this address."""


class TooManyWebhooks(Conflict):
    """There are as many webhooks as this server takes. Delete one first."""
