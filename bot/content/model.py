"""The content as immutable typed values: what municipal staff write in YAML, once it is clean.

`loading.py` makes these from the files; everything else only reads them. The field
descriptions are Japanese because staff see them as hints of their editor (JSON Schema).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from bot.content.conditions import ALWAYS, Condition, Count
from bot.content.municipality import Date, Municipality, TrueFalse, without_blanks
from bot.content.words import IN_JAPANESE, Words

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Part(BaseModel):
    """Base of everything that staff write: immutable, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    _blank_is_missing = model_validator(mode="before")(without_blanks)


# --- facts -----------------------------------------------------------------


NO_DATE = "不明"
"""The date of a page that shows none."""


FRESH_DAYS = 365
"""Days after which a source counts as old."""
WARN_DAYS = 30
"""Days ahead that a source is said to become old soon."""


class Source(Part):
    """Where a statement comes from."""

    name: Line = Field(description="出典の名前（例：江東区「暗証番号の再設定」）")
    url: Line = Field(description="出典のアドレス")
    source_date: Line = Field(default=NO_DATE, description="ページに書かれた日付。読めなければ「不明」")
    read_on: Date = Field(description="読んだ日（例：2026-11-22）")
    confirmed_by_city_on: Date | None = Field(default=None, description="市が内容を確認した日。未確認なら空欄")

    @property
    def checked_on(self) -> date:
        """The day on which somebody last saw that it is so: its reader, or the city."""
        return max(self.read_on, self.confirmed_by_city_on or self.read_on)

    def is_old(self, today: date) -> bool:
        """Whether that is so long ago that it may have changed."""
        return (today - self.checked_on).days > FRESH_DAYS


class Fact(Part):
    """A phone number, sum, clock time, date, shop or address that texts name as {id}."""

    kind: Literal["phone", "money", "clock", "date", "shop", "address", "limit", "url"]
    value: Line = Field(description="利用者に見せる値（例：0120-95-0178）")
    label: Line | None = Field(default=None, description="何の値か（例：マイナンバー総合フリーダイヤル）")
    source: Id = Field(description="出典の id（sources の見出し）")


# --- FAQ -------------------------------------------------------------------


class GuideLink(Part):
    """The guide an answer leads to, with what is already known."""

    flow: Id = Field(description="案内の id（flows/ のファイル）")
    answers: dict[str, str] = Field(
        default_factory=dict, description="すでに分かっている答え（質問の id: 選択肢の id）"
    )
    start: TrueFalse = Field(default=False, description="true なら、答えのすぐ後に案内の最初の質問を出す")


PICTURE_FACTS: dict[str, tuple[str, ...]] = {
    "pins": ("sign-tries", "four-tries"),
    "kiosk": ("kiosk-limit", "kiosk-hours"),
}
"""The explaining pictures, and the facts that each shows."""


class Entry(Part):
    """One FAQ answer."""

    id: Id
    question: Line = Field(description="代表的な質問。ボタンにも出る")
    short: Line | None = Field(default=None, description="ボタンに出す短い言い方（全角20字まで）")
    also_asked: tuple[Line, ...] = Field(description="市民の言い方。多いほどよく当たる")
    answer: Text = Field(description="答え。最初の文で答える")
    more: Text | None = Field(default=None, description="くわしい説明")
    sources: tuple[Id, ...] = Field(description="出典の id")
    guide: GuideLink | None = Field(default=None, description="続けて出す案内")
    see_also: tuple[Id, ...] = Field(default=(), description="あわせて読みたい答えの id")
    concepts: tuple[Id, ...] = Field(default=(), description="何についての答えか（vocabulary.yaml の concepts の id）")
    picture: Literal["pins", "kiosk"] | None = Field(
        default=None, description="答えといっしょに見せる絵（pins＝4つの暗証番号、kiosk＝店の端末の流れ）"
    )
    depends_on: tuple[Literal["pin", "person", "city"], ...] = Field(
        default=(), description="答えが何によって変わるか。あれば最初の文に条件を書く（窓口の決まり16）"
    )


class Group(Part):
    """A heading of the topic list (/menu) with its entries in order."""

    id: Id
    title: Line = Field(description="見出し（全角20字まで）")
    entries: tuple[Id, ...]


# --- vocabulary ------------------------------------------------------------


