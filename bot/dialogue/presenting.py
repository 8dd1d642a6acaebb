"""The engine's own sentences, and how questions, answers and results become Replies.

Everything here is what the bot says around the content: staff write the content, this
module the frame. No facts stand here; phones come from facts.yaml and the city's settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.model import Content, Entry, Flow, Question, Smalltalk
from bot.content.words import JAPANESE_ID
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.dates import TOKYO, in_words, open_days
from bot.dialogue.explaining import explain
from bot.dialogue.giving import GIVEN_DAYS, GIVEN_LIMIT, Giving, offer, press
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    Copy,
    Details,
    Feedback,
    Heading,
    Places,
    Reply,
    Text,
    Ticks,
    Warning,
)
from bot.dialogue.results import Results, item_codes, question_of, said
from bot.dialogue.standing import Standing
from bot.dialogue.taking import DAYS, Taking, day_of
from bot.dialogue.ticking import REASONS, Tick, ticked
from bot.dialogue.token import Codes, language_token, offer_code, route_name
from bot.dialogue.walk import Result, lookup, one_back

DELETE = "z"
"""The data of the button that deletes what is kept."""

FEEDBACK = {"yes": "y", "no": "q"}
"""The first letters of the buttons that say whether an answer helped."""

MAIN_GUIDE = "recover"
"""The guide that /guide opens."""

_NOT_OPENED = frozenset({"photo", "file", "voice", "location", "contact"})
"""What people send besides text that gets a sentence of its own."""

_DAYS_AT_ONCE = 5
"""Days offered as buttons."""

_PINS_TYPED = {"pin4", "signature"}


@dataclass(frozen=True)
class Operator:
    """Who runs this installation, and how to reach them; shown in the help."""

    name: str = ""
    contact: str = ""
    collects: bool = False
    """Whether questions that were not answered may be handed to the office (giving.py)."""


NOBODY = Operator()


class Presenter:
    """Makes Replies for one Content."""

    def __init__(
        self, content: Content, codes: Codes, operator: Operator = NOBODY, languages: tuple[Content, ...] = ()
    ) -> None:
        """`languages`: the same content in every language that there is, this one too; none if it is the only one."""
        self._content = content
        self._operator = operator
        self._codes = codes
        self._city = content.municipality
        self._say = content.words
        self._languages = languages
        self._home = "" if content.language == JAPANESE_ID else language_token(content.language)
        self._standing = Standing(content)
        self._results = Results(content, self._standing)
        self._taking = Taking(content)

    # --- short sentences --------------------------------------------------------

    def notice(self, name: str) -> Reply:
        return Reply("notice", (Text(self._say(f"notice.{name}")),))

    def odd(self, kind: str) -> Reply:
        """A photo, sticker, voice …: never opened, an ordinary turn."""
        seen = (self._say(f"odd.{kind}"),) if kind in _NOT_OPENED else ()
        return Reply("notice", (Text("\n".join((*seen, self._say("odd.write")))),))

    def smalltalk(self, said: Smalltalk, token: str) -> Reply:
        buttons = () if token else (*self._guide_buttons(), self._side(self._say("button.menu"), "m"))
        return Reply("smalltalk", (Text(said.reply),), buttons)

    def secret(self, kinds: tuple[str, ...]) -> Reply:
        """What was seen, that it was not kept, and what to do now (counter rule 15)."""
        seen = self._say("secret.and").join(self._say(f"secret.{kind}") for kind in kinds)
        blocks: list[Block] = [
            Warning(self._say("secret.seen", seen=seen)),
            Text(self._say("secret.delete")),
        ]
        if _PINS_TYPED & set(kinds):
            blocks += [
                Text(self._never_ask("secret.if-others")),
                Bullets(
                    (
                        self._say("secret.works"),
                        self._say("secret.locked"),
                        self._say("secret.gone", line=self._standing.fact("mynumber-line")),
                    )
                ),
                Text(
                    self._say(
                        "secret.worried",
                        police=self._standing.fact("police-line"),
                        consumer=self._standing.fact("consumer-line"),
                    )
                ),
            ]
        return Reply("notice", tuple(blocks))

    def support(self) -> Reply:
        """Advice when someone mentions violence: no answer is set, nothing is offered to share (counter rule 7)."""
        return Reply(
            "notice",
            (
                Warning(self._say("support.letter", phone=self._content.city_text("dv_consult_phone"))),
                Text(self._say("support.police", police=self._standing.fact("police-line"))),
                Text(self._say("support.exposed", line=self._standing.fact("mynumber-line"))),
            ),
            (self._side(self._say("button.call"), "c"), self._side(self._say("button.start"), "s")),
        )

    def left(self, *, inside: bool) -> Reply:
        """The end, of a guide if one was open."""
        said = self._say("left.inside" if inside else "left.outside")
        return Reply(
            "notice",
            (Text(said),),
            (*self._guide_buttons(), self._side(self._say("button.menu"), "m")),
        )

    def deleted(self) -> Reply:
        given = (Text(self._say("deleted.given", days=GIVEN_DAYS)),) if self._operator.collects else ()
        return Reply(
            "notice",
            (Text(self._say("deleted")), *given),
            (*self._guide_buttons(), self._side(self._say("button.start"), "s")),
        )

    def delete(self, token: str) -> Reply:
        return Reply(
            "notice",
            (Text(self._say("delete.sure")),),
            (Button(self._say("button.delete"), DELETE, "danger"), *self._onward(token)),
        )

    def languages(self, position: Position) -> Reply:
        """The languages to choose from, each in its own words; the choice goes on where the person is."""
        titles = dict.fromkeys(one.words("language.title") for one in self._languages)
        buttons = tuple(
            Button(one.language_name, f"n{self._codes.pack(position.without_offer(), one.language)}")
            for one in self._languages
        )
        onward = self._onward(self._codes.pack(position.without_offer()) if position.flow else "")
        return Reply("language", (Heading(" / ".join(titles)),), (*buttons, *onward))

    # --- start, topics, help -------------------------------------------------------

    def start(self, now: datetime) -> tuple[Reply, tuple[str, ...]]:
        """The first screen, and what a typed number on it means."""
        entries = [entry for name in self._content.start if (entry := self._content.entry(name))]
        blocks: list[Block] = [
            *self._standing.notices(now),
            Heading(self._say("start.title")),
            Text(self._say("start.invite")),
            Text(self._never_ask("no-number")),
            *self._standing.sample(),
            *self._standing.whose_city(),
        ]
        flows = [f"flow:{flow}" for flow in sorted(self._content.flows, key=lambda flow: flow != MAIN_GUIDE)]
        buttons = (*self._guide_buttons(), *(self._entry_button(entry, "") for entry in entries))
        reply = Reply(
            "menu",
            tuple(blocks),
            (
                *buttons,
                self._side(self._say("button.menu"), "m"),
                self._side(self._say("button.help"), "h"),
                *self._other_languages(),
            ),
        )
        return reply, (*flows, *(entry.id for entry in entries))

    def menu(self, token: str) -> tuple[Reply, tuple[str, ...]]:
        """The headings of the topic list."""
        names = tuple(f"group:{group.id}" for group in self._content.groups)
        labelled = zip(self._content.groups, names, strict=True)
        buttons = tuple(Button(group.title, f"k{offer_code(name)}{token or self._home}") for group, name in labelled)
        reply = Reply(
            "menu",
            (Heading(self._say("menu.title")), Text(self._say("menu.choose"))),
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
            "menu",
            (Heading(group.title),),
            (*buttons, self._side(self._say("button.topics"), f"m{token}"), *self._onward(token)),
        )
        return reply, tuple(entry.id for entry in entries)

    def help(self, token: str) -> Reply:
        blocks: list[Block] = [
            Heading(self._say("help.title")),
            Bullets(
                (
                    self._say("help.write"),
                    self._say("help.answer"),
                    self._say("help.words"),
                    self._say("help.buttons"),
                )
            ),
            Warning(self._never_ask("no-number")),
            *self._standing.phones(),
        ]
        name = self._operator.name or self._city.operator
        if name:
            blocks.append(
                Text(
                    self._say("help.operator", name=name)
                    + (
                        "\n" + self._say("help.contact", contact=self._operator.contact)
                        if self._operator.contact
                        else ""
                    )
                )
            )
        return Reply(
            "help", tuple(blocks), (*self._onward(token), self._side(self._say("button.privacy"), f"p{token}"))
        )

    def phones(self, token: str, now: datetime) -> Reply:
        """Whom to call, whether someone is there now, and what to have at hand."""
        blocks = (
            Heading(self._say("phones.title")),
            *self._standing.phones(),
            *self._standing.open_now(now),
            Text("\n".join((self._say("phones.have"), self._say("phones.tell")))),
        )
        copies = (Copy(self._say("button.copy-phone"), self._city.phone[:256]),) if self._city.phone else ()
        return Reply("help", blocks, self._onward(token), copies=copies)

    def rescue(self, token: str) -> Reply:
        """A calm word for whoever calls for help without saying why, and ways on."""
        buttons = () if token else self._guide_buttons()
        ways = (self._side(self._say("button.call"), f"c{token}"), self._side(self._say("button.menu"), f"m{token}"))
        return Reply("smalltalk", (Text(self._say("rescue.calm")), Text(self._say("rescue.write"))), (*buttons, *ways))

    def privacy(self, token: str) -> Reply:
        given = (self._say("privacy.given", days=GIVEN_DAYS),) if self._operator.collects else ()
        return Reply(
            "privacy",
            (
                Heading(self._say("privacy.title")),
                Bullets(
                    (
                        self._say("privacy.text"),
                        *given,
                        self._say("privacy.secrets"),
                        self._say("privacy.position"),
                        self._say("privacy.delete"),
                        self._say("privacy.names"),
                    )
                ),
            ),
            self._onward(token),
        )

    # --- answers ---------------------------------------------------------------------

    def answer(self, entry: Entry, token: str, known: Position | None, now: datetime, *, alone: bool) -> Reply:
        """An entry's answer.

        `known`: outside guides, the guide it leads to and its first answers; `alone`: no second answer follows.
        """
        blocks: list[Block] = [Text(paragraph) for paragraph in _paragraphs(entry.answer)]
        if entry.picture and (picture := explain(entry.picture, self._content)):
            blocks.append(picture)
        if entry.more:
            blocks.append(Details(self._say("answer.more"), entry.more))
        blocks.append(self._standing.sources(entry.sources, now.astimezone(TOKYO).date()))
        buttons: list[Button] = []
        begins = alone and not token and entry.guide is not None and entry.guide.start  # the guide follows at once
        if known is not None and known.flow and not begins:
            label = self._content.flows[known.flow].start
            buttons.append(Button(label, "b" + self._codes.pack(known), "primary"))
        if not token and alone:
            related = (self._content.entry(name) for name in entry.see_also)
            buttons += [self._entry_button(other, token) for other in related if other]
        if not token:
            buttons.append(self._side(self._say("button.menu"), "m"))
        asks = alone and not token and not begins  # inside a guide its own question comes next
        feedback = self._feedback(entry.id) if asks else None
        return Reply("answer", tuple(blocks), tuple(buttons), entry=entry.id, feedback=feedback)

    def with_question(self, reply: Reply, text: str) -> Reply:
        """A reply to the redacted `text`; where nothing answered it, or it may not help, it can go to the office."""
        if not self._operator.collects or len(text) > GIVEN_LIMIT or not (reply.kind == "none" or reply.feedback):
            return reply
        buttons = (*reply.buttons, offer(self._say)) if reply.kind == "none" else reply.buttons
        return replace(reply, buttons=buttons, about=text)

    def giving(self, data: str, about: str | None) -> Giving:
        """What a press on one of the buttons of giving.py leads to."""
        return press(data, about, self._say, collects=self._operator.collects)

    def clarify(self, choices: tuple[str, ...], token: str) -> tuple[Reply, tuple[str, ...]]:
        """A few entries to choose from."""
        entries = [entry for name in choices if (entry := self._content.entry(name))]
        buttons = tuple(self._entry_button(entry, token) for entry in entries)
        reply = Reply(
            "clarify",
            (Text(self._say("clarify.which")),),
            (*buttons, self._side(self._say("button.none-of-these"), f"m{token}"), *self._onward(token)),
        )
        return reply, tuple(entry.id for entry in entries)

    def nothing_found(self, token: str) -> Reply:
        """Honest, with ways on."""
        blocks: tuple[Block, ...] = (
            Text(self._say("none.sorry")),
            Text(self._say("none.try")),
            *self._standing.phones(),
        )
        buttons = () if token else self._guide_buttons()
        return Reply("none", blocks, (*buttons, self._side(self._say("button.menu"), f"m{token}")))

    # --- guides ------------------------------------------------------------------------

    def opening(self, flow: Flow, answers: Answers) -> Reply | None:
        """The first words of a guide: the intro, and how the person's own words were understood."""
        lines = [flow.intro] if flow.intro else []
        understood = [self._say("quoted", text=self._understood(flow, answer)) for answer in answers]
        if understood:
            lines.append(self._say("opening.understood", answers=self._say("and").join(understood)))
        return Reply("notice", tuple(Text(line) for line in lines)) if lines else None

    def question(self, flow: Flow, question: Question, position: Position, *, again: bool = False) -> Reply:
        """Ask `question`; its buttons carry the position on."""
        answers = position.answers
        ask = lookup(flow, answers, self._content.municipality)
        blocks: tuple[Block, ...] = (Heading(question.ask),)
        blocks += tuple(Text(hint.text) for hint in question.hints if hint.when.holds(ask))
        blocks += (Text(self._say("question.why", why=question.why)),) if not again else ()
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
            buttons.append(Button(self._say("button.done"), self._go_to(flow, answers.set(done)), "primary"))
        return Reply("question", blocks, (*buttons, *self._steering(flow, position)), question=question.id)

    def which_choice(self, flow: Flow, question: Question, near: tuple[str, ...], position: Position) -> Reply:
        """The open question again, with only the choices that a typed text nearly named; with all if that is one."""
        whole = self.question(flow, question, position, again=True)
        if len(near) == 1:
            label = next(choice.label for choice in question.choices if choice.id in near)
            return replace(whole, kind="clarify", blocks=(Text(self._say("which.one", label=label)), *whole.blocks))
        keep = {choice.label for choice in question.choices if choice.id in near}
        buttons = tuple(b for b in whole.buttons if b.role in ("side", "primary") or b.label in keep)
        return Reply("clarify", (Text(self._say("which.several")), *whole.blocks), buttons, question=question.id)

    def answers(self, flow: Flow, position: Position) -> Reply:
        """The answers so far, each to be changed."""
        given = list(position.answers)
        if not given:
            return Reply(
                "list",
                (Text(self._say("list.none")),),
                (Button(self._say("button.resume"), self._go_to(flow, position.answers), "primary"),),
            )
        buttons = tuple(
            Button(
                self._say("list.change", question=question_of(flow, answer)),
                self._go_to(flow, position.answers.drop(answer.question)),
            )
            for answer in given
        )
        lines = Bullets(tuple(self._given(flow, answer) for answer in given))
        back = Button(self._say("button.continue"), self._go_to(flow, position.answers), "primary")
        return Reply("list", (Heading(self._say("list.title")), lines), (*buttons, back))

    def back_to_result(self, token: str) -> Reply:
        return Reply(
            "notice",
            (Text(self._say("result.again")),),
            (Button(self._say("button.result"), f"g{token}", "primary"),),
        )

    def no_route(self, token: str) -> Reply:
        """No single route fits: a mistake in the content that must not strand anyone."""
        blocks = (
            Text(self._say("no-route")),
            *self._standing.phones(),
        )
        return Reply(
            "none",
            blocks,
            (self._side(self._say("button.list"), f"l{token}"), self._side(self._say("button.restart"), "s")),
        )

    def conclusion(self, result: Result) -> Reply:
        """The result of a guide that another guide goes on from."""
        return Reply("result", self._results.conclusion(result), route=result.route.id)

    def result(self, result: Result, position: Position, now: datetime) -> Reply:
        """The personal checklist."""
        token = self._codes.pack(position.without_offer())
        buttons = (
            self._side(self._say("button.list"), f"l{token}"),
            self._side(self._say("button.ask-more"), f"m{token}"),
            self._side(self._say("button.restart"), "s"),
        )
        take = self._taking.take(result, token, now.astimezone(TOKYO).date())
        if self._results.places(result):
            take = replace(take, places=self._side(self._say("button.map"), f"tm{token}"))
        return Reply(
            "result",
            self._results.blocks(result, now, token),
            buttons,
            route=result.route.id,
            take=take,
            copies=self._results.copies(result),
            reasons=self._reasons(token, shown=False),
            feedback=self._feedback(route_name(result.flow.id, result.route.id)),
        )

    def checklist(
        self, result: Result, token: str, before: Ticks | None, tick: Tick | None, *, reasons: bool
    ) -> tuple[Reply, Ticks]:
        """The things to bring after `tick`, and what is ticked now.

        `before` is what was; if the list has changed since, it is cleared and the person is told.
        """
        ticks, cleared = ticked(before, item_codes(result), tick)
        lists = self._results.living(result, token, ticks, reasons=reasons)
        told = (Text(self._say("list.changed")),) if cleared else ()
        blocks = (*told, *lists) or (Text(self._say("list.empty")),)
        return Reply("checklist", blocks, reasons=self._reasons(token, shown=reasons)), ticks

    def _feedback(self, name: str) -> Feedback:
        code = offer_code(name)
        yes, no = (Button(self._say(f"feedback.{said}"), f"{data}{code}", "side") for said, data in FEEDBACK.items())
        return Feedback(code, self._say("feedback.ask"), yes, no)

    def heard(self, token: str, *, understood: bool, about: str | None = None) -> Reply:
        """Thanks; whoever does not know yet what to do gets ways on. `about` is the redacted question, if it came."""
        if understood:
            return Reply("smalltalk", (Text(self._say("feedback.glad")),))
        lines = (Text(self._say("feedback.sorry")), Text(self._say("feedback.call")))
        ways = (self._side(self._say("button.call"), f"c{token}"), self._side(self._say("button.menu"), f"m{token}"))
        if self._operator.collects and about:
            return Reply("smalltalk", lines, (*ways, offer(self._say)), about=about)
        return Reply("smalltalk", lines, ways)

    def _reasons(self, token: str, *, shown: bool) -> Button:
        label = self._say("button.hide-reasons" if shown else "button.why")
        return Button(label, f"{REASONS}{'0' if shown else '1'}{token}", "side", on=shown)

    def handed(self, result: Result, token: str, how: str, now: datetime) -> Reply | None:
        """What a press on one of a result's take-along buttons leads to; None if this result has no such button."""
        if how == "v":
            return self._which_day(token, now)
        if how == "m":
            return self._map(result)
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
        return Reply(
            "notice",
            (Text(self._say("visit.planned", day=in_words(day, self._say)) + f"\n{reminder.text}"),),
            handed=reminder,
        )

    def _map(self, result: Result) -> Reply | None:
        """Where the city's counters are; None if it gave no coordinates."""
        places = self._results.places(result)
        lines = tuple(f"{place.name}　{place.address}".strip() for place in places)
        return Reply("notice", (Bullets(lines),), handed=Places(places)) if places else None

    def _which_day(self, token: str, now: datetime) -> Reply:
        days = self._taking.days(token, now.astimezone(TOKYO).date())[:_DAYS_AT_ONCE]
        blocks = (Heading(self._say("visit.when")), Text(self._say("visit.expected")))
        return Reply("notice", blocks, (*days, self._side(self._say("button.result"), f"g{token}")))

    # --- parts ----------------------------------------------------------------------------

    def _steering(self, flow: Flow, position: Position) -> tuple[Button, ...]:
        buttons = []
        before = one_back(flow, position.answers, self._city)
        if before is not None:
            buttons.append(self._side(self._say("button.back"), self._go_to(flow, before)))
        if position.answers:
            buttons.append(self._side(self._say("button.list"), "l" + self._codes.pack(position.without_offer())))
        return (*buttons, self._side(self._say("button.leave"), "x"))

    def _go_to(self, flow: Flow, answers: Answers) -> str:
        return "g" + self._codes.pack(Position(flow.id, answers))

    def _given(self, flow: Flow, answer: Answer) -> str:
        """An answer with the heading of its question."""
        return self._say("pair", label=question_of(flow, answer), text=said(flow, answer, self._say))

    def _understood(self, flow: Flow, answer: Answer) -> str:
        """A prefilled answer in words; 「わからない」 and 「どれもない」 say nothing without their question."""
        clear = not set(answer.choices) & {"unknown", "none"}
        return said(flow, answer, self._say) if clear else self._given(flow, answer)

    def _never_ask(self, then: str) -> str:
        return self._say("sentences", first=self._say("never-ask"), second=self._say(then))

    def _side(self, label: str, data: str) -> Button:
        return Button(label, data if len(data) > 1 else data + self._home, "side")

    def _onward(self, token: str) -> tuple[Button, ...]:
        if token:
            return (Button(self._say("button.resume"), f"g{token}", "primary"),)
        return (self._side(self._say("button.start"), "s"),)

    def _other_languages(self) -> tuple[Button, ...]:
        """A button for each other language, in its own words."""
        others = (one for one in self._languages if one.language != self._content.language)
        return tuple(self._side(one.language_name, f"n{language_token(one.language)}") for one in others)

    def _guide_buttons(self) -> tuple[Button, ...]:
        flows = sorted(self._content.flows.values(), key=lambda flow: flow.id != MAIN_GUIDE)
        return tuple(Button(flow.start, f"f{offer_code(f'flow:{flow.id}')}{self._home}", "primary") for flow in flows)

    def _entry_button(self, entry: Entry, token: str) -> Button:
        return Button(entry.short or entry.question, f"e{offer_code(entry.id)}{token or self._home}")


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
