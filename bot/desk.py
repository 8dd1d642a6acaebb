"""The clerk's commands: check and correct the files, compare, draw, exchange with a spreadsheet, make posters.

`cli.py` lists them; each takes its parsed options and the Settings and returns an exit code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.content.model import Content
from bot.content.problems import Problem
from bot.exits import FINE, PROBLEMS
from bot.settings import ConfigurationError, Settings

Command = Callable[[argparse.Namespace, Settings], int]
Add = Callable[..., argparse.ArgumentParser]


def add_commands(add: Add) -> None:
    """Tell the parser of `cli.py` the commands of this module."""
    checks = add("check", check, "内容の誤りをすべて出す")
    checks.add_argument("--fix", action="store_true", help="直し方が確かな行だけを直して保存する（ほかは変えない）")
    checks.add_argument("--city", action="store_true", help="市がまだ確認していない項目も出す")
    checks.add_argument("--blank", action="store_true", help="市の設定の質問票（すべて未確認）を出す")
    checks.add_argument("--watch", action="store_true", help="保存するたびに調べ、変わった所を出す（Ctrl+C で終わる）")
    checks.add_argument("--all", action="store_true", help="--watch で、毎回すべて出す（VS Code のため）")
    schemas = add("schema", schema, "VS Code の入力補助（.vscode）を今の内容に合わせて書く", sample=False)
    schemas.add_argument("--check", action="store_true", help="書かずに、古くなったものがあるかだけを調べる")
    graphs = add("graph", graph, "案内を図にする（Mermaid の文か、A3 に印刷できる SVG）")
    graphs.add_argument("flow", metavar="FLOW", help="案内の id（例：recover）")
    graphs.add_argument("--svg", metavar="FILE", help="SVG を FILE に書く（なければ Mermaid の文を出す）")


def check(options: argparse.Namespace, settings: Settings) -> int:
    """All problems; with `--fix` the certain ones corrected first, with `--watch` again after every save."""
    from bot.content.report import report

    if options.blank:
        from bot.review.questionnaire import blank

        print(blank(), end="")
        return FINE
    if options.fix:
        _fix(settings)
    if options.watch:
        return _watch(settings, everything=options.all)
    content, problems = _inspect(settings)
    sys.stdout.write(report(problems, settings.content, _paths(settings)))
    if options.city and content is not None:
        from bot.review.questionnaire import report as unconfirmed

        print("\n".join(unconfirmed(content.municipality)))
    return PROBLEMS if _wrong(problems) else FINE


def _inspect(settings: Settings) -> tuple[Content | None, tuple[Problem, ...]]:
    """The content, if it has no mistake of writing, and all its Problems, two codes that meet in a token too."""
    from bot.assistant import tokyo_now
    from bot.content.loading import inspect
    from bot.dialogue.token import collisions

    content, problems = inspect(settings.content, settings.municipality, today=tokyo_now().date())
    return content, (*(collisions(content) if content is not None else ()), *problems)


def _look(settings: Settings) -> tuple[Problem, ...]:
    return _inspect(settings)[1]


def _paths(settings: Settings) -> dict[str, Path]:
    from bot.content.loading import paths

    return paths(settings.content, settings.municipality)


def _wrong(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _fix(settings: Settings) -> None:
    from bot.content.fixing import fix_all
    from bot.content.report import fixed

    try:
        done = fix_all(lambda: _look(settings), _paths(settings))
    except OSError as error:
        raise ConfigurationError(f"{error.filename} に書けません（{error.strerror}）。") from error
    sys.stdout.write(fixed(done))
    print(f"{len(done)}か所を直しました。" if done else "自動で直せる所はありませんでした。")


def _watch(settings: Settings, *, everything: bool) -> int:
    from bot.content.report import came_and_went, report
    from bot.content.watching import stamp, watch

    problems: tuple[Problem, ...] = ()
    print("保存するのを待っています。終わるときは Ctrl+C を押してください。", flush=True)
    try:
        for news in watch(lambda: _look(settings), lambda: stamp(settings.content, settings.municipality)):
            problems = news.now
            if everything:
                told = report(problems, settings.content, _paths(settings))
                sys.stdout.write(f"調べています\n{told}調べました\n")
            else:
                sys.stdout.write(came_and_went(news, settings.content, _paths(settings)))
            sys.stdout.flush()
    except KeyboardInterrupt:
        print()
    return PROBLEMS if _wrong(problems) else FINE


def schema(options: argparse.Namespace, settings: Settings) -> int:
    """Write the editor's set-up for today's content."""
    from bot.content.editor import outdated, write
    from bot.content.loading import load

    content = load(settings.content)
    names = outdated(settings.content, content) if options.check else write(settings.content, content)
    said = "は古くなっています。python -m bot schema で新しくなります。" if options.check else "を書きました。"
    for name in names:
        print(f"{name} {said}")
    if not names:
        print(".vscode は今の内容に合っています。")
    return PROBLEMS if options.check and names else FINE


def graph(options: argparse.Namespace, settings: Settings) -> int:
    """One guide as a diagram."""
    from bot.content.loading import load
    from bot.review.graph import mermaid, svg, trace

    content = load(settings.content, settings.municipality)
    if options.flow not in content.flows:
        raise ConfigurationError(f"案内「{options.flow}」はありません：{'、'.join(content.flows)}")
    diagram = trace(content.flows[options.flow], content.municipality)
    if not options.svg:
        print(mermaid(diagram), end="")
        return FINE
    _write(Path(options.svg), svg(diagram))
    return FINE


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} に書けません（{error.strerror}）。") from error
    print(f"{path} に書きました。", file=sys.stderr)
