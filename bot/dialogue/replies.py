"""What goes into a conversation and what comes out, free of any channel.

A channel (Telegram, web, terminal) turns what arrived into an Event and renders the
Replies of a Turn. Between the two only these values travel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.content.words import IN_JAPANESE, Words
from bot.matching.understanding import Understanding

PictureName = Literal["pins", "kiosk"]

# --- in -----------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """Typed text, as it arrived: the guard redacts it before anything else sees it."""

    text: str


@dataclass(frozen=True)
class Ticks:
    """What is ticked on a checklist: the codes of all its items, and of those that are `on`, in the list's order."""

    items: tuple[str, ...]
    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pressed:
    """A button's or a link's data (`Button.data`, or a start parameter, which is a bare token).

    `ticks`: what is ticked on the checklist whose button it is, as the channel keeps it; None if nothing is kept.
    `about`: the question that the pressed button's reply was about (`Reply.about`), as the channel brings it along
    again; it may hold anything. None if it is gone.
    """

    data: str
    ticks: Ticks | None = None
    about: str | None = None


@dataclass(frozen=True)
class Commanded:
    """One of COMMANDS, with what stood behind it (`/start TOKEN`).

    `speaks` is the language of the person's own programs (an IETF tag) if a channel knows it.
    """

    name: str
    argument: str = ""
    speaks: str = ""


@dataclass(frozen=True)
class Sent:
    """Something that is no text: it is never opened."""

    kind: Literal["photo", "sticker", "voice", "location", "contact", "file", "other"]


Event = Said | Pressed | Commanded | Sent

COMMANDS = ("start", "help", "menu", "guide", "privacy", "language", "delete")
"""The commands every channel offers; `words` has the description of each for Telegram's menu."""

# --- out ----------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """One paragraph. Line breaks inside are kept. A `main` one a channel may make stand out."""

    text: str
    main: bool = False


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Warning:
    """A paragraph that must not be overlooked."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list; `ordered` for steps."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class CheckItem:
    """One thing to bring. `tick` is the button that ticks it or takes the tick back; None where nothing is ticked."""

    code: str
    text: str
    note: str | None = None
    why: str | None = None
    on: bool = False
    tick: Button | None = None


@dataclass(frozen=True)
class Checklist:
    """The things to bring to one visit. `said` tells how many are missing; the page counts for itself."""

    title: str
    items: tuple[CheckItem, ...]
    optional: bool = False
    said: str = ""

    @property
    def lives(self) -> bool:
        """Whether its items can be ticked."""
        return any(item.tick for item in self.items)


@dataclass(frozen=True)
class Details:
    """More text that a channel may fold away. `role` tells the answers given from the rest: paper leaves them out."""

    title: str
    text: str
    role: Literal["more", "given"] = "more"


@dataclass(frozen=True)
class SourceRef:
    name: str
    url: str
    date: str


@dataclass(frozen=True)
class Sources:
    """Where the statements of this reply come from."""

    items: tuple[SourceRef, ...]
    freshness: str


@dataclass(frozen=True)
class Part:
    """One part of a Picture: what heads it, its lines, and a sample that is drawn large."""

    head: str
    lines: tuple[str, ...]
    sample: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture that explains. Its words are all here, also for those who cannot see it."""

    name: PictureName
    title: str
    parts: tuple[Part, ...]
    foot: str = ""


Block = Text | Heading | Warning | Bullets | Checklist | Details | Sources | Picture


@dataclass(frozen=True)
class Button:
    """A button: `data` comes back as Pressed(data). At most 64 bytes of ASCII.

    `role` tells a channel how to place it: a `choice` answers the question (one per row,
    numbered where people type), a `toggle` switches a choice of a `many` question
    (`on` says whether it is chosen now), `primary` is the next step, `danger` what cannot be
    undone, `side` the rest (back, restart, menu).
    """

    label: str
    data: str
    role: Literal["choice", "toggle", "primary", "danger", "side"] = "choice"
    on: bool = False


