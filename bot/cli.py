"""`python -m bot`: the commands that people and other tools call (docs/design.md).

Exit codes: 0 fine, 1 problems found, 2 usage, 3 configuration (broken content, settings, token).
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot import desk
from bot.content.problems import BrokenContent
from bot.exits import CONFIGURATION, FINE, PROBLEMS, USAGE
from bot.settings import ConfigurationError, Settings

if TYPE_CHECKING:
    from bot.assistant import Assistant, Speaking

GIVEN_AWAY = (
    "トークン・鍵・合言葉は、コマンドに書かないでください。この機械を使うほかの人に見えます。"
    "環境変数に書いてください。いま書いたものは、作り直してください。"
)
_SECRET = re.compile(r"\d:[A-Za-z0-9_-]{20,}|[A-Za-z0-9_-]{43}=|://[^/@\s]*:[^/@\s]+@")
"""A bot token, a key, or an address with a password."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    _speak_utf8()
    given = sys.argv[1:] if arguments is None else arguments
    if any(_SECRET.search(word) for word in given):  # not even argparse may see it: it quotes what it does not know
        print(GIVEN_AWAY, file=sys.stderr)
        return USAGE
    options = _parser().parse_args(given)
    try:
        settings = Settings.from_environment()
        sample = getattr(options, "sample", None)
        if sample:
            path = settings.content / "faq" / "samples" / f"{sample}.yaml"
            if not path.is_file():
                raise ConfigurationError(f"見本の市「{sample}」はありません（faq/samples/ を見てください）。")
            settings = Settings(**{**vars(settings), "municipality": path})
        result: int = options.command(options, settings)
    except BrokenContent as broken:
        from bot.content.report import report

        sys.stderr.write(report(broken.problems, settings.content))
        print("内容に誤りがあるので、始められません。上の行を直してください。", file=sys.stderr)
        return CONFIGURATION
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return CONFIGURATION
    except KeyboardInterrupt:
        return FINE
    except BrokenPipeError:  # the reader of our output has gone, e.g. `| head`
        sys.stderr.close()
        return FINE
    return result


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from bot.running import run

    return asyncio.run(run(settings))


def _rotate_key(options: argparse.Namespace, settings: Settings) -> int:
    from bot.stores.vault import KeyProblem, rotate

    if settings.key:
        raise ConfigurationError(
            "鍵は MAINAKAGI_KEY にあるので、ここでは替えられません。"
            "新しい鍵を先頭に、前の鍵を後ろに、空白で区切って書いてください。"
        )
    key_file = settings.key_file or settings.state_dir / "secret.key"
    try:
        count = rotate(key_file, retire=options.retire)
    except KeyProblem as error:
        raise ConfigurationError(str(error)) from error
    print(f"{key_file} の鍵は {count} 本になりました。動いているボットを再起動すると、新しい鍵で書きはじめます。")
    if options.retire:
        print(
            "前の鍵で書いたものは、もう読めません。再起動のとき、この24時間の会話の位置と、預けた返事も失われます"
            "（ボタンはそのまま使えます）。"
        )
    else:
        print("48時間（届けられた質問を集めているときは31日）より後に rotate-key --retire で、前の鍵を捨てます。")
    return FINE


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from bot.assistant import assemble, tokyo_now
    from bot.channels.terminal import chat
    from bot.dialogue.conversation import Conversation

    assistant = assemble(settings.content, settings.municipality, learnt=settings.learnt)
    conversation = Conversation(lambda: assistant.engine, tokyo_now)
    chat(conversation, sys.stdin, sys.stdout, greet=sys.stdin.isatty())
    return FINE


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from bot.assistant import assemble
    from bot.review.asking import ask, explain

    assistant = _speaking(assemble(settings.content, settings.municipality, learnt=settings.learnt), options.language)
    # An argument that is no UTF-8 comes with surrogates, which no JSON may have.
    lines = _lines(sys.stdin) if options.text == "-" else [options.text.encode(errors="replace").decode()]
    for line in lines:
        answer = ask(assistant.matcher, line)
        if options.json:
            print(json.dumps(answer, ensure_ascii=True), flush=True)
        else:
            print(explain(answer, assistant.content))
    return FINE


def _speaking(assistant: Assistant, language: str) -> Speaking:
    try:
        return assistant.speaking(language)
    except KeyError:
        known = "、".join(one.language for one in assistant.content.languages)
        raise ConfigurationError(f"「{language}」という言語はありません：{known}") from None


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.assistant import assemble
    from bot.review.evaluate import evaluate_file

    assistant = _speaking(assemble(settings.content, settings.municipality, learnt=settings.learnt), options.language)
    return evaluate_file(Path(options.file), assistant, sys.stdout, as_json=options.json)


