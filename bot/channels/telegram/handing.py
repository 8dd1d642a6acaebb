"""What this bot can hand out besides messages, and what it writes about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

from bot.channels.telegram.render import Message, render
from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.plain import plain
from bot.dialogue.replies import Link, Picture, Reminder, Reply, Text
from bot.printing.calendar import calendar
from bot.printing.pictures import in_words

CAPTION = 1024
"""UTF-16 units of a caption."""


@dataclass(frozen=True)
class Handing:
    """What this bot can hand out: files if it `prints`, links to its `page` and to itself as far as they are known."""

    prints: bool = False
    page: str = ""
    username: str | None = None

    def links(self, token: str) -> dict[str, str]:
        """The addresses that open the result of `token`, by what they open in; the page first."""
        links = {"page": f"{self.page}/k/{token}"} if self.page else {}
        if self.username:
            links["telegram"] = f"https://t.me/{self.username}?start={token}"
        return links

    def link(self, token: str) -> str | None:
        """The address for a QR code or a calendar, if there is one."""
        return next(iter(self.links(token).values()), None)

    def forward(self, token: str) -> str | None:
        """An address at which Telegram lets one choose whom to send the link to."""
        link = self.links(token).get("telegram") or self.link(token)
        return f"https://t.me/share/url?url={quote(link, safe='')}" if link else None

    def offer(self, reply: Reply) -> Reply:
        """The reply with buttons for what can be handed out of its result."""
        take = reply.take
        if take is None:
            return reply
        files = take.files if self.prints else ()
        share = (take.share,) if self.link(take.token) else ()
        more = tuple(button for button in (take.plan, take.places) if button)
        return replace(reply, buttons=(*files, *share, *more, *reply.buttons))

    def letter(self, reply: Reply, token: str, words: Words = IN_JAPANESE) -> tuple[Message, ...]:
        """The message that hands on the link to a result."""
        addresses = [
            Text(f"{words(f'handed.open-{where}')}\n{address}") for where, address in self.links(token).items()
        ]
        forward = self.forward(token)
        sending = (Link(words("handed.forward"), forward),) if forward else ()
        return render(replace(reply, blocks=(*reply.blocks, *addresses), links=sending), words)


NOTHING = Handing()


def calendar_text(reminder: Reminder, at: float, link: str | None, words: Words = IN_JAPANESE) -> str:
    """The calendar file of a reminder, asked for at the Unix time `at`."""
    return calendar(reminder, datetime.fromtimestamp(at, UTC), link, words).decode()


def caption(reply: Reply, words: Words = IN_JAPANESE) -> str:
    """What stands under the file of a reply."""
    return _cut(plain(replace(reply, buttons=(), links=()), words))


def alternative(picture: Picture) -> str:
    """What stands under an explaining picture: everything it says, for those who do not see it."""
    return _cut(f"{picture.title}\n{in_words(picture)}")


def _cut(text: str) -> str:
    return text if len(text) <= CAPTION // 2 else text[: CAPTION // 2 - 1] + "…"
