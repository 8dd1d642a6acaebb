"""The set-up of staff's editor (VS Code): one JSON Schema per kind of file, and what attaches them.

The schemas come from the models, so they cannot disagree with what loads. Ids are offered for
completion but not enforced: an id that was added a minute ago must not look like a mistake;
`check` knows which ids exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from bot.content.checks import condition_settings
from bot.content.model import Content
from bot.content.municipality import condition_values, question_of
from bot.content.schema import Kind, json_schema

FOLDER = ".vscode"

_FILES: dict[Kind, list[str]] = {
    "entries": ["faq/ja.yaml"],
    "situations": ["faq/situations.yaml"],
    "facts": ["faq/facts.yaml"],
    "municipality": ["faq/municipality*.yaml", "faq/samples/*.yaml"],
    "notices": ["faq/notices.yaml"],
    "vocabulary": ["faq/vocabulary.yaml"],
    "plain": ["faq/plain.yaml"],
    "flow": ["flows/*.yaml"],
    "language": [],  # those that there are (`files`)
}

_SETTINGS: dict[str, Any] = {
    "yaml.schemas": {f"./{FOLDER}/schemas/{kind}.json": files for kind, files in _FILES.items()},
    "yaml.schemaStore.enable": False,
    "yaml.format.enable": False,
    "files.encoding": "utf8",
    "files.eol": "\n",
    "editor.unicodeHighlight.allowedLocales": {"ja": True},
    "[yaml]": {
        "editor.insertSpaces": True,
        "editor.tabSize": 2,
        "editor.detectIndentation": False,
        "editor.renderWhitespace": "boundary",
        "editor.wordWrap": "on",
        "editor.quickSuggestions": {"strings": True, "other": True},
    },
}

_EXTENSIONS = {"recommendations": ["redhat.vscode-yaml", "MS-CEINTL.vscode-language-pack-ja"]}

_TASKS: dict[str, Any] = {
    "version": "2.0.0",
    "tasks": [
        {
            "label": "保存するたびに内容を調べる",
            "type": "shell",
            "command": ".venv/bin/python -m bot check --watch --all",
            "windows": {"command": ".venv\\Scripts\\python -m bot check --watch --all"},
            "isBackground": True,
            "runOptions": {"runOn": "folderOpen"},
            "presentation": {"reveal": "never", "panel": "dedicated"},
            "problemMatcher": {
                "owner": "mainakagi",
                "fileLocation": ["relative", "${workspaceFolder}"],
                "pattern": {
                    "regexp": r"^(\S+?):(\d+):(\d+): (.*)$",
                    "file": 1,
                    "line": 2,
                    "column": 3,
                    "message": 4,
                },
                "background": {
                    "activeOnStart": True,
                    "beginsPattern": "^調べています",
                    "endsPattern": "^調べました",
                },
            },
        }
    ],
}
"""`check --watch --all` prints these two lines around all Problems, so that the editor underlines them."""


_WORDS = {
    "id": "名前のかわりの短い符号。英小文字・数字・ハイフン（あとから変えない）",
    "entries": "この見出しに並べる答えの id",
    "title": "題名",
    "intro": "案内のはじめに一度だけ出す文",
    "questions": "質問。上から順に、when が当てはまるものだけを聞く",
    "routes": "行き先。すべての答えの組み合わせで、ちょうど1つが当てはまる",
    "items": "持ち物。当てはまるものがすべて並ぶ",
    "pins": "決め直す暗証番号",
    "notes": "注意、しないこと、電話で聞くこと",
    "rules": "どの道すじでも守られる決まり（python -m bot prove が確かめる）",
    "route": "行き先（routes）の id",
    "tag": "数える印（選択肢の tags）",
    "at_least": "少なくとも何個",
    "at_most": "多くても何個",
    "certainty": "費用の確かさ（high＝確か、medium＝たぶん、low＝要確認）",
    "flow": "案内の id（flows/ のファイル）",
    "answers": "すでに分かっている答え（質問の id: 選択肢の id）",
    "text": "利用者に見せる文",
    "source": "出典の id（faq/facts.yaml の sources）",
    "choices": "選択肢",
    "fee": "費用",
    "steps": "すること。順に並べる",
    "alternatives": "ほかの行き先",
    "say": "決まりを一文で",
    "if": "どんなときの決まりか",
    "never": "そのとき、決して当てはまってはいけない条件",
    "always": "そのとき、必ず当てはまる条件",
    "concepts": "ことば（同じものの、いろいろな言い方）",
    "smalltalk": "あいさつ・お礼などと、その返事",
    "kind": "種類",
    "words": "市民の言い方",
    "reply": "返事の文",
    "reservation": "予約",
    "maintenance": "システム保守",
    "legal_rep": "法定代理人（親権者・後見人）の手続き",
    "proxy": "代理の人の手続き",
    "fees": "手数料（円）",
    "reset": "暗証番号の再設定（円）",
    "reissue": "カードの再交付（円）",
    "reissue_card_only": "カードだけの再交付（円）",
    "certificate": "電子証明書の再発行（円）",
    "express": "特急発行（円）",
}
"""What an editor shows for a key whose model says nothing more exact."""


def files(content: Content) -> dict[str, str]:
    """The text of every file of the editor's set-up, by its path in the project."""
    made = {f"{FOLDER}/schemas/{kind}.json": _written(schema_with_ids(kind, content)) for kind in get_args(Kind)}
    attached = {**_SETTINGS["yaml.schemas"]}
    attached[f"./{FOLDER}/schemas/language.json"] = [f"faq/{name}.yaml" for name in content.translations]
    made[f"{FOLDER}/settings.json"] = _written({**_SETTINGS, "yaml.schemas": attached})
    made[f"{FOLDER}/extensions.json"] = _written(_EXTENSIONS)
    made[f"{FOLDER}/tasks.json"] = _written(_TASKS)
    return made