@dataclass(frozen=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True)
class Copy:
    """A button that puts `text` (1 to 256 characters) on the clipboard, where a channel can."""

    label: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where to go, for a map: degrees north and east."""

    name: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Feedback:
    """The question whether this answer or result helped; `about` is its code, for asking only once."""

    about: str
    ask: str
    yes: Button
    no: Button


@dataclass(frozen=True)
class Heard:
    """What someone said to it: `about` is its code, `name` an entry's id, or FLOW/ROUTE for a result."""

    about: str
    name: str
    understood: bool


@dataclass(frozen=True)
class Take:
    """What can be done with a finished result besides reading it: `token` opens the same result anywhere.

    Pressing one of `files` is answered with a Handed; a channel that cannot hand out files leaves
    them out. `plan` is for its dated step: on a kiosk route it says that the reservation is made, else it asks for
    the day, one of `days`; both are answered with a Reminder. `places` asks where to go and is answered with Places.
    """

    token: str
    files: tuple[Button, ...]
    share: Button
    plan: Button | None = None
    days: tuple[Button, ...] = ()
    places: Button | None = None


@dataclass(frozen=True)
class Places:
    """The city's counters on a map."""

    places: tuple[Place, ...]


@dataclass(frozen=True)
class Handed:
    """What a press asked for; the channel makes it of the result that `token` opens."""

    what: Literal["pdf", "picture", "link"]
    token: str


@dataclass(frozen=True)
class Reminder:
    """A dated step of the result that `token` opens, for a calendar: a whole day, or from `begins` to `ends`."""

    token: str
    id: str
    title: str
    text: str
    begins: date | datetime
    remind_at: datetime
    ends: datetime | None = None


ReplyKind = Literal[
    "answer",
    "clarify",
    "none",
    "smalltalk",
    "question",
    "result",
    "checklist",
    "list",
    "help",
    "menu",
    "privacy",
    "language",
    "notice",
]


@dataclass(frozen=True)
class Reply:
    """One thing we say: blocks to read, then buttons."""

    kind: ReplyKind
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    entry: str | None = None
    """The entry that this answers from, if any (for tests, metrics and links; never shown)."""
    question: str | None = None
    """The question of a flow that this asks, if any."""
    route: str | None = None
    """The route of a flow that this is the result of, if any."""
    take: Take | None = None
    """For a finished result: how it is taken along and handed on."""
    handed: Handed | Reminder | Places | None = None
    """What goes with this reply besides its blocks."""
    copies: tuple[Copy, ...] = ()
    """What people want to dial, or to put into their map."""
    feedback: Feedback | None = None
    """A channel leaves it out where it was asked within a day."""
    reasons: Button | None = None
    """For a checklist that lives: shows why each thing is needed, or puts the reasons away."""
    about: str | None = None
    """The question that this is about, without secrets, if its buttons need it: nothing keeps it in between, so a
    channel shows the reply in such a way that a press brings it along (`Pressed.about`)."""


@dataclass(frozen=True)
class Turn:
    """What one Event led to.

    `token` packs the position after the turn (None: nothing is open). A channel or store keeps
    it for the next typed text. `forget` asks for everything kept of this conversation to be
    deleted. `redacted` is the text without secrets, the only form that may be shown again.
    `heard`: whether an answer or result helped, for the channel to count once. `understanding`: what was decided on a
    text, and why, if the matcher was asked; for counting.
    `ticks`: what is now ticked on the checklist whose button was pressed, for the channel to keep and to show there.
    `given`: a question, without secrets, that the person has just handed to the office, for the channel to keep
    without anything that tells whose it is; the replies say that it is kept (giving.py, `not_kept`).
    """

    token: str | None
    replies: tuple[Reply, ...]
    forget: bool = False
    redacted: str | None = None
    language: str = "ja"
    words: Words = IN_JAPANESE
    """The program's sentences in that language, for what a channel says itself."""
    found: tuple[str, ...] = field(default=())
    """Kinds of secrets the guard saw (`pin4`, `mynumber` …): a channel may delete the message."""
    ticks: Ticks | None = None
    heard: Heard | None = None
    understanding: Understanding | None = None
    given: str | None = None


async def as_it_is(turn: Turn) -> Turn:
    """The turn, where nothing is ever given to the office."""
    return turn
