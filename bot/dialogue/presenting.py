"""The engine's own sentences, and how questions, answers and results become Replies.

Everything here is what the bot says around the content: staff write the content, this
module the frame. No facts stand here; phones come from facts.yaml and the city's settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.content.model import Content, Entry, Flow, Item, Note, Question, Smalltalk, Source
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.dates import TOKYO, in_words, next_maintenance
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    CheckItem,
    Checklist,
    Details,
    Heading,
    Reply,
    SourceRef,
    Sources,
    Text,
    Warning,
)
from bot.dialogue.token import Codes, choice_code, offer_code
from bot.dialogue.walk import Result

NEVER_ASK = "このボットも職員も、暗証番号をたずねません。"

PIN_NAMES = {
    "sign": "英数字6〜16文字（署名用）",
    "user": "数字4けた（利用者証明用）",
    "juki": "数字4けた（住民基本台帳用）",
    "kenmen": "数字4けた（券面事項入力補助用）",
}

_NOTICES = {
    "bad-token": "そのボタン（リンク）は読み取れませんでした。お手数ですが、もう一度えらんでください。",
    "outdated": "案内の内容が新しくなりました。もう一度うかがう質問があります。",
    "elsewhere": "このボタン（リンク）は、別の市区町村の案内で作られたものです。こちらの案内で続けます。",
    "first-question": "これが最初の質問です。",
    "empty": "文字が届きませんでした。困っていることを、そのまま書いてください。",
}

_ODD = {
    "photo": "写真は開いていません。カードが写っていたら消してください。",
    "file": "ファイルは開いていません。カードが写っているものなら消してください。",
    "voice": "声のメッセージは聞けません。",
    "location": "位置情報は使いません。",
    "contact": "連絡先は使いません。",
}

_SECRETS = {
    "mynumber": "12けたの番号",
    "pin4": "暗証番号のような4けたの数字",
    "signature": "パスワードのような英数字",
    "phone": "電話番号",
    "mail": "メールアドレス",
    "account": "口座番号",
    "card": "カード番号",
}
_PINS_TYPED = {"pin4", "signature"}


@dataclass(frozen=True)
class Operator:
    """Who runs this installation, and how to reach them; shown in the help."""

    name: str = ""
    contact: str = ""


NOBODY = Operator()


class Presenter:
    """Makes Replies for one Content."""

    def __init__(self, content: Content, codes: Codes, operator: Operator = NOBODY) -> None:
        self._content = content
        self._operator = operator
        self._codes = codes
        self._city = content.municipality

    # --- short sentences --------------------------------------------------------

    def notice(self, name: str) -> Reply:
        return Reply("notice", (Text(_NOTICES[name]),))

    def odd(self, kind: str) -> Reply:
        """A photo, sticker, voice …: never opened, an ordinary turn."""
        return Reply("notice", (Text(f"{_ODD.get(kind, '')}\n困っていることを、文字で書いてください。".strip()),))

    def smalltalk(self, said: Smalltalk, token: str) -> Reply:
        buttons = () if token else (*self._guide_buttons(), self._side("聞けることの一覧", "m"))
        return Reply("smalltalk", (Text(said.reply),), buttons)

    def secret(self, kinds: tuple[str, ...]) -> Reply:
        """What was seen, that it was not kept, and what to do now (counter rule 15)."""
        seen = "と、".join(_SECRETS[kind] for kind in kinds)
        blocks: list[Block] = [
            Warning(f"{seen}が書かれていました。読み取らずに消し、記録もしていません。"),
            Text("このやりとりに残っている場合は、ご自分でもメッセージを消してください。"),
        ]
        if _PINS_TYPED & set(kinds):
            blocks += [
                Text(f"{NEVER_ASK}ほかの人に見られたかもしれないときは、次のようにしてください。"),
                Bullets(
                    (
                        "カードが手元にあり、その番号が使える：すぐに別の番号に変えてください。",
                        "カードが手元にあり、ロックしている：役所で、前とちがう番号に決め直してください。",
                        f"カードが手元にない：{self._fact('mynumber-line')}（一時停止）と警察へ、すぐに連絡してください。",
                    )
                ),
                Text(
                    f"不安なときは、警察の相談電話 {self._fact('police-line')} か、"
                    f"消費者ホットライン {self._fact('consumer-line')} へ。"
                ),
            ]
        return Reply("notice", tuple(blocks))

    def support(self) -> Reply:
        """Advice when someone mentions violence: no answer is set, nothing is offered to share (counter rule 7)."""
        return Reply(
            "notice",
            (
                Warning(
                    "郵便が住民票の住所に届くと困る方は、照会書を頼む前に、"
                    f"ご本人から{self._city.text('dv_consult_phone')}に電話で相談してください。"
                ),
                Text(f"警察の相談電話 {self._fact('police-line')} でも相談できます。"),
            ),
        )

    def left(self) -> Reply:
        return Reply(
            "notice",
            (Text("案内をやめました。続きは、前のボタンからいつでも始められます。"),),
            (*self._guide_buttons(), self._side("聞けることの一覧", "m")),
        )

    def deleted(self) -> Reply:
        return Reply(
            "notice", (Text("この会話の記録を消しました。"),), (*self._guide_buttons(), self._side("はじめの画面", "s"))
        )

    def delete(self, token: str) -> Reply:
        return Reply(
            "notice",
            (Text("会話の記録を消すときは /delete と送ってください（ページでは「記録を消す」を押してください）。"),),
            self._onward(token),
        )

    # --- start, topics, help -------------------------------------------------------

    def start(self, now: datetime) -> tuple[Reply, tuple[str, ...]]:
        """The first screen, and what a typed number on it means."""
        entries = [entry for name in self._content.start if (entry := self._content.entry(name))]
        blocks: list[Block] = [
            *self._notices_now(now),
            Heading("マイナンバーカードの暗証番号で、お困りですか？"),
            Text("困っていることを、そのまま書いてください。下のボタンもえらべます。"),
            Text(NEVER_ASK + "番号は書かないでください。"),
            *self._whose_city(),
        ]
        flows = [f"flow:{flow}" for flow in self._content.flows]
        buttons = (*self._guide_buttons(), *(self._entry_button(entry, "") for entry in entries))
        reply = Reply("menu", tuple(blocks), (*buttons, self._side("聞けることの一覧", "m"), self._side("使い方", "h")))
        return reply, (*flows, *(entry.id for entry in entries))

    def menu(self, token: str) -> tuple[Reply, tuple[str, ...]]:
        """The headings of the topic list."""
        names = tuple(f"group:{group.id}" for group in self._content.groups)
        labelled = zip(self._content.groups, names, strict=True)
        buttons = tuple(Button(group.title, f"k{offer_code(name)}{token}") for group, name in labelled)
        reply = Reply(
            "menu",
            (Heading("聞けることの一覧"), Text("近いものをえらんでください。")),
            (*buttons, *self._onward(token)),
        )
        return reply, names

    def group(self, group_id: str, token: str) -> tuple[Reply, tuple[str, ...]]:
        """One heading's entries."""
        group = next((one for one in self._content.groups if one.id == group_id), None)
        if group is None:
            return self.menu(token)
        entries = [entry for name in group.entries if (entry := self._content.entry(name))]
        buttons = tuple(self._entry_button(entry, token) for entry in entries)
        reply = Reply(
            "menu", (Heading(group.title),), (*buttons, self._side("ほかの話題", f"m{token}"), *self._onward(token))
        )
        return reply, tuple(entry.id for entry in entries)

    def help(self, token: str) -> Reply:
        blocks: list[Block] = [
            Heading("使い方"),
            Bullets(
                (
                    "困っていることを、ふだんの言葉で書いてください。",
                    "案内の質問には、ボタンでも文字でも答えられます。",
                    "「戻る」「最初から」「やめる」「メニュー」と書いても動きます。",
                    "前に出たボタンも、いつでも使えます。",
                )
            ),
            Warning(NEVER_ASK + "番号は書かないでください。"),
            *self._phone_blocks(),
        ]
        name = self._operator.name or self._city.operator
        if name:
            blocks.append(
                Text(
                    f"この案内の運営：{name}"
                    + (f"\n連絡先：{self._operator.contact}" if self._operator.contact else "")
                )
            )
        return Reply("help", tuple(blocks), (*self._onward(token), self._side("入力した内容の扱い", f"p{token}")))

    def phones(self, token: str) -> Reply:
        """Whom to call, and what to have at hand."""
        blocks = (
            Heading("電話で相談できます"),
            *self._phone_blocks(),
            Text("カードを手元に置いてかけてください。暗証番号は、電話でも言わないでください。"),
        )
        return Reply("help", blocks, self._onward(token))

    def privacy(self, token: str) -> Reply:
        return Reply(
            "privacy",
            (
                Heading("入力した内容の扱い"),
                Bullets(
                    (
                        "書かれた文章は保存しません。",
                        "暗証番号や12けたの番号は、読み取る前に消します。写真は開きません。",
                        "案内のどこまで進んだかだけを、暗号にして、長くて24時間おぼえます。",
                        "/delete で、すぐに消せます。",
                        "名前や連絡先は集めません。ほかの人や会社に渡しません。",
                    )
                ),
            ),
            self._onward(token),
        )

    # --- answers ---------------------------------------------------------------------

    def answer(self, entry: Entry, token: str, known: Position | None, *, alone: bool) -> Reply:
        """An entry's answer.

        `known`: outside guides, the guide it leads to and its first answers; `alone`: no second answer follows.
        """
        blocks: list[Block] = [Text(paragraph) for paragraph in _paragraphs(entry.answer)]
        if entry.more:
            blocks.append(Details("くわしく", entry.more))
        blocks.append(
            self._sources(self._content.sources[name] for name in entry.sources if name in self._content.sources)
        )
        buttons: list[Button] = []
        begins = alone and entry.guide is not None and entry.guide.start  # the guide follows at once
        if known is not None and known.flow and not begins:
            label = self._content.flows[known.flow].start
            buttons.append(Button(label, "g" + self._codes.pack(known), "primary"))
        if not token and alone:
            related = (self._content.entry(name) for name in entry.see_also)
            buttons += [self._entry_button(other, token) for other in related if other]
        if not token:
            buttons.append(self._side("聞けることの一覧", "m"))
        return Reply("answer", tuple(blocks), tuple(buttons), entry=entry.id)

    def clarify(self, choices: tuple[str, ...], token: str) -> tuple[Reply, tuple[str, ...]]:
        """A few entries to choose from."""
        entries = [entry for name in choices if (entry := self._content.entry(name))]
        buttons = tuple(self._entry_button(entry, token) for entry in entries)
        reply = Reply(
            "clarify",
            (Text("どれに近いですか？ えらぶか、もう少しくわしく書いてください。"),),
            (*buttons, self._side("どれでもない", f"m{token}"), *self._onward(token)),
        )
        return reply, tuple(entry.id for entry in entries)

    def nothing_found(self, token: str) -> Reply:
        """Honest, with ways on."""
        blocks: tuple[Block, ...] = (
            Text("すみません。その質問には、お答えできる内容がありません。"),
            Text("マイナンバーカードの暗証番号とロックのことを、短い言葉で書いてみてください。"),
            *self._phone_blocks(),
        )
        buttons = () if token else self._guide_buttons()
        return Reply("none", blocks, (*buttons, self._side("聞けることの一覧", f"m{token}")))

    # --- guides ------------------------------------------------------------------------

    def opening(self, flow: Flow, answers: Answers) -> Reply | None:
        """The first words of a guide: the intro, and how the person's own words were understood."""
        lines = [flow.intro] if flow.intro else []
        understood = [f"「{_chosen(flow, answer)}」" for answer in answers]
        if understood:
            lines.append(
                f"{'と'.join(understood)}のことと受け取りました。ちがうときは「答えを変える」をえらんでください。"
            )
        return Reply("notice", tuple(Text(line) for line in lines)) if lines else None

    def question(self, flow: Flow, question: Question, position: Position, *, again: bool = False) -> Reply:
        """Ask `question`; its buttons carry the position on."""
        answers = position.answers
        blocks: tuple[Block, ...] = (Heading(question.ask),)
        blocks += (Text(f"（{question.why}）"),) if not again else ()
        buttons: list[Button] = []
        now = answers.get(question.id)
        selected = now.choices if now else ()
        for choice in question.choices:
            if question.many and not choice.alone:
                toggled = [c.id for c in question.choices if (c.id in selected) != (c.id == choice.id) and not c.alone]
                answer = Answer(question.id, tuple(toggled), finished=False)
                buttons.append(
                    Button(choice.label, self._go_to(flow, answers.set(answer)), "toggle", choice.id in selected)
                )
            else:
                buttons.append(Button(choice.label, self._go_to(flow, answers.set(Answer(question.id, (choice.id,))))))
        if question.many and selected:
            done = Answer(question.id, selected)
            buttons.append(Button("これで決める", self._go_to(flow, answers.set(done)), "primary"))
        return Reply("question", blocks, (*buttons, *self._steering(flow, position)), question=question.id)

    def which_choice(self, flow: Flow, question: Question, near: tuple[str, ...], position: Position) -> Reply:
        """The open question again, with only the choices that a typed text nearly named."""
        whole = self.question(flow, question, position, again=True)
        keep = {choice.label for choice in question.choices if choice.id in near}
        buttons = tuple(b for b in whole.buttons if b.role in ("side", "primary") or b.label in keep)
        return Reply("clarify", (Text("どれのことですか？"), *whole.blocks), buttons, question=question.id)

    def answers(self, flow: Flow, position: Position) -> Reply:
        """The answers so far, each to be changed."""
        given = [a for question in flow.questions if (a := position.answers.get(question.id))]
        if not given:
            return Reply(
                "list",
                (Text("まだ答えはありません。"),),
                (Button("案内にもどる", self._go_to(flow, position.answers), "primary"),),
            )
        buttons = tuple(
            Button(f"変える：{_name(flow, answer)}", self._go_to(flow, position.answers.drop(answer.question)))
            for answer in given
        )
        lines = Bullets(tuple(f"{_name(flow, answer)}：{_chosen(flow, answer)}" for answer in given))
        back = Button("このまま続ける", self._go_to(flow, position.answers), "primary")
        return Reply("list", (Heading("いままでの答え"), lines), (*buttons, back))

    def back_to_result(self, token: str) -> Reply:
        return Reply(
            "notice",
            (Text("チェックリストは、このボタンでもう一度見られます。"),),
            (Button("チェックリストを見る", f"g{token}", "primary"),),
        )

    def no_route(self, token: str) -> Reply:
        """No single route fits: a mistake in the content that must not strand anyone."""
        blocks = (
            Text("すみません。この答えの組み合わせの案内を用意できていません。電話で確かめてください。"),
            *self._phone_blocks(),
        )
        return Reply("none", blocks, (self._side("答えを変える", f"l{token}"), self._side("はじめから", "s")))

    def conclusion(self, result: Result) -> Reply:
        """The result of a guide that another guide goes on from."""
        blocks: list[Block] = [Heading(result.route.title)]
        blocks += [Text(step.text) for step in result.steps]
        blocks += _notes(result, "warn") + _notes(result, "info")
        return Reply("result", tuple(blocks), route=result.route.id)

    def result(self, result: Result, position: Position, now: datetime) -> Reply:
        """The personal checklist."""
        route = result.route
        blocks: list[Block] = [*self._notices_now(now), *self._whose_city(), Heading(route.title)]
        facts = []
        if route.visits is not None:
            instead = "（お店の端末で手続きします）" if route.kind == "kiosk" else ""
            facts.append(f"役所へ行く回数：{route.visits}回{instead}")
        if route.fee is not None:
            facts.append(f"費用：{route.fee.text}")
        if facts:
            blocks.append(Text("\n".join(facts)))
        blocks += _notes(result, "warn")
        if result.pins:
            blocks += [Heading("決め直す暗証番号"), Bullets(tuple(PIN_NAMES[pin] for pin in result.pins))]
        blocks += _checklists(result.items)
        if result.steps:
            blocks += [Heading("すること"), Bullets(tuple(step.text for step in result.steps), ordered=True)]
        blocks += self._offices(result)
        blocks += self._closed_days(result, now.astimezone(TOKYO).date())
        avoid = [note.text for note in result.notes if note.kind == "avoid"]
        if avoid:
            blocks += [Heading("しないでください"), Bullets(tuple(avoid))]
        ask = [note.text for note in result.notes if note.kind == "ask"]
        if ask:
            blocks += [Heading("電話で確かめること"), Text(f"電話：{self._city.text('phone')}"), Bullets(tuple(ask))]
        blocks += _notes(result, "info")
        for if_text, other in result.alternatives:
            blocks += [Heading(f"ほかの方法：{other.route.title}"), Text(if_text), *_checklists(other.items)]
        given = [f"{_name(result.flow, answer)}：{_chosen(result.flow, answer)}" for answer in result.answers]
        blocks.append(Details("お答えの内容", "\n".join(f"・{line}" for line in given)))
        blocks.append(self._sources(self._result_sources(result)))
        token = self._codes.pack(position.without_offer())
        buttons = (
            Button("答えを変える", f"l{token}", "side"),
            self._side("ほかの質問をする", f"m{token}"),
            self._side("はじめから", "s"),
        )
        return Reply("result", tuple(blocks), buttons, route=route.id)

    # --- parts ----------------------------------------------------------------------------

    def _steering(self, flow: Flow, position: Position) -> tuple[Button, ...]:
        buttons = []
        before = one_back(flow, position)
        if before is not None:
            buttons.append(self._side("戻る", self._go_to(flow, before.answers)))
        if position.answers:
            buttons.append(self._side("答えを変える", "l" + self._codes.pack(position.without_offer())))
        return (*buttons, self._side("やめる", "x"))

    def _go_to(self, flow: Flow, answers: Answers) -> str:
        return "g" + self._codes.pack(Position(flow.id, answers))

    def _side(self, label: str, data: str) -> Button:
        return Button(label, data, "side")

    def _onward(self, token: str) -> tuple[Button, ...]:
        if token:
            return (Button("案内にもどる", f"g{token}", "primary"),)
        return (self._side("はじめの画面", "s"),)

    def _guide_buttons(self) -> tuple[Button, ...]:
        return tuple(
            Button(flow.start, "f" + offer_code(f"flow:{flow.id}"), "primary") for flow in self._content.flows.values()
        )

    def _entry_button(self, entry: Entry, token: str) -> Button:
        return Button(entry.short or entry.question, f"e{offer_code(entry.id)}{token}")

    def _fact(self, name: str) -> str:
        fact = self._content.facts.get(name)
        return fact.value if fact else self._city.text("phone") or ""

    def _phone_blocks(self) -> tuple[Block, ...]:
        lines = [f"手続きのこと：{self._city.text('phone')}"]
        hours = self._city.hours
        lines.append(f"受付時間：{hours}" if hours else "受付時間は電話で確かめてください。")
        line = self._content.facts.get("mynumber-line")
        if line is not None:
            lines.append(f"カードのこと全般・なくしたとき：{line.value}（{line.label}。ロックの解除はできません）")
        return (Text("\n".join(lines)),)

    def _whose_city(self) -> list[Block]:
        """Whom this guidance is for (counter rule 10)."""
        if self._city.sample:
            return [Warning(f"見本の市です（{self._city.name or '設定なし'}）。実際の手続きには使わないでください。")]
        if self._city.name:
            return [
                Text(
                    f"{self._city.name}に住民票がある方の案内です。"
                    "住民票がほかの市区町村にある方は、その市区町村の代表電話に確かめてください。"
                )
            ]
        return [Text("市区町村を決めていない案内です。扱いがちがうことがあるので、行く前に電話で確かめてください。")]

    def _offices(self, result: Result) -> list[Block]:
        """The city's own counters, with their hours, where the result leads to one."""
        if result.route.kind not in ("office", "letter") or not (self._city.offices or self._city.hours):
            return []
        lines = []
        for office in self._city.offices:
            if office.handles_reset is False:
                continue
            parts = (office.name, office.address, office.phone and f"電話 {office.phone}", office.hours, office.notes)
            lines.append("、".join(part for part in parts if part))
        hours = [Text(f"受付時間：{self._city.hours}")] if self._city.hours else []
        return [Heading("行き先"), *([Bullets(tuple(lines))] if lines else []), *hours]

    def _notices_now(self, now: datetime) -> list[Block]:
        return [Warning(notice.text) for notice in self._content.notices if notice.shown_at(now.astimezone(TOKYO))]

    def _closed_days(self, result: Result, today: date) -> list[Block]:
        """Days on which nothing can be done (counter rule 13)."""
        if result.route.kind not in ("office", "kiosk", "letter"):
            return []
        return [
            Text(
                f"{in_words(day)}は全国のシステム保守に当たる見込みです。手続きできないと考えて、別の日にしてください。"
            )
            for day in next_maintenance(today, self._city)
        ]

    def _result_sources(self, result: Result) -> Iterable[Source]:
        named = [item.source for one in (result, *(other for _, other in result.alternatives)) for item in one.items]
        named += [step.source for step in result.steps]
        named += [note.source for note in result.notes]
        return [self._content.sources[name] for name in dict.fromkeys(named) if name and name in self._content.sources]

    def _sources(self, sources: Iterable[Source]) -> Sources:
        """The sources with what may be said about their freshness (counter rule 11)."""
        listed = list(sources)
        confirmed = [source.confirmed_by_city_on for source in listed]
        if listed and all(confirmed):
            latest = max(day for day in confirmed if day)
            freshness = f"市が{latest.year}年{latest.month}月に確認した内容です。"
        else:
            read = max((source.read_on for source in listed), default=None)
            when = f"（{read.year}年{read.month}月に閲覧）" if read else ""
            whose = "この市" if self._city.known else "お住まいの市区町村"
            freshness = f"公開資料{when}による案内です。{whose}ではまだ確認していません。"
        items = tuple(SourceRef(source.name, source.url, source.source_date) for source in listed)
        return Sources(items, freshness)


