"""Playwright's side of the recorder: what the core says in every frame becomes steps with pictures."""

from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

from app.browser import core_script, messages
from app.browser.covering import covered
from app.browser.errors import NotChromium
from app.browser.messages import Amend, Cannot, Facts, History, Moment, Said, Step, Withdraw
from app.browser.navigation import BLANK, Navigations
from app.browser.page_watch import PageWatch, now
from app.browser.places import Place
from app.browser.recording import Recording
from app.workflows.content import Action, Box, StepContent
from app.workflows.content import Page as PageContent

PATIENCE_MS = 1_500
LANDED_MS = 400.0
"""A page is shown as it is so long after it was loaded, or at the next action."""
EARLIER_MS = 200.0
"""What was hidden so long before a frame was drawn is hidden in it, too."""

STOP = "(word) => { dispatchEvent(new CustomEvent(word, { detail: 'stop' })) }"


@dataclass(slots=True)
class _Unfinished:
    """A step that waits for its picture, or for where its frame is. `token`: of the document it happened in."""

    step: StepContent
    watch: PageWatch
    token: str | None
    moment: str
    at: float


class Host:
    """Records a context, from `begin` to `end`."""

    def __init__(self, context: BrowserContext, recording: Recording) -> None:
        self._context = context
        self._recording = recording
        self._binding, self._word = f"_{token_hex(10)}", f"_{token_hex(10)}"
        self._script = core_script.script(binding=self._binding, word=self._word)
        self._watches: dict[Page, PageWatch] = {}
        self._tabs: list[PageWatch] = []
        """Those in which something was done, in the order of that."""
        self._unfinished: dict[str, _Unfinished] = {}
        self._undo: AbstractContextManager[Any] = nullcontext()
        self._promised: list[str] = []
        self._finishing = False
        self._beginning: str | None = None
        """The step of the page that was open, until something else is done."""

    def begin(self, page: Page) -> None:
        """From now on everything is recorded; the page that is open is the first step."""
        browser = self._context.browser
        if browser is not None and browser.browser_type.name != "chromium":
            raise NotChromium
        self._undo = self._context.add_init_script(self._script)
        self._context.on("page", self._opened)
        for each in self._context.pages:
            self._watch(each, Navigations(promised=self._promised))
            if each is page and page.url not in BLANK:
                self._went_to(self._watches[page], page.url)
                self._beginning = self._watches[page].landing
            for frame in each.frames:
                with suppress(Error):
                    frame.evaluate(self._script)

    def end(self) -> None:
        """What is held back is said, what waits for a picture gets it, and the context is as it was."""
        with suppress(Error, KeyError):
            self._context.remove_listener("page", self._opened)
        for page, watch in self._watches.items():
            for frame in [] if watch.crashed else page.frames:
                with suppress(Error):
                    frame.evaluate(STOP, self._word)
        self._wait()
        self._finish(at_last=True)
        for watch in self._watches.values():
            watch.end()
        with suppress(Error), self._undo:
            pass

    def _wait(self) -> None:
        waited, step = 0, 50
        while self._unfinished and waited < PATIENCE_MS:
            alive = (page for page, watch in self._watches.items() if not (watch.crashed or page.is_closed()))
            page = next(alive, None)
            if page is None:
                return
            try:
                page.wait_for_timeout(step)
            except Error:
                return
            waited += step
            self._finish()

    def _opened(self, page: Page) -> None:
        new = page.url in BLANK  # else it was opened by a click, and is where that led to
        navigations = Navigations(unseen=new, promised=self._promised)
        if not new:
            navigations.keeps_promise(page.url)
        self._watch(page, navigations)
        with suppress(Error):
            navigations.explained_first = navigations.unseen and page.opener() is not None

    def _watch(self, page: Page, navigations: Navigations) -> None:
        watch = PageWatch(page, navigations, heard=self._hear, went_to=self._went_to, looked=self._finish)
        self._watches[page] = watch
        with suppress(Error):  # it may be closed again already
            watch.begin(self._binding)

    def _hear(self, watch: PageWatch, text: str) -> None:
        try:
            said = messages.read(text)
        except messages.Unreadable as why:
            self._recording.warn(f"Something that was done could not be understood ({why}).")
            return
        watch.places.add(said.at, said.facts)
        if said.facts.top:
            self._landed(watch, said.at, said.facts)
        self._heed(watch, said)
        self._finish()

    def _heed(self, watch: PageWatch, said: Said) -> None:
        message, token = said.message, said.facts.token
        match message:
            case Moment():
                self._mark(watch, f"{token} {message.moment}", said)
            case Step():
                key = f"{token} {message.id}"
                moment = f"{token} {message.moment}" if message.moment else f"{key} itself"
                if watch.film.at(moment) is None:
                    self._mark(watch, moment, said)
                at = watch.film.at(moment) or said.at
                self._unfinished[key] = _Unfinished(message.step, watch, token, moment, at)
                self._put(key, message.step, watch, token, said.at)
            case Amend():
                key = f"{token} {message.id}"
                if key in self._unfinished:
                    self._unfinished[key].step = message.step
                self._put(key, message.step, watch, token, said.at)
            case Withdraw():
                key = f"{token} {message.id}"
                self._unfinished.pop(key, None)
                self._recording.withdraw(key)
            case History():
                watch.goes_through_history()
            case Cannot():
                self._recording.warn(f"{message.what}: {message.detail}")

    def _mark(self, watch: PageWatch, moment: str, said: Said) -> None:
        watch.film.mark(moment, said.at, born=said.facts.born)
        if watch.landing is not None:
            landing, watch.landing = watch.landing, None
            if (watch.film.at(landing) or said.at) >= said.at:
                watch.film.mark(landing, said.at, born=said.facts.born)

    def _went_to(self, watch: PageWatch, address: str) -> None:
        beginning, self._beginning = self._beginning, None
        if beginning is not None and self._recording.is_only(beginning):
            # Nothing was done on the page that was open: it is not where the task begins.
            self._unfinished.pop(beginning, None)
            self._recording.withdraw(beginning)
            self._tabs.clear()
        self._tab(watch)
        key = watch.landing = f"navigate {token_hex(8)}"
        step = StepContent(
            action=Action.NAVIGATE, timestamp=datetime.now(UTC), page=PageContent(url=address[:8_000] or None)
        )
        self._recording.put(key, step)
        self._unfinished[key] = _Unfinished(step, watch, None, key, now())
        latest = watch.places.latest()
        if latest is not None and latest[1].page.url == address:
            self._landed(watch, *latest)

    def _landed(self, watch: PageWatch, at: float, facts: Facts) -> None:
        """The page that was gone to says what it is."""
        key = watch.landing
        known = self._recording.content_of(key) if key else None
        if key is None or known is None or not facts.ready or not known.timestamp:
            return
        shown = watch.film.at(key)
        if shown is None:
            watch.film.mark(key, at + LANDED_MS, born=facts.born)
        elif shown < at:
            watch.landing = None
            return
        page = facts.page.model_copy(update={"url": known.page.url})
        if page != known.page:
            self._recording.put(key, known.model_copy(update={"page": page}))

    def _put(self, key: str, step: StepContent, watch: PageWatch, token: str, at: float) -> None:
        place = watch.places.place(token, at)
        if place is not None and place.way:
            step = _seen_from(place, watch.places.page(place.root, at), step)
        self._recording.put(key, _in_tab(self._tab(watch), step))

    def _tab(self, watch: PageWatch) -> int:
        if watch not in self._tabs:
            self._tabs.append(watch)
        return self._tabs.index(watch)

    def _finish(self, *, at_last: bool = False) -> None:
        """Give every step that can have it its picture."""
        if self._finishing:
            return  # called from within, while Playwright waits for an answer
        self._finishing = True
        try:
            for key, step in list(self._unfinished.items()):
                film = step.watch.film
                if at_last or (film.at(step.moment) is not None and film.settled(step.moment)):
                    del self._unfinished[key]
                    self._complete(key, step)
        finally:
            self._finishing = False

    def _complete(self, key: str, waiting: _Unfinished) -> None:
        film = waiting.watch.film
        if film.at(waiting.moment) is None:
            film.mark(waiting.moment, waiting.at, born=0)
        if film.picture(waiting.moment) is None:
            waiting.watch.look_now(waiting.at)
        shot, at = film.picture(waiting.moment), film.at(waiting.moment)
        if waiting.token is not None:
            self._put(key, waiting.step, waiting.watch, waiting.token, waiting.at)
        if shot is None or at is None:
            return
        hidden = self._hidden(waiting, min(shot.at, at) - EARLIER_MS, max(shot.at, at))
        if hidden is None:
            self._recording.warn("A picture was not kept: what is secret in it could not be found in it.")
            return
        self._recording.show(key, covered(shot.data, hidden, shot.width))

    def _hidden(self, waiting: _Unfinished, since: float, until: float) -> list[Box] | None:
        """What must not be seen, in the page's own pixels; None: nobody knows where it is."""
        places = waiting.watch.places
        place = places.place(waiting.token, until) if waiting.token is not None else None
        latest = places.latest()
        root = place.root if place else latest[1].token if latest else None
        return places.masks(root, since, until) if root is not None else []


def _seen_from(place: Place, page: PageContent | None, step: StepContent) -> StepContent:
    """A step that happened in a frame, as the page around it sees it."""
    update: dict[str, Any] = {"page": page or step.page}
    if (target := step.target) is not None:
        box = target.box and target.box.model_copy(update={"x": target.box.x + place.x, "y": target.box.y + place.y})
        numbers = {"data-wp-frame": ",".join(map(str, place.indexes))} if min(place.indexes, default=-1) >= 0 else {}
        attributes = {**target.attributes, **numbers}
        update["target"] = target.model_copy(update={"box": box, "frame": list(place.way), "attributes": attributes})
    return step.model_copy(update=update)


def _in_tab(number: int, step: StepContent) -> StepContent:
    """A step in another tab than the first says in which."""
    target = step.target
    if target is None or number == 0:
        return step
    attributes = {**target.attributes, "data-wp-tab": str(number + 1)}
    return step.model_copy(update={"target": target.model_copy(update={"attributes": attributes})})