def outdated(root: Path, content: Content) -> tuple[str, ...]:
    """Which of the files under `root` are missing or not what they would be written as."""
    return tuple(name for name, text in files(content).items() if _read(root / name) != text)


def write(root: Path, content: Content) -> tuple[str, ...]:
    """Write what is outdated, and return its names. Raises OSError."""
    names = outdated(root, content)
    made = files(content)
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(made[name], encoding="utf-8", newline="\n")
    return names


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None


def _written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def schema_with_ids(kind: Kind, content: Content) -> dict[str, Any]:
    """The JSON Schema of a file of `kind`, with the ids of `content` for completion."""
    schema = json_schema(kind)
    entries = [entry.id for entry in content.entries]
    sources = list(content.sources)
    flows = list(content.flows)
    if kind == "entries":
        _offer(schema, None, "start", entries)
        _offer(schema, "Group", "entries", entries)
        _offer(schema, "Entry", "see_also", entries)
        _offer(schema, "Entry", "sources", sources)
        _offer(schema, "Entry", "concepts", [concept.id for concept in content.vocabulary.concepts])
        _offer(schema, "GuideLink", "flow", flows)
        _offer_answers(schema, "GuideLink", content)
    elif kind == "facts":
        _offer(schema, "Fact", "source", sources)
    elif kind == "vocabulary":
        _offer(schema, None, "vague_choices", entries)
    elif kind == "flow":
        for part in ("Step", "Note", "Item"):
            _offer(schema, part, "source", sources)
        _offer(schema, "Handover", "flow", flows)
        _offer_answers(schema, "Handover", content)
        routes = [route.id for flow in content.flows.values() for route in flow.routes]
        _offer(schema, "Alternative", "route", routes)
        _offer_conditions(schema, content)
    for part_schema in (schema, *schema.get("$defs", {}).values()):
        for name, node in part_schema.get("properties", {}).items():
            if "description" not in node and name in _WORDS:
                node["description"] = _WORDS[name]
    return schema


def _offer(schema: dict[str, Any], part: str | None, name: str, ids: Iterable[str]) -> None:
    """Offer `ids` for the property `name` of a part (None: of the file), or for each row of it."""
    holder = schema["$defs"][part] if part else schema
    node = holder["properties"][name]
    if node.get("type") == "array":
        node["items"] = _one_of(ids, node["items"])
    elif "anyOf" in node:
        node["anyOf"] = [_one_of(ids, one) if one.get("type") == "string" else one for one in node["anyOf"]]
    else:
        described = {"description": node.pop("description")} if "description" in node else {}
        holder["properties"][name] = {**described, **_one_of(ids, node)}


def _one_of(ids: Iterable[str], otherwise: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"enum": list(dict.fromkeys(ids))}, otherwise]}


def _choices(content: Content) -> dict[str, list[str]]:
    """The choices of every question of every guide; a question of several guides has those of all."""
    choices: dict[str, list[str]] = {}
    for flow in content.flows.values():
        for question in flow.questions:
            choices.setdefault(question.id, []).extend(choice.id for choice in question.choices)
    return choices


def _offer_answers(schema: dict[str, Any], part: str, content: Content) -> None:
    node = schema["$defs"][part]["properties"]["answers"]
    node["properties"] = {question: _one_of(ids, {"type": "string"}) for question, ids in _choices(content).items()}


def _offer_conditions(schema: dict[str, Any], content: Content) -> None:
    node = schema["$defs"]["Condition"]
    asks = {question.id: question.ask for flow in content.flows.values() for question in flow.questions}
    offered: dict[str, Any] = {}
    for key, ids in _choices(content).items():
        offered[key] = {"description": asks[key], **_value_or_list(ids, node["additionalProperties"])}
    for key in condition_settings():
        values = sorted(condition_values(key.removeprefix("city.")) or ())
        said = "市の設定があるか" if key == "city.known" else f"市の設定：{question_of(key.removeprefix('city.'))}"
        offered[key] = {"description": said, **_value_or_list(values, node["additionalProperties"])}
    node["properties"] = {**offered, **node["properties"]}


def _value_or_list(ids: Iterable[str], otherwise: dict[str, Any]) -> dict[str, Any]:
    known = {"enum": list(dict.fromkeys(ids))}
    return {"anyOf": [known, {"type": "array", "items": known}, *otherwise["anyOf"]]}