def one_back(flow: Flow, position: Position) -> Position | None:
    """The position without the last answer, in flow order, that was given on screen; None if there is none."""
    for question in reversed(flow.questions):
        answer = position.answers.get(question.id)
        if answer is not None and not answer.prefilled:
            return Position(flow.id, position.answers.drop(question.id))
    return None


def _checklists(items: tuple[Item, ...]) -> list[Block]:
    """The things to bring, per visit, what is required apart from what is good to have."""
    blocks: list[Block] = []
    visits = sorted({item.visit for item in items})
    for visit in visits:
        which = f"{visit}回目の" if len(visits) > 1 else ""
        for optional, title in ((False, f"{which}持ち物"), (True, f"{which}あると安心なもの")):
            listed = tuple(
                CheckItem(f"{choice_code('item', item.id):x}", item.text, item.note, item.why)
                for item in items
                if item.visit == visit and item.optional == optional
            )
            if listed:
                blocks.append(Checklist(title, listed, optional))
    return blocks


def _notes(result: Result, kind: str) -> list[Block]:
    def block(note: Note) -> Block:
        return Warning(note.text) if kind == "warn" else Text(note.text)

    return [block(note) for note in result.notes if note.kind == kind]


def _name(flow: Flow, answer: Answer) -> str:
    question = flow.question(answer.question)
    return (question.short or question.ask.split("？")[0]) if question else answer.question


def _chosen(flow: Flow, answer: Answer) -> str:
    question = flow.question(answer.question)
    labels = [c.label for c in question.choices if c.id in answer.choices] if question else answer.choices
    return "・".join(labels)


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
