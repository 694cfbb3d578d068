"""The user administration's forms."""

from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet


class PersonCreationForm(UserCreationForm):
    """Wagtail's form, with the department."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"department"}


class PersonEditForm(UserEditForm):
    """Wagtail's form, with the department."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"department"}


class PeopleViewSet(UserViewSet):
    """Wagtail's views over the forms above."""

    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm
