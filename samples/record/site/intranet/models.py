"""The site's people."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who signs in with an email address and belongs to a department."""

    class Department(models.TextChoices):
        """Where the person works."""

        CUSTOMER_SUPPORT = "support", "Customer support"
        FINANCE = "finance", "Finance"
        HUMAN_RESOURCES = "hr", "Human resources"
        MARKETING = "marketing", "Marketing"
        OPERATIONS = "operations", "Operations"

    username = None
    email = models.EmailField("Email", unique=True)
    department = models.CharField("Department", max_length=20, choices=Department)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ()
