"""The clerk's commands: check and correct the files, compare, draw, exchange with a spreadsheet, make posters.

`cli.py` lists them; each takes its parsed options and the Settings and returns an exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.content.problems import Problem
from bot.exits import FINE, PROBLEMS
from bot.journal import write_log
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
    checks.add_argument("--links", action="store_true", help="出典のアドレスが開くかも調べる（インターネットへ出る）")
    checks.add_argument("--strict", action="store_true", help="訳の足りない所や古い所も、まちがいと数える")
    checks.add_argument("--all", action="store_true", help="--watch で、毎回すべて出す（VS Code のため）")
    translates = add("translate", translate, "ほかの言語のファイル（faq/en.yaml など）を、今の日本語に合わせて書く")
    translates.add_argument("language", metavar="LANGUAGE", help="言語の記号（例：en、ja-easy）")
    translates.add_argument("--name", metavar="NAME", help="その言語での名前（新しい言語のとき。例：English）")
    translates.add_argument("--todo", action="store_true", help="書かずに、訳していない文と古い訳を出す")
    translates.add_argument("--fill", metavar="FILE", help="「文の id: 訳」を並べた YAML の訳を取り込む")
    translates.add_argument("--stamp", metavar="ID", nargs="+", help="この訳は今の日本語にも合う（読み直した）と書く")
    schemas = add("schema", schema, "VS Code の入力補助（.vscode）を今の内容に合わせて書く", sample=False)
    schemas.add_argument("--check", action="store_true", help="書かずに、古くなったものがあるかだけを調べる")
    graphs = add("graph", graph, "案内を図にする（Mermaid の文か、A3 に印刷できる SVG）")
    graphs.add_argument("flow", metavar="FLOW", help="案内の id（例：recover）")
    graphs.add_argument("--svg", metavar="FILE", help="SVG を FILE に書く（なければ Mermaid の文を出す）")
    diffs = add("diff", diff, "二つの内容で、結果が変わる答えの組み合わせと、行き先が変わる質問を出す")
    diffs.add_argument("old", metavar="OLD", help="前の内容。フォルダーか git の版（例：HEAD~1）")
    diffs.add_argument("new", metavar="NEW", help="後の内容。フォルダーか git の版（例：.）")
    diffs.add_argument(
        "--questions",
        metavar="FILE.tsv",
        action="append",
        default=[],
        help="この質問（text の列）の行き先の変化も調べる。いくつでも。faq/questions.tsv があれば、いつも調べる",
    )
    diffs.add_argument("--html", metavar="FILE", help="署名の欄のある表を FILE に書く")
    confusables = add("confusable", confusable, "取りちがえやすい言い方を、近い順に出す")
    confusables.add_argument("--top", type=int, default=20, metavar="N", help="いくつ出すか（20）")
    exports = add("export", export, "答え・言い方・値・市の設定を表（.xlsx か .csv）に書き出す")
    exports.add_argument("target", metavar="FILE.xlsx|FOLDER", help="書き出す .xlsx、または .csv を置くフォルダー")
    imports = add("import", import_, "直した表を YAML に取り込む（まちがいがあれば取り込まない）")
    imports.add_argument("source", metavar="FILE|FOLDER", help="直した .xlsx、.csv、または .csv のフォルダー")
    imports.add_argument("--dry-run", action="store_true", help="取り込まずに、何が変わるかだけを出す")
    reports = add("report", report, "利用の報告（答えられなかった文の数、返事、案内の途中で終わった数、出典の新しさ）")
    reports.add_argument("--days", type=int, default=30, metavar="N", help="今日までの何日か（30。400まで）")
    reports.add_argument("--html", metavar="FILE", help="A4で1枚の HTML を FILE に書く")
    reports.add_argument("--pdf", metavar="FILE", help="A4で1枚の PDF を FILE に書く")
    suggests = add("suggest", suggest, "役所に届いた質問を、答えの言い方として加えるかを決める")
    suggests.add_argument("--list", action="store_true", help="たずねずに、届いた質問と近い答えを出すだけにする")
    add("studio", studio, "職員の画面（ブラウザーで内容を直す）を始める", sample=False)
    all_links = add("links", links, "案内や答えを開くアドレス・QRコード・A4ポスターを作る")
    all_links.add_argument("names", metavar="ID", nargs="*", help="案内か答えの id（なければすべて）")
    all_links.add_argument("--out", metavar="FOLDER", help="QRコード（SVG・PNG）とポスター（HTML）を書くフォルダー")
    all_links.add_argument("--url", metavar="URL", help="ページのアドレス（なければ MAINAKAGI_PUBLIC_URL）")
    all_links.add_argument("--username", metavar="NAME", help="ボットの名前（なければ MAINAKAGI_BOT_USERNAME）")


def check(options: argparse.Namespace, settings: Settings) -> int:
    """All problems; with `--fix` the certain ones corrected first, with `--watch` again after every save."""
    from bot.content.report import report
    from bot.review.checking import check as everything

    if options.blank:
        from bot.review.questionnaire import blank

        print(blank(), end="")
        return FINE
    if options.fix:
        _fix(settings)
    if options.watch:
        return _watch(settings, everything=options.all)
    content, problems = everything(settings.content, settings.municipality)
    sys.stdout.write(report(problems, settings.content, _paths(settings)))
    if options.city and content is not None:
        from bot.review.questionnaire import report as unconfirmed

        print("\n".join(unconfirmed(content.municipality)))
    strict = options.strict and any(problem.severity == "translation" for problem in problems)
    broken = options.links and not _links_open(settings)
    return PROBLEMS if strict or broken or _wrong(problems) else FINE


def _links_open(settings: Settings) -> bool:
    """Whether every source's address opens where it stands; says which do not."""
    from bot.content.nodes import read
    from bot.content.report import report
    from bot.review.reaching import FILE, addresses, problems, reach, summary

    try:
        document, _ = read(FILE, (settings.content / FILE).read_bytes(), frozenset())
    except OSError as error:
        raise ConfigurationError(f"{FILE} を読めません（{error.strerror}）。") from error
    wanted = addresses(document)
    print(f"{len(set(wanted))}件のアドレスを調べます。", file=sys.stderr)
    found = asyncio.run(reach(wanted))
    broken = list(problems(document, found))
    if broken:
        sys.stdout.write(report(broken, settings.content))
    print(summary(found))
    return not broken


