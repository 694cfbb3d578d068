"""Wagtail's user administration with the department added, the way its documentation describes it."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    """Takes the place of `wagtail.users`."""

    user_viewset = "intranet.views.PeopleViewSet"