class Concept(Part):
    """A thing citizens call by many names."""

    id: Id
    kind: Literal["pin", "state", "actor", "place", "aspect", "service", "other"]
    name: Line = Field(description="正式な言い方")
    words: tuple[Line, ...] = Field(description="市民の言い方")
    pin: Literal["sign", "user", "kenmen", "juki", "both", "phone"] | None = Field(
        default=None, description="kind が pin のとき、どの暗証番号か"
    )
    visitor: Literal["self", "parent_of_child", "guardian", "proxy"] | None = Field(
        default=None, description="kind が actor のとき、だれが行くか"
    )


class Smalltalk(Part):
    """A greeting, thanks or an insult, and the short human answer."""

    id: Id
    words: tuple[Line, ...]
    reply: Text


class Vocabulary(Part):
    """Words the matcher folds together, and what it must not answer."""

    synonyms: dict[str, tuple[Line, ...]] = Field(default_factory=dict, description="代表の言い方: 同じ意味の言い方")
    fillers: tuple[Line, ...] = Field(default=(), description="意味に関わらない決まり文句（お世話になります など）")
    concepts: tuple[Concept, ...] = ()
    smalltalk: tuple[Smalltalk, ...] = ()
    out_of_scope: tuple[Line, ...] = Field(default=(), description="このボットでは答えない質問の例")
    vague: tuple[Line, ...] = Field(default=(), description="あいまいで、選択肢を出して聞き返す言い方の例")
    vague_choices: tuple[Id, ...] = Field(default=(), description="あいまいなときに出す答えの id（4つまで）")


# --- plain language --------------------------------------------------------


class PlainLimits(Part):
    """From when on a text is too much for a hurried reader."""

    sentence: int = Field(description="1つの文の長さ（字）。これを超えると知らせる")
    commas: int = Field(description="1つの文の読点の数。この数から知らせる")
    kanji: int = Field(description="続く漢字の数。この数から知らせる")
    label: int = Field(description="ボタンや見出しの長さ（全角の字数）。これを超えると知らせる")


class EasyLimits(Part):
    """From when on a text in easy Japanese is not easy."""

    sentence: int = Field(description="1つの文の長さ（字。空白とかっこの中は数えない）。これを超えると知らせる")
    average: int = Field(description="文の長さの平均（字）。これを超えると知らせる")
    words: tuple[Line, ...] = Field(description="最初に出る所で読み方の要る、むずかしい言葉")


class Jargon(Part):
    """A word that citizens do not know, with what to say for it."""

    term: Line = Field(description="専門のことば")
    means: Line = Field(description="短い説明（かっこに入れる言葉）")
    plain: tuple[Line, ...] = Field(
        default=(), description="前か同じ文にあれば、説明があると数える言葉（例：数字4けた）"
    )


class PlainLanguage(Part):
    """What counts as plain, for `check`."""

    limits: PlainLimits = Field(description="長さや数の決まり")
    easy: EasyLimits | None = Field(default=None, description="やさしい日本語（faq/ja-easy.yaml）の決まり")
    official_names: tuple[Line, ...] = Field(default=(), description="漢字が続いてもよい、正式な名前")
    jargon: tuple[Jargon, ...] = Field(default=(), description="説明の要る、専門のことば")


# --- flows -----------------------------------------------------------------


class When(Part):
    """Anything with a `when`."""

    when: Condition = Field(default=ALWAYS, description="どんなときに当てはまるか。書かなければいつでも")

    @model_validator(mode="before")
    @classmethod
    def _read_when(cls, data: Any) -> Any:
        if isinstance(data, dict) and "when" in data and not isinstance(data["when"], Condition):
            return {**data, "when": condition(data["when"], ("when",))}
        return data


class Choice(Part):
    """One answer on offer."""

    id: Id
    label: Line = Field(description="ボタンの文字（全角20字まで）")
    also: tuple[Line, ...] = Field(default=(), description="同じ意味で文字で打たれそうな言い方")
    said: tuple[Line, ...] = Field(default=(), description="最初の文から読み取った値のどれに当たるか（例：sign）")
    tags: tuple[Id, ...] = Field(default=(), description="count で数えるための印")
    strict: TrueFalse = Field(
        default=False,
        description="true なら、文字で打たれたとき、はっきり言われたときだけ受け取る（まちがうと困る選択肢）",
    )
    alone: TrueFalse = Field(
        default=False, description="複数選べる質問で、ほかと一緒に選べない選択肢（どれもない など）"
    )


class Hint(When):
    """A line below a question, for example what counts in this city."""

    text: Text


