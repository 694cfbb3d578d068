"""Fills a fresh database with an administrator, whose password is the argument, a few people and a few pages.

Times are counted back from now, for the pages say "3 days ago".
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")
django.setup()

from articles.models import Article  # noqa: E402  models load after Django's setup
from django.contrib.auth.models import Group  # noqa: E402
from intranet.models import User  # noqa: E402
from wagtail.models import Page, PageLogEntry, Revision  # noqa: E402

NOW = datetime.now(UTC)


def add_person(person: dict, admin_password: str) -> None:
    """Someone without a role is an administrator; the others cannot sign in."""
    is_admin = person["role"] is None
    user = User(
        email=person["email"],
        first_name=person["first_name"],
        last_name=person["last_name"],
        department=person["department"],
        is_superuser=is_admin,
        last_login=NOW - timedelta(hours=person["signed_in_hours_ago"]),
    )
    user.set_password(admin_password if is_admin else None)
    user.save()
    if not is_admin:
        user.groups.add(Group.objects.get(name=person["role"]))


def add_page(page: dict, home: Page) -> None:
    """A published page, edited once."""
    article = home.add_child(instance=Article(title=page["title"]))
    edited = NOW - timedelta(hours=page["edited_hours_ago"])
    revision = article.save_revision(user=User.objects.get(email=page["edited_by"]), log_action=True)
    revision.publish()
    Revision.objects.filter(pk=revision.pk).update(created_at=edited)
    PageLogEntry.objects.filter(page=article.pk).update(timestamp=edited)
    Article.objects.filter(pk=article.pk).update(latest_revision_created_at=edited, last_published_at=edited)


seed = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
for each in seed["people"]:
    add_person(each, sys.argv[1])
for each in seed["pages"]:
    add_page(each, Page.objects.get(depth=2))
