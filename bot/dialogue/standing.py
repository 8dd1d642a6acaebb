"""What stands on many screens: whom the guidance is for, urgent notices, whom to call, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.content.model import Content, Source
from bot.dialogue.dates import TOKYO
from bot.dialogue.replies import Block, SourceRef, Sources, Text, Warning

NO_DATE = "ページの日付は不明"
NEVER_ASK = "このボットも職員も、暗証番号をたずねません。"


class Standing:
    """The standing parts for one Content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._city = content.municipality

    def notices(self, now: datetime) -> list[Block]:
        """The urgent notices of this moment (counter rule 18)."""
        local = now.astimezone(TOKYO)
        return [Warning(notice.text) for notice in self._content.notices if notice.shown_at(local)]

    def sample(self) -> list[Block]:
        """A warning if this is no real city (counter rule 10)."""
        if not self._city.sample:
            return []
        name = self._city.name or "設定なし"
        return [Warning(f"見本の市です（{name}）。実際の手続きには使わないでください。")]

    def whose_city(self) -> list[Block]:
        """Whom this guidance is for (counter rule 10)."""
        if self._city.sample:
            return []
        if self._city.name:
            return [
                Text(
                    f"{self._city.name}に住民票がある方の案内です。"
                    "住民票がほかの市区町村にある方は、その市区町村の代表電話に確かめてください。"
                )
            ]
        return [Text("市区町村を決めていない案内です。扱いがちがうことがあるので、行く前に電話で確かめてください。")]

    def phones(self) -> list[Block]:
        """Whom to call, and when as far as it is known."""
        lines = [f"手続きのこと：{self._city.text('phone')}"]
        hours = self._city.hours
        lines.append(f"受付時間：{hours}" if hours else "受付時間は電話で確かめてください。")
        line = self._content.facts.get("mynumber-line")
        if line is not None:
            lines.append(f"カードのこと全般・なくしたとき：{line.value}（{line.label}。ロックの解除はできません）")
        return [Text("\n".join(lines))]

    def fact(self, name: str) -> str:
        """The value of a fact; the city's phone where the content has no such fact."""
        fact = self._content.facts.get(name)
        return fact.value if fact else self._city.text("phone") or ""

    def sources(self, names: Iterable[str | None]) -> Sources:
        """The named sources with what may be said about their freshness (counter rule 11)."""
        known = self._content.sources
        listed = [known[name] for name in dict.fromkeys(names) if name and name in known]
        items = tuple(SourceRef(source.name, source.url, _date(source)) for source in listed)
        return Sources(items, self._freshness(listed))

    def _freshness(self, sources: list[Source]) -> str:
        confirmed = [source.confirmed_by_city_on for source in sources]
        if sources and all(confirmed):
            latest = max(day for day in confirmed if day)
            return f"市が{latest.year}年{latest.month}月に確認した内容です。"
        read = max((source.read_on for source in sources), default=None)
        when = f"（{read.year}年{read.month}月に閲覧）" if read else ""
        whose = "この市" if self._city.known else "お住まいの市区町村"
        return f"公開資料{when}による案内です。{whose}ではまだ確認していません。"


def _date(source: Source) -> str:
    return NO_DATE if source.source_date == "不明" else source.source_date