class Question(When):
    """What a flow asks, and when."""

    id: Id
    ask: Text = Field(description="質問の文")
    why: Line = Field(description="なぜ聞くのか、一行で")
    hints: tuple[Hint, ...] = Field(default=(), description="質問の下に足す文（市の設定によるものなど）")
    short: Line | None = Field(default=None, description="答えの一覧に出す短い見出し")
    many: TrueFalse = Field(default=False, description="true なら、いくつでも選べる")
    prefill: Literal["pin", "visitor"] | None = Field(
        default=None, description="最初の文から読み取った値で答えてよい質問なら、その種類"
    )
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == choice_id), None)


class Step(When):
    """One step of a route, in order."""

    text: Text
    source: Id | None = None


class Note(When):
    """A sentence for the citizen: a warning, what not to do, what to ask by phone."""

    id: Id
    kind: Literal["warn", "avoid", "ask", "info"] = Field(
        description="warn＝先頭に出す注意、avoid＝しないこと、ask＝電話で確かめること（言う文のまま）、info＝補足"
    )
    text: Text
    source: Id | None = None


class Fee(Part):
    """What it costs. A value is never invented: certainty says how sure it is."""

    text: Line = Field(description="利用者に見せる文（例：無料です）")
    yen: int | None = Field(default=None, description="金額。分からなければ空欄")
    certainty: Literal["high", "medium", "low"] = "high"


class Handover(Part):
    """A route that goes on in another guide."""

    flow: Id
    answers: dict[str, str] = Field(default_factory=dict)


class Alternative(Part):
    """Another route, with the condition in words."""

    route: Id
    if_text: Line = Field(description="どんなときに選べるか")


