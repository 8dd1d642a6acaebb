"""Writes docs/security.md from docs/asvs.tsv and docs/security-figures.tsv: `python -m bench.securing`."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.settings import PROJECT

DOCS = PROJECT / "docs"

HEAD = """# 安全の約束と、その確かめ方

このページは `docs/asvs.tsv` と `docs/security-figures.tsv` から作ります（`python -m bench.securing`）。手で直さないでください。
入力した内容の扱いは [privacy.md](privacy.md) にあります。

## だれから、何を守るか

- 市民があわてて書いた暗証番号・12けたの番号・電話番号などを、運営する人、機械を盗んだ人、ログを読む人から守ります。
- 守り方は「持たない」です。書かれた文は、答えを出す間だけメモリーにあります。
- 守れないもの：動いているプロセスのメモリーを読める人（その機械の管理者）。Telegram のサーバーに残るもの。

## 暗号

置き場所の値は Fernet（AES-128-CBC と HMAC-SHA256）、見出しは鍵つきの BLAKE2b（128ビット）です。鍵は 0600 の別のファイルか
環境変数にあり、`rotate-key` で替えます。Redis の AOF には、消した記録が、書き直されるまで暗号のまま残ります。

## 部品

部品はすべてハッシュで固定しています。`make audit` は知られた穴を調べ、`make sbom` は一覧（CycloneDX）を作ります。
重い穴は7日、ほかは30日のうちに直します。

## 測った値
"""


def page() -> str:
    """The whole page."""
    figures = "".join(
        f"| {row['what']} | {row['figure']} | `{row['command']}` | {row['date']} |\n"
        for row in _rows("security-figures.tsv")
    )
    lines = [_line(row) for row in _rows("asvs.tsv")]
    met = sum(bool(row["tests"]) for row in _rows("asvs.tsv"))
    return (
        f"{HEAD}\n2コア（AMD EPYC の仮想計算機、CPython 3.11.7）。ほかの作業が同時に動いていて、時間の値はゆれます。\n\n"
        f"| 何を | 値 | 命令 | 日 |\n| --- | --- | --- | --- |\n{figures}\n"
        "## OWASP ASVS 5.0（L1 と L2）\n\n"
        f"{len(lines)} 行のうち {met} 行は試験が示します。ほかは、当てはまらないわけか、満たし方を書いています。言葉は私たちの要約です。\n\n"
        "| 項目 | 段 | 求めること | 示す試験 | わけ |\n| --- | --- | --- | --- | --- |\n" + "".join(lines)
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DOCS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _line(row: dict[str, str]) -> str:
    tests = "<br>".join(f"`{name}`" for name in row["tests"].split(";") if name)
    return f"| {row['id']} | {row['level']} | {row['what']} | {tests} | {row['why']} |\n"


if __name__ == "__main__":
    Path(DOCS / "security.md").write_text(page(), "utf-8")
