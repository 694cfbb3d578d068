"""What the library was asked for, as its address says it, and what it offers to be asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from app.accounts.actor import Actor
from app.core.pages import LARGEST_ID
from app.web.i18n import gettext as _
from app.web.wording import status_word
from app.workflows import choices, folders, tags
from app.workflows.attention import Attention
from app.workflows.listing import IN_NO_FOLDER, Filters
from app.workflows.models import WorkflowStatus
from app.workflows.ordering import Sort

LONGEST_QUERY, LONGEST_VALUE = 200, 255
MOST_TAGS = 10

FIELDS = ("q", "status", "labels", "owner", "site", "folder", "sort")
KNOWN: dict[str, frozenset[str]] = {
    "status": frozenset(WorkflowStatus),
    "labels": frozenset(Attention),
    "sort": frozenset(Sort) - {Sort.NEWEST},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A library's address, understood. What makes no sense in it is passed over."""

    texts: Mapping[str, str]
    """Those of `FIELDS` that hold something."""
    tags: Sequence[str]

    @classmethod
    def of(cls, query: QueryParams) -> "Asked":
        """What this address asks for."""
        given = {
            name: query.get(name, "").strip()[: LONGEST_QUERY if name == "q" else LONGEST_VALUE] for name in FIELDS
        }
        return cls(
            {name: text for name, text in given.items() if text and _fits(name, text)}, _tags(query.getlist("tag"))
        )

    @property
    def q(self) -> str:
        return self.get("q")

    @property
    def sort(self) -> Sort:
        return Sort(self.get("sort") or Sort.NEWEST)

    @property
    def filters(self) -> Filters:
        """As the room takes them."""
        status, labels, owner, folder = (self.get(name) for name in ("status", "labels", "owner", "folder"))
        return Filters(
            status=WorkflowStatus(status) if status else None,
            labels=Attention(labels) if labels else None,
            owner=int(owner) if owner else None,
            site=self.get("site") or None,
            folder=int(folder) if folder else None,
            tag=self.tags,
        )

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.tags or set(self.texts) - {"sort"})

    def get(self, name: str) -> str:
        """What a field of the form holds."""
        return self.texts.get(name, "")

    def address(self, **changes: str | Sequence[str] | None) -> str:
        """Of the same list with these changes; of its first page, unless a `cursor` is among them."""
        asked: dict[str, str | Sequence[str] | None] = {**self.texts, "tag": self.tags, **changes}
        wanted = {name: value for name, value in asked.items() if value}
        return f"/?{urlencode(wanted, doseq=True)}" if wanted else "/"


@dataclass(frozen=True, slots=True)
class Offers:
    """What the form lists: each value and its words."""

    labels: Sequence[tuple[str, str]]
    owners: Sequence[tuple[str, str]]
    sites: Sequence[tuple[str, str]]
    folders: Sequence[tuple[str, str]]
    tags: Sequence[str]

    def word(self, name: str, value: str) -> str:
        """What a value is called; one that is not offered, itself."""
        listed = {"labels": self.labels, "owner": self.owners, "site": self.sites, "folder": self.folders}[name]
        return dict(listed).get(value, value)

    def real_folders(self) -> Sequence[tuple[str, str]]:
        """Those that something can be put into."""
        return [folder for folder in self.folders if folder[0] != str(IN_NO_FOLDER)]


def offers(session: Session, actor: Actor) -> Offers:
    """What `actor` may choose from."""
    all_folders = [(str(folder.id), folder.name) for folder in folders.listed(session)]
    return Offers(
        labels=[
            (Attention.CHECK, _("Has steps to check")),
            (Attention.FAILED, _("Has steps that failed")),
            (Attention.PROPOSALS, _("Has proposals to decide")),
        ],
        owners=[(str(number), name) for number, name in choices.owners(session, actor).items()],
        sites=[(site, site) for site in choices.sites(session, actor)],
        folders=[*all_folders, (str(IN_NO_FOLDER), _("In no folder"))] if all_folders else [],
        tags=tags.known(session, actor, limit=200),
    )


def chips(asked: Asked, offered: Offers) -> list[tuple[str, str]]:
    """What the list is narrowed down to, each with the address without it."""
    found = [
        (offered.word(name, asked.get(name)), asked.address(**{name: None}))
        for name in ("labels", "owner", "site", "folder")
        if asked.get(name)
    ]
    without = {tag: [other for other in asked.tags if other != tag] for tag in asked.tags}
    return [*found, *((f"#{tag}", asked.address(tag=rest)) for tag, rest in without.items())]


def tabs(asked: Asked) -> list[tuple[str, str, bool]]:
    """States: word, address, and whether it is this one."""
    now = asked.get("status")
    everything: list[tuple[str, str, bool]] = [(_("All"), asked.address(status=None), not now)]
    return everything + [
        (status_word(status), asked.address(status=status), now == status) for status in WorkflowStatus
    ]


def orders(asked: Asked) -> list[tuple[str, str, bool]]:
    """The same of orders."""
    words = {Sort.NEWEST: _("Newest first"), Sort.CHANGED: _("Last changed"), Sort.NAME: _("By name")}
    return [
        (word, asked.address(sort=None if sort is Sort.NEWEST else sort), asked.sort is sort)
        for sort, word in words.items()
    ]


def _fits(name: str, text: str) -> bool:
    if name in {"owner", "folder"}:
        return _is_number(text)
    return text in KNOWN[name] if name in KNOWN else True


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= LARGEST_ID


def _tags(given: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in given[:MOST_TAGS]:
        try:
            found[tags.clean(text)] = None
        except ValueError:
            continue
    return list(found)