def _look(settings: Settings) -> tuple[Problem, ...]:
    from bot.review.checking import check as everything

    return everything(settings.content, settings.municipality)[1]


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


def translate(options: argparse.Namespace, settings: Settings) -> int:
    """The file of a further language: a row for every Japanese text, what is translated kept."""
    from bot.content.fixing import replace_file
    from bot.content.loading import load, load_languages
    from bot.content.translating import NoSuchText, filled_from, new, stamped, todo, written

    load(settings.content, settings.municipality)  # nothing is written of content with mistakes
    originals, files = load_languages(settings.content, settings.municipality)
    path = settings.content / "faq" / f"{options.language}.yaml"
    file = files.get(options.language)
    if file is None:
        if path.exists():
            raise ConfigurationError(f"faq/{path.name} を読めません。check で、まちがいを見てください。")
        file = new(options.language, options.name or options.language)
    if options.todo:
        lines = todo(file, originals)
        print("\n".join(lines))
        return PROBLEMS if lines else FINE
    try:
        if options.fill:
            file = filled_from(file, Path(options.fill).read_bytes(), originals)
        if options.stamp:
            file = stamped(file, options.stamp, originals)
    except NoSuchText as error:
        raise ConfigurationError(str(error)) from error
    except OSError as error:
        raise ConfigurationError(f"{options.fill} を読めません（{error.strerror}）。") from error
    replace_file(path, written(file, originals).encode())
    left = len(todo(file, originals))
    print(f"faq/{path.name} に書きました。まだ訳していない文と古い訳は、あわせて{left}です。")
    return FINE


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


def _write(path: Path, body: str | bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode() if isinstance(body, str) else body)
    except OSError as error:
        raise ConfigurationError(f"{path} に書けません（{error.strerror}）。") from error
    print(f"{path} に書きました。", file=sys.stderr)


def diff(options: argparse.Namespace, settings: Settings) -> int:
    """What changes between two contents, as tables."""
    from bot.content.loading import load
    from bot.review.checking import tokyo_today
    from bot.review.confusable import changed_decisions
    from bot.review.diff import Titles, changed_entries, html, markdown, tables
    from bot.review.diff import diff as changed_results
    from bot.review.questions import UnreadableQuestions, city_questions, read_questions
    from bot.review.revisions import NoSuchContent, content_folder

    try:
        questions = city_questions(settings.content)
        for name in options.questions:
            questions += read_questions(Path(name))
        with (
            content_folder(options.old, settings.content) as before,
            content_folder(options.new, settings.content) as after,
        ):
            old, new = load(before, settings.municipality), load(after, settings.municipality)
    except (NoSuchContent, UnreadableQuestions) as error:
        raise ConfigurationError(str(error)) from error
    changes, entries = list(changed_results(old, new)), list(changed_entries(old, new))
    decisions = changed_decisions(old, new, questions)
    if options.html:
        found = tables(changes, entries, decisions, Titles(old, new))
        _write(Path(options.html), html(found, options.old, options.new, tokyo_today()))
    else:
        print("\n".join(markdown(changes, entries, decisions, Titles(old, new))))
    return PROBLEMS if changes or entries or decisions else FINE


