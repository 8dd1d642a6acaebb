"""The engine's own sentences, and how questions, answers and results become Replies.

Everything here is what the bot says around the content: staff write the content, this
module the frame. No facts stand here; phones come from facts.yaml and the city's settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.model import Content, Entry, Flow, Question, Smalltalk
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.dates import TOKYO, in_words, open_days
from bot.dialogue.explaining import explain
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Heading,
    Reply,
    Text,
    Warning,
)
from bot.dialogue.results import Results, question_of, said
from bot.dialogue.standing import NEVER_ASK, Standing
from bot.dialogue.taking import DAYS, Taking, day_of
from bot.dialogue.token import Codes, offer_code
from bot.dialogue.walk import Result, one_back

MAIN_GUIDE = "recover"
"""The guide that /guide opens."""

_NOTICES = {
    "bad-token": "そのボタン（リンク）は読み取れませんでした。お手数ですが、もう一度えらんでください。",
    "outdated": "案内の内容が新しくなりました。もう一度うかがう質問があります。",
    "elsewhere": "このボタン（リンク）は、別の市区町村の案内で作られたものです。こちらの案内で続けます。",
    "first-question": "これが最初の質問です。",
    "not-a-choice": "すみません、お答えを読み取れませんでした。下からえらぶか、番号を書いてください。",
    "gone": "その答えは、いまはありません。困っていることを、そのまま書いてください。",
    "no-such-number": "その番号はありません。一覧の番号を書くか、困っていることを書いてください。",
    "only-secret": "困っていることは、番号を書かずに送ってください。",
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
_DAYS_AT_ONCE = 5
"""Days offered as buttons."""

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
        self._standing = Standing(content)
        self._results = Results(content, self._standing)
        self._taking = Taking(content)

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
                        f"カードが手元にない：{self._standing.fact('mynumber-line')}（一時停止）と警察へ、すぐに連絡してください。",
                    )
                ),
                Text(
                    f"不安なときは、警察の相談電話 {self._standing.fact('police-line')} か、"
                    f"消費者ホットライン {self._standing.fact('consumer-line')} へ。"
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
                    f"ご本人から{self._city.text('dv_consult_phone')}へ、電話で相談してください。"
                ),
                Text(f"警察の相談電話 {self._standing.fact('police-line')} でも相談できます。"),
                Text(
                    "番号を知られているときは、カードが手元にあり、その番号が使えるなら、"
                    "窓口へ行かずに別の番号に変えられます（住民基本台帳用は窓口です）。"
                    f"カードが手元にないときは {self._standing.fact('mynumber-line')} で止められます。"
                ),
            ),
            (self._side("電話で相談したい", "c"), self._side("はじめの画面", "s")),
        )

    def left(self, *, inside: bool) -> Reply:
        """The end, of a guide if one was open."""
        said = (
            "案内をやめました。続きは、前のボタンからいつでも始められます。"
            if inside
            else "わかりました。いつでも、また書いてください。"
        )
        return Reply(
            "notice",
            (Text(said),),
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
            *self._standing.notices(now),
            Heading("マイナンバーカードの暗証番号で、お困りですか？"),
            Text("困っていることを、そのまま書いてください。下のボタンもえらべます。"),
            Text(NEVER_ASK + "番号は書かないでください。"),
            *self._standing.sample(),
            *self._standing.whose_city(),
        ]
        flows = [f"flow:{flow}" for flow in sorted(self._content.flows, key=lambda flow: flow != MAIN_GUIDE)]
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
            *self._standing.phones(),
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
            *self._standing.phones(),
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
        if entry.picture and (picture := explain(entry.picture, self._content.facts)):
            blocks.append(picture)
        if entry.more:
            blocks.append(Details("くわしく", entry.more))
        blocks.append(self._standing.sources(entry.sources))
        buttons: list[Button] = []
        begins = alone and not token and entry.guide is not None and entry.guide.start  # the guide follows at once
        if known is not None and known.flow and not begins:
            label = self._content.flows[known.flow].start
            buttons.append(Button(label, "b" + self._codes.pack(known), "primary"))
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
            *self._standing.phones(),
        )
        buttons = () if token else self._guide_buttons()
        return Reply("none", blocks, (*buttons, self._side("聞けることの一覧", f"m{token}")))

    # --- guides ------------------------------------------------------------------------

    def opening(self, flow: Flow, answers: Answers) -> Reply | None:
        """The first words of a guide: the intro, and how the person's own words were understood."""
        lines = [flow.intro] if flow.intro else []
        understood = [f"「{_understood(flow, answer)}」" for answer in answers]
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
        """The open question again, with only the choices that a typed text nearly named; with all if that is one."""
        whole = self.question(flow, question, position, again=True)
        if len(near) == 1:
            label = next(choice.label for choice in question.choices if choice.id in near)
            return replace(whole, kind="clarify", blocks=(Text(f"「{label}」のことですか？"), *whole.blocks))
        keep = {choice.label for choice in question.choices if choice.id in near}
        buttons = tuple(b for b in whole.buttons if b.role in ("side", "primary") or b.label in keep)
        return Reply("clarify", (Text("どれのことですか？"), *whole.blocks), buttons, question=question.id)

    def answers(self, flow: Flow, position: Position) -> Reply:
        """The answers so far, each to be changed."""
        given = list(position.answers)
        if not given:
            return Reply(
                "list",
                (Text("まだ答えはありません。"),),
                (Button("案内にもどる", self._go_to(flow, position.answers), "primary"),),
            )
        buttons = tuple(
            Button(f"変える：{question_of(flow, answer)}", self._go_to(flow, position.answers.drop(answer.question)))
            for answer in given
        )
        lines = Bullets(tuple(f"{question_of(flow, answer)}：{said(flow, answer)}" for answer in given))
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
            *self._standing.phones(),
        )
        return Reply("none", blocks, (self._side("答えを変える", f"l{token}"), self._side("はじめから", "s")))

    def conclusion(self, result: Result) -> Reply:
        """The result of a guide that another guide goes on from."""
        return Reply("result", self._results.conclusion(result), route=result.route.id)

    def result(self, result: Result, position: Position, now: datetime) -> Reply:
        """The personal checklist."""
        token = self._codes.pack(position.without_offer())
        buttons = (
            self._side("答えを変える", f"l{token}"),
            self._side("ほかの質問をする", f"m{token}"),
            self._side("はじめから", "s"),
        )
        take = self._taking.take(result, token, now.astimezone(TOKYO).date())
        return Reply("result", self._results.blocks(result, now), buttons, route=result.route.id, take=take)

    def handed(self, result: Result, token: str, how: str, now: datetime) -> Reply | None:
        """What a press on one of a result's take-along buttons leads to; None if this result has no such button."""
        if how == "v":
            return self._which_day(token, now)
        if how != "r":
            return self._taking.handed(how, result, token)
        reminder = self._taking.reserved(result, token, now)
        return Reply("notice", (Text(reminder.text),), handed=reminder) if reminder else None

    def visit(self, result: Result, token: str, code: str, now: datetime) -> Reply:
        """The chosen day for the calendar; asked again if it is none (any more)."""
        day, today = day_of(code), now.astimezone(TOKYO).date()
        if day is None or day not in open_days(today, self._city, DAYS):
            return self._which_day(token, now)
        reminder = self._taking.visit(result, token, day)
        return Reply("notice", (Text(f"{in_words(day)}に窓口へ行く予定です。\n{reminder.text}"),), handed=reminder)

    def _which_day(self, token: str, now: datetime) -> Reply:
        days = self._taking.days(token, now.astimezone(TOKYO).date())[:_DAYS_AT_ONCE]
        blocks = (Heading("いつ窓口へ行きますか？"), Text("窓口が開いている見込みの日です。行く前に確かめてください。"))
        return Reply("notice", blocks, (*days, self._side("チェックリストを見る", f"g{token}")))

    # --- parts ----------------------------------------------------------------------------

    def _steering(self, flow: Flow, position: Position) -> tuple[Button, ...]:
        buttons = []
        before = one_back(flow, position.answers, self._city)
        if before is not None:
            buttons.append(self._side("戻る", self._go_to(flow, before)))
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
        flows = sorted(self._content.flows.values(), key=lambda flow: flow.id != MAIN_GUIDE)
        return tuple(Button(flow.start, "f" + offer_code(f"flow:{flow.id}"), "primary") for flow in flows)

    def _entry_button(self, entry: Entry, token: str) -> Button:
        return Button(entry.short or entry.question, f"e{offer_code(entry.id)}{token}")


def _understood(flow: Flow, answer: Answer) -> str:
    """A prefilled answer in words; 「わからない」 and 「どれもない」 say nothing without their question."""
    clear = not set(answer.choices) & {"unknown", "none"}
    return said(flow, answer) if clear else f"{question_of(flow, answer)}：{said(flow, answer)}"


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