def _prove(options: argparse.Namespace, settings: Settings) -> int:
    from bot.content.loading import load
    from bot.review.prove import Profile, prove, samples, summary

    content = load(settings.content, settings.municipality)
    wanted = [content.flows[options.flow]] if options.flow in content.flows else list(content.flows.values())
    if options.flow and options.flow not in content.flows:
        raise ConfigurationError(f"案内「{options.flow}」はありません：{'、'.join(content.flows)}")
    profiles = [Profile(content.municipality.name or "市の設定なし", content.municipality)]
    for path in samples(settings.content):
        city = load(settings.content, path).municipality
        profiles.append(Profile(city.name or path.stem, city))
    holds = True
    for flow in wanted:
        proof = prove(content, flow, tuple(profiles), lambda line: print(line, file=sys.stderr, flush=True))
        print("\n".join(summary(proof)))
        holds = holds and proof.holds
    return FINE if holds else PROBLEMS


def _talk(options: argparse.Namespace, settings: Settings) -> int:
    from bot.review.replaying import replay_all

    files = [Path(name) for name in options.files] or sorted((settings.content / "flows" / "talks").glob("*.txt"))
    if options.record:
        return _record(Path(options.record), options.sample, settings)
    return FINE if replay_all(files, settings.content, settings.municipality, sys.stdout, settings.learnt) else PROBLEMS


def _record(path: Path, sample: str | None, settings: Settings) -> int:
    from bot.assistant import assemble, tokyo_now
    from bot.channels.terminal import chat
    from bot.dialogue.conversation import Conversation
    from bot.review.talk import Recorder

    if path.exists():
        raise ConfigurationError(f"「{path}」はもうあります。ほかの名前にしてください。")
    assistant = assemble(settings.content, settings.municipality, learnt=settings.learnt)
    recorder = Recorder(path.stem, sample)
    conversation = Conversation(lambda: assistant.engine, tokyo_now)
    with suppress(KeyboardInterrupt):  # the way most people end it; the recording is kept
        chat(conversation, sys.stdin, sys.stdout, greet=True, recorder=recorder)
    path.write_text(recorder.text(), encoding="utf-8")
    print(f"\n{path} に書きました。", file=sys.stderr)
    return FINE


def _lines(stream: TextIO) -> Iterator[str]:
    """Each line as it comes, blank ones too, without its line feed; a lone carriage return ends no line."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(newline="\n")
    for line in stream:
        yield line.removesuffix("\n").removesuffix("\r")


def _speak_utf8() -> None:
    """UTF-8 in and out whatever the host's locale; an odd byte is replaced, never an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="マイナかぎ案内")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: object, help: str, *, sample: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(command=command)
        if sample:
            sub.add_argument("--sample", metavar="PF", help="見本の市の設定で動かす（faq/samples/PF.yaml。例：pf-1）")
        return sub

    add("run", _run, "ウェブページ（トークンがあれば Telegram も）を始める")
    rotate = add("rotate-key", _rotate_key, "暗号の鍵を新しくする", sample=False)
    rotate.add_argument(
        "--retire",
        action="store_true",
        help="前の鍵を捨てる（新しくしてから48時間より後。質問を集めているときは31日より後に）",
    )
    add("chat", _chat, "端末で同じ会話をする（一行が一つの発言）")
    ask = add("ask", _ask, "一つの文をどう受け取るかを見る")
    ask.add_argument("text", metavar="TEXT", help="文。「-」なら標準入力の各行")
    ask.add_argument("--json", action="store_true", help="一行に一つの JSON で出す")
    ask.add_argument("--language", metavar="LANGUAGE", default="ja", help="言語（例：en）")
    evaluate = add("evaluate", _evaluate, "ラベルつきの質問で当たりを測る")
    evaluate.add_argument("file", metavar="FILE.tsv")
    evaluate.add_argument("--language", metavar="LANGUAGE", default="ja", help="言語（例：en）")
    evaluate.add_argument("--json", action="store_true", help="JSON で出す")
    desk.add_commands(add)
    prove = add("prove", _prove, "案内のすべての道を歩いて、規則を確かめる")
    prove.add_argument("flow", metavar="FLOW", nargs="?", default="")
    talk = add("talk", _talk, "記録した会話をもう一度行い、ちがう所を出す")
    talk.add_argument("files", metavar="FILE", nargs="*", help="会話のファイル（なければ flows/talks/*.txt すべて）")
    talk.add_argument("--record", metavar="FILE", help="端末で会話して、ファイルに記録する")
    return parser