def confusable(options: argparse.Namespace, settings: Settings) -> int:
    """Wordings that the matcher gives to another entry, if nobody had written them down."""
    from bot.content.loading import load
    from bot.matching.matcher import TrainedMatcher
    from bot.review.confusable import ROUNDS, confusions, report, with_sentences

    content = load(settings.content, settings.municipality)
    print(f"{ROUNDS} 回に分けて調べます（1分ほどかかります）。", file=sys.stderr)
    found = confusions(content)
    top = list(with_sentences(found[: options.top], TrainedMatcher(content)))
    print("\n".join(report([*top, *found[options.top :]], content, options.top)))
    return FINE


def export(options: argparse.Namespace, settings: Settings) -> int:
    """The content as tables for a spreadsheet."""
    from bot.content.loading import load

    load(settings.content, settings.municipality)  # nothing is written of content with mistakes
    with _sheets():
        from bot.review.exchange import export as write_tables

        for path in write_tables(Path(options.target), settings.content, settings.municipality):
            print(f"{path} に書きました。", file=sys.stderr)
    return FINE


def import_(options: argparse.Namespace, settings: Settings) -> int:
    """What a spreadsheet says otherwise, put into the YAML."""
    from bot.content.loading import load
    from bot.content.report import counts

    load(settings.content, settings.municipality)
    with _sheets():
        from bot.review.checking import tokyo_today
        from bot.review.exchange import take

        taken = take(
            Path(options.source), settings.content, settings.municipality, today=tokyo_today(), dry=options.dry_run
        )
    for line in (*taken.edits.done, *taken.edits.notes):
        print(line)
    if taken.refused:
        errors = [problem for problem in taken.problems if problem.severity == "error"]
        print("\n".join(str(problem) for problem in errors))
        print(f"{counts(taken.problems)}取り込みませんでした。表を直して、もう一度取り込んでください。")
        return PROBLEMS
    if not taken.edits.done:
        print("YAML と同じ内容です。何も変えませんでした。")
    elif options.dry_run:
        print(f"{len(taken.edits.done)}か所が変わります（まだ取り込んでいません）。")
    else:
        print(f"{len(taken.edits.done)}か所を取り込みました。")
    return FINE


def report(options: argparse.Namespace, settings: Settings) -> int:
    """The figures of the last days: lines for the terminal, or one A4 page as HTML or PDF."""
    from datetime import timedelta

    from bot.content.loading import load
    from bot.printing.typesetting import NotSet, Typesetter, is_installed
    from bot.review.checking import tokyo_today
    from bot.stores.counts import KEEP_DAYS, CountsError, CountsFile
    from bot.usage import page
    from bot.usage.figures import figures

    if not 1 <= options.days <= KEEP_DAYS:
        raise ConfigurationError(f"--days は 1 から {KEEP_DAYS} までの数です。")
    if options.pdf and not is_installed():
        raise ConfigurationError("PDF を作る部品（typst）がありません。make run で入ります。--html は使えます。")
    today = tokyo_today()
    first = today - timedelta(days=options.days - 1)
    content = load(settings.content, settings.municipality)
    try:
        found = figures(CountsFile(settings.counts).read(first, today), content, first, today)
    except CountsError as error:
        raise ConfigurationError(f"{settings.counts} を読めません（{error}）。") from error
    if options.html:
        _write(Path(options.html), page.html(found, content, today))
    if options.pdf:
        typesetter = Typesetter()
        try:
            _write(Path(options.pdf), typesetter(page.job(found, content, today))[0])
        except NotSet as error:
            raise ConfigurationError("PDF を作れませんでした。--html をお使いください。") from error
        finally:
            typesetter.close()
    if not options.html and not options.pdf:
        print("\n".join(page.lines(found, content)))
    return FINE


def suggest(options: argparse.Namespace, settings: Settings) -> int:
    """The questions that people handed to the office: a person says for each whether it becomes a wording."""
    from bot.assistant import assemble
    from bot.stores.given import GivenFile
    from bot.stores.store import StoreError
    from bot.stores.vault import KeyProblem, load_vault

    with _sheets():  # the same library keeps comments and order of the YAML
        from bot.review.suggesting import add_wording, decide, shown, suggestion

    if not settings.given.exists():
        print(_NOTHING_GIVEN)
        return FINE
    assistant = assemble(settings.content, settings.municipality, learnt=settings.learnt)
    content = assistant.content
    try:
        file = GivenFile(
            settings.given, load_vault(settings.key, settings.key_file or settings.state_dir / "secret.key")
        )
        file.sweep()
        found = [suggestion(one.address, one.text, one.day, assistant.matcher) for one in file.read()]
        if not found:
            print(_NOTHING_GIVEN)
        elif options.list:
            print("\n\n".join("\n".join(shown(one, content)) for one in found))
        else:
            added = decide(
                found,
                content,
                _asked,
                print,
                lambda entry, wording: add_wording(settings.content, settings.municipality, entry, wording),
                file.remove,
            )
            done = f"{added}つの言い方を加えました。python -m bot diff HEAD . で、行き先の変わる質問を見てください。"
            print(done if added else "加えた言い方はありません。")
    except KeyProblem as error:
        raise ConfigurationError(str(error)) from error
    except StoreError as error:
        raise ConfigurationError(f"{settings.given} を読み書きできません（{error}）。") from error
    return FINE