class Route(When):
    """Where the answers lead."""

    id: Id
    title: Line = Field(description="結論を一文で")
    kind: Literal["office", "kiosk", "phone", "embassy", "app", "letter", "stay", "handover"] = Field(
        description="どこで手続きするか。stay＝行かなくてよい"
    )
    visits: int | None = Field(default=None, description="役所へ行く回数。決まらなければ空欄")
    represented: bool = Field(
        default=False, description="本人でない人が手続きする行き先なら true（代理を扱わない窓口を出しません）"
    )
    fee: Fee | None = None
    steps: tuple[Step, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    goto: Handover | None = Field(default=None, description="続けて始める別の案内")


class Item(When):
    """Something to bring."""

    id: Id
    visit: int = Field(default=1, description="何回目に要るか")
    text: Line
    note: Line | None = Field(default=None, description="気をつけること（期限、住所など）")
    why: Line = Field(description="なぜ要るか")
    optional: TrueFalse = Field(default=False, description="true なら「あると安心」")
    classes: tuple[Id, ...] = Field(default=(), description="prove が書類をくらべるときの種類")
    source: Id | None = None


class Pin(When):
    """A PIN that this visit resets."""

    id: Literal["sign", "user", "juki", "kenmen"]


class Rule(Part):
    """An invariant of all paths: where `if` holds, `always` holds and `never` does not."""

    id: Id
    say: Line
    if_: Condition = Field(default=ALWAYS, alias="if")
    never: Condition | None = None
    always: Condition | None = None
    source: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_conditions(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {
            key: condition(value, (key,))
            if key in ("if", "never", "always") and not isinstance(value, Condition)
            else value
            for key, value in data.items()
        }


class Flow(Part):
    """A guided procedure: a list of questions, and what follows from the answers."""

    id: Id
    title: Line
    start: Line = Field(description="案内を始めるボタンの文字")
    intro: Text | None = None
    questions: tuple[Question, ...]
    routes: tuple[Route, ...]
    items: tuple[Item, ...] = ()
    pins: tuple[Pin, ...] = ()
    notes: tuple[Note, ...] = ()
    rules: tuple[Rule, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question | None:
        return self.by_id.get(question_id)


# --- notices and everything ------------------------------------------------


def _moment(value: Any) -> Any:
    """`2026-11-22` as a date, `2026-11-22 17:15` as a datetime; anything else is refused."""
    if not isinstance(value, str):
        return value
    for pattern in ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            moment = datetime.strptime(value, pattern)  # noqa: DTZ007 - written and compared in Asia/Tokyo
        except ValueError:
            continue
        return moment.date() if pattern == "%Y-%m-%d" else moment
    raise ValueError("日時は 2026-11-22 か 2026-11-22 17:15 の形で書いてください")


Moment = Annotated[
    datetime | date,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2})?$"}),
]


class Notice(Part):
    """An urgent notice on top of every result, between two moments in Asia/Tokyo."""

    text: Text = Field(description="お知らせの文")
    from_: Moment = Field(alias="from", description="出し始める日時（例：2026-11-22 か 2026-11-22 8:30）")
    until: Moment = Field(description="やめる日時（日だけなら、その日の終わりまで出す）")

    def shown_at(self, now: datetime) -> bool:
        """Whether it is shown at `now`, a moment in Asia/Tokyo with or without its zone."""
        now = now.replace(tzinfo=None)
        begun = self.from_ <= now if isinstance(self.from_, datetime) else self.from_ <= now.date()
        ended = self.until <= now if isinstance(self.until, datetime) else self.until < now.date()
        return begun and not ended


class Typed(Part):
    """What people type in a language besides questions and choices.

    `own_questions`: whether its answers have wordings of their own, so that it needs a matcher of its own.
    """

    steering: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    own_questions: bool = False


class Content(Part):
    """All content that serves at one time, in one language. Swapped whole, never changed.

    `translations` are the same in the further languages: the same ids, other texts. They have none themselves.
    """

    entries: tuple[Entry, ...]
    groups: tuple[Group, ...] = ()
    start: tuple[Id, ...] = Field(default=(), description="最初の画面に出す答えの id")
    facts: dict[str, Fact]
    sources: dict[str, Source]
    vocabulary: Vocabulary
    situations: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    """Roundabout wordings by entry id: learnt from, never shown."""
    flows: dict[str, Flow]
    municipality: Municipality
    notices: tuple[Notice, ...] = ()
    retired: frozenset[str] = Field(default=frozenset(), description="もう使わない選択肢（flows/retired.txt）")
    digest: str
    language: str = "ja"
    language_name: str = "日本語"
    words: Words = IN_JAPANESE
    typed: Typed = Typed()
    translations: dict[str, Content] = Field(default_factory=dict)

    @cached_property
    def _entries_by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    def entry(self, entry_id: str) -> Entry | None:
        return self._entries_by_id.get(entry_id)

    def city_text(self, key: str) -> str:
        """The city's `phone`, `name` … in this language, or a phrase that is true without a city."""
        return self.municipality.text(key, self.words) or ""

    def in_language(self, language: str) -> Content:
        """This content in another language; itself if it has no such translation."""
        return self.translations.get(language, self)

    @property
    def languages(self) -> tuple[Content, ...]:
        """This content in every language that there is, Japanese first."""
        return (self, *self.translations.values())


# --- reading `when` --------------------------------------------------------


class BadCondition(ValueError):
    """A `when` of the wrong shape; `path` leads to the mistake inside it."""

    def __init__(self, message: str, path: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.path = path


def condition(data: Any, path: tuple[str | int, ...] = ()) -> Condition:
    """The Condition of a YAML `when`.

    Raises BadCondition with a Japanese sentence when the shape is wrong; whether its keys and
    values exist is for `checks.py`, which knows the flow.
    """
    if not isinstance(data, dict) or not data:
        raise BadCondition("条件は「質問の id: 選択肢の id」の形で書いてください", path)
    answered: list[tuple[str, frozenset[str]]] = []
    none_of: list[Condition] = []
    any_of: list[tuple[Condition, ...]] = []
    counts: list[Count] = []
    for key, value in data.items():
        here = (*path, key)
        if key == "not":
            none_of.append(condition(value, here))
        elif key == "any":
            if not isinstance(value, list) or not value:
                raise BadCondition("any は条件を「-」で並べて書いてください", here)
            any_of.append(tuple(condition(one, (*here, number)) for number, one in enumerate(value)))
        elif key == "count":
            counts.append(_count(value, here))
        else:
            values = value if isinstance(value, list) else [value]
            if not values or not all(isinstance(one, str) for one in values):
                raise BadCondition(f"「{key}」には選択肢の id を書いてください", here)
            answered.append((key, frozenset(values)))
    return Condition(tuple(answered), tuple(none_of), tuple(any_of), tuple(counts))


def _count(data: Any, path: tuple[str | int, ...]) -> Count:
    if not isinstance(data, dict) or "tag" not in data or not set(data) <= {"tag", "at_least", "at_most"}:
        raise BadCondition("count は {tag: 印, at_least: 数} の形で書いてください", path)
    try:
        at_most = int(data["at_most"]) if "at_most" in data else None
        return Count(str(data["tag"]), int(data.get("at_least", 0)), at_most)
    except (TypeError, ValueError) as error:
        raise BadCondition("count の at_least と at_most は数で書いてください", path) from error