_NOTHING_GIVEN = "届いた質問はありません（MAINAKAGI_COLLECT=1 のときだけ届きます）。"


def _asked(question: str) -> str | None:
    """What a person types; None at the end of the input."""
    print(f"{question}\n> ", end="", flush=True)
    line = sys.stdin.readline()
    return line if line else None


def studio(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the studio until it is told to stop."""
    with _sheets():  # the same library keeps comments and order of the YAML
        from bot.channels.studio.app import run_studio
        from bot.channels.studio.settings import StudioSettings
    try:
        chosen = StudioSettings(
            root=settings.content,
            state_dir=settings.state_dir,
            host=settings.studio_host,
            port=settings.studio_port,
            passphrase=settings.studio_passphrase,
            behind_proxy=settings.behind_proxy,
        )
    except ValueError as error:
        raise ConfigurationError(f"{error}。") from error
    if not chosen.is_loopback and not chosen.behind_proxy:
        print(_NOT_ENCRYPTED, file=sys.stderr)
    write_log(settings.log)
    try:
        asyncio.run(run_studio(chosen, settings.learnt))
    except OSError as error:
        raise ConfigurationError(
            f"{chosen.host}:{chosen.port} で待ち受けられません（{error.strerror}）。"
            "ほかで使われているときは MAINAKAGI_STUDIO_LISTEN を変えてください。"
        ) from error
    return FINE


_NOT_ENCRYPTED = (
    "注意：合言葉は暗号化されずに流れます。手前に HTTPS のプロキシを置き、MAINAKAGI_BEHIND_PROXY=1 にしてください。"
)


@contextmanager
def _sheets() -> Iterator[None]:
    """What can go wrong with spreadsheets, as sentences."""
    try:
        from bot.review.sheets import BadTable
        from bot.review.workbook import NoSpreadsheets, UnreadableSheet
    except ImportError as error:
        raise ConfigurationError(_NO_SHEETS) from error
    try:
        yield
    except NoSpreadsheets as error:
        raise ConfigurationError(_NO_SHEETS) from error
    except (BadTable, UnreadableSheet) as error:
        raise ConfigurationError(str(error)) from error
    except OSError as error:
        raise ConfigurationError(f"{error.filename} を開けません（{error.strerror}）。") from error


_NO_SHEETS = "表の読み書きに使う部品（openpyxl と ruamel.yaml）がありません。make run で入ります。"


def links(options: argparse.Namespace, settings: Settings) -> int:
    """The addresses of guides and answers, and with `--out` their QR codes and posters."""
    from bot.content.loading import load
    from bot.review.links import NoQrCodes, listed, poster, qr_png, qr_svg
    from bot.review.links import links as addresses

    content = load(settings.content, settings.municipality)
    page = (options.url or settings.public_url).rstrip("/")
    username = (options.username or os.environ.get("MAINAKAGI_BOT_USERNAME", "")).removeprefix("@")
    if not page and not username:
        message = "アドレスが分かりません。--url https://… か --username（ボットの名前）を付けてください。"
        raise ConfigurationError(message)
    found = addresses(content, page, username)
    unknown = [name for name in options.names if name not in {one.id for one in found}]
    if unknown:
        raise ConfigurationError(f"「{unknown[0]}」のアドレスはありません。案内か答えの id を書いてください。")
    found = tuple(one for one in found if not options.names or one.id in options.names)
    print("\n".join(listed(found)))
    if options.out:
        folder = Path(options.out)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for one in found:
                (folder / f"{one.file}.svg").write_text(qr_svg(one.address), encoding="utf-8")
                (folder / f"{one.file}.png").write_bytes(qr_png(one.address))
                (folder / f"{one.file}.html").write_text(poster(one, content), encoding="utf-8")
        except NoQrCodes as error:
            raise ConfigurationError("QRコードを作る部品（segno）がありません。make run で入ります。") from error
        except OSError as error:
            raise ConfigurationError(f"{folder} に書けません（{error.strerror}）。") from error
        print(f"{folder} に {len(found)} 件の QRコードとポスターを書きました。", file=sys.stderr)
    return FINE
