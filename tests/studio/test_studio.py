"""The studio by its front door, without a browser: what is saved, what is refused, and who may come in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.studio.app import Studio
from bot.channels.studio.settings import StudioSettings
from tests.studio.conftest import PASSPHRASE

Make = Callable[..., Studio]


async def base_of(page: TestClient, address: str) -> str:
    """What the form at an address knows of the file."""
    text = await (await page.get(address)).text()
    found = re.search(r'name="base" value="([0-9a-f]+)"', text)
    assert found, text
    return found[1]


async def send(page: TestClient, address: str, **form: str) -> ClientResponse:
    """Send a form as it was opened, with these fields."""
    form.setdefault("base", await base_of(page, address))
    return await page.post(address.partition("?")[0], data=form)


async def entry_form(page: TestClient, **changed: str) -> dict[str, str]:
    """The form of the entry `phone` with other fields."""
    return {
        "base": await base_of(page, "/edit/entry/phone"),
        "f.question": "どこに電話すればいいですか",
        "f.also_asked": "\r\n".join(WORDINGS),
        "f.answer": "{city.phone}へお電話ください。\r\n急ぐときは{help-line}です。",
        "f.depends_on": "city",
        "f.sources": "city-page",
        **{f"f.{key}": value for key, value in changed.items()},
    }


WORDINGS = [
    *("電話番号を教えて", "問い合わせ先は", "電話で聞きたい", "相談の窓口", "フリーダイヤルは", "何番にかけるの"),
    *("電話したい", "問い合わせたい", "連絡先", "話を聞いてほしい", "電話はどこ", "人と話したい"),
]


async def test_an_edited_answer_is_looked_at_and_then_saved_as_one_line(page: TestClient, root: Path) -> None:
    path = root / "faq" / "ja.yaml"
    path.write_text("# 職員のメモ\n" + path.read_text("utf-8"), "utf-8")
    before = path.read_text("utf-8")
    form = await entry_form(page, also_asked="\n".join([*WORDINGS, "代表電話は"]))
    looked = await page.post("/edit/entry/phone", data=form)
    assert re.fullmatch(r"/draft/[\w-]+", looked.url.path)
    text = await looked.text()
    assert "代表電話は" in text
    assert "へお電話ください" in text, "the answer as a citizen reads it"
    assert path.read_text("utf-8") == before, "nothing is saved yet"
    saved = await page.post(f"{looked.url.path}/save")
    assert "保存しました" in await saved.text()
    assert path.read_text("utf-8") == before.replace("- 人と話したい\n", "- 人と話したい\n      - 代表電話は\n")


async def test_what_a_draft_changes_for_citizens_is_found(page: TestClient) -> None:
    form = await entry_form(page, also_asked="\n".join([*WORDINGS, "印鑑はどこで買えますか"]))
    looked = await page.post("/edit/entry/phone", data=form)
    text = ""
    while "progress" in text or not text:
        text = await (await page.get(f"{looked.url.path}/effects")).text()
        await asyncio.sleep(0.05)
    assert "印鑑はどこで買えますか" in text
    assert "行き先の変わる質問" in text


async def test_a_question_is_put_to_the_unsaved_content(page: TestClient) -> None:
    form = await entry_form(page, also_asked="\n".join([*WORDINGS, "印鑑はどこで買えますか"]))
    looked = await page.post("/edit/entry/phone", data=form)
    text = await (await page.post(f"{looked.url.path}/ask", data={"q": "印鑑はどこで買えますか"})).text()
    assert "いちばん近い言い方" in text
    assert "<td>印鑑はどこで買えますか</td>" in text


async def test_a_broken_edit_is_not_saved_and_keeps_its_text(page: TestClient, root: Path) -> None:
    before = (root / "faq" / "ja.yaml").read_text("utf-8")
    answer = await page.post("/edit/entry/phone", data=await entry_form(page, answer="番号は 123456789012 です"))
    text = await answer.text()
    assert (answer.status, answer.url.path) == (422, "/edit/entry/phone")
    assert "12けたの数字" in text
    assert "番号は 123456789012 です</textarea>" in text
    assert (root / "faq" / "ja.yaml").read_text("utf-8") == before


async def test_a_mistake_in_yaml_shows_its_line_and_is_corrected_by_a_button(page: TestClient) -> None:
    address = "/edit/entry/phone?as=yaml"
    opened = await (await page.get(address)).text()
    block = re.search(r"<textarea[^>]*>\n(.*)</textarea>", opened, re.DOTALL)
    assert block
    broken = block[1].replace("question: ", "question：")
    answer = await send(page, address, yaml=broken)
    text = await answer.text()
    assert answer.status == 422
    assert "25行目・13文字目" in text
    assert "このとおり直す" in text
    fixed = await (await send(page, address, yaml=broken, fix="25")).text()
    assert block[1] in fixed


async def test_live_mistakes_come_without_the_rest_of_the_page(page: TestClient) -> None:
    form = await entry_form(page, answer="<b>番号</b>")
    text = await (await page.post("/live/entry/phone", data=form)).text()
    assert "<html" not in text
    assert "まだ保存できません" in text
    assert 'data-field="answer"' in text


async def test_who_saves_second_sees_both_changes_and_can_keep_both(page: TestClient, root: Path) -> None:
    path = root / "faq" / "ja.yaml"
    looked = await page.post("/edit/entry/phone", data=await entry_form(page, question="電話はどこですか"))
    path.write_text(path.read_text("utf-8").replace("お金はかかりますか", "費用はかかりますか"), "utf-8")
    answer = await page.post(f"{looked.url.path}/save")
    text = await answer.text()
    assert answer.status == 409
    assert "費用はかかりますか" in text
    assert "電話はどこですか" in text
    assert "電話はどこですか" not in path.read_text("utf-8")
    again = await page.post(f"{looked.url.path}/merge")
    await page.post(f"{again.url.path}/save")
    assert "費用はかかりますか" in path.read_text("utf-8")
    assert "電話はどこですか" in path.read_text("utf-8")


async def test_a_changed_phone_number_is_saved_in_its_place(page: TestClient, root: Path) -> None:
    fields = {"f.kind": "phone", "f.value": "0570-783-578", "f.label": "総合フリーダイヤル", "f.source": "city-page"}
    looked = await send(page, "/edit/fact/help-line", **fields)
    await page.post(f"{looked.url.path}/save")
    assert "help-line: {kind: phone, value: 0570-783-578, label: 総合" in (root / "faq/facts.yaml").read_text("utf-8")


async def test_a_notice_with_day_and_time_is_saved(page: TestClient, root: Path) -> None:
    form = {"0.text": "窓口は15時までです。", "0.from.day": "2026-11-28", "0.from.time": "08:00"}
    form |= {"0.until.day": "2026-11-28", "0.until.time": ""}
    looked = await send(page, "/edit/notices/all", **form)
    await page.post(f"{looked.url.path}/save")
    saved = (root / "faq" / "notices.yaml").read_text("utf-8")
    assert saved == "notices:\n  - text: 窓口は15時までです。\n    from: 2026-11-28 08:00\n    until: 2026-11-28\n"


async def test_the_city_s_settings_are_answered_and_the_rest_stays_unconfirmed(page: TestClient, root: Path) -> None:
    form = {"f.name": "みどり市", "f.self_id_rule": "card_only", "f.offices.1.name": "市民課", "f.phone": ""}
    looked = await send(page, "/edit/city/all", **form)
    await page.post(f"{looked.url.path}/save")
    saved = (root / "faq" / "municipality.yaml").read_text("utf-8")
    assert "name: みどり市" in saved
    assert "self_id_rule: card_only" in saved
    assert "- name: 市民課" in saved


async def test_the_questionnaire_of_a_new_city_opens_without_remarks(page: TestClient) -> None:
    text = await (await page.get("/edit/city/all")).text()
    assert 'class="problem' not in text
    assert text.count("未確認（まだ決めていない") > 10
    assert "visit＝" not in text


async def test_a_new_answer_is_added(page: TestClient, root: Path) -> None:
    fields = {"id": "parking", "question": "駐車場はありますか", "answer": "あります。", "sources": "city-page"}
    form = {f"f.{key}": value for key, value in fields.items()}
    looked = await send(page, "/edit/new-entry/-", **form, **{"f.also_asked": "車で行けますか"})
    assert "あります。" in await looked.text()
    back = await (await page.get(f"{looked.url.path}/edit")).text()
    assert "駐車場はありますか" in back
    await page.post(f"{looked.url.path}/save")
    assert "  - id: parking\n" in (root / "faq" / "ja.yaml").read_text("utf-8")


async def test_the_list_is_searched_and_tells_how_old_sources_are(page: TestClient) -> None:
    text = await (await page.get("/", params={"q": "ﾌﾘｰﾀﾞｲﾔﾙ"})).text()
    assert "/edit/entry/phone" in text
    assert "/edit/entry/cost" not in text
    assert "閲覧 2026-11-22" in text


async def test_broken_files_are_told_and_can_be_mended(page: TestClient, root: Path) -> None:
    path = root / "faq" / "ja.yaml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("question: お金", "question：お金"), "utf-8")
    assert "まちがいが 1件" in await (await page.get("/")).text()
    assert "/edit/file/faq/ja.yaml?line=3" in await (await page.get("/problems")).text()
    looked = await send(page, "/edit/file/faq/ja.yaml", yaml=good)
    await page.post(f"{looked.url.path}/save")
    assert path.read_text("utf-8") == good


async def test_a_guide_is_walked_beside_its_diagram_and_recorded(page: TestClient, root: Path) -> None:
    walk = await page.post("/walk", data={"flow": "recover", "sample": "pf-1"})
    text = await walk.text()
    assert "<svg" in text
    assert text.count('class="here"') == 1
    button = re.search(r'name="data" value="([^"]+)"[^>]*>(?:(?!</button>).)*本人が行く', text, re.DOTALL)
    assert button
    text = await (await page.post(f"{walk.url.path}/pressed", data={"data": button[1]})).text()
    assert "どの書類がありますか" in text
    assert 'class="passed"' in text
    done = await page.post(f"{walk.url.path}/record", data={"name": "clerk-1", "title": "試しの会話"})
    assert "同じ答えが出ることを確かめました" in await done.text()
    talk = (root / "flows" / "talks" / "clerk-1.txt").read_text("utf-8")
    assert talk.startswith("題：試しの会話\n市：pf-1\n日：")
    assert "［本人が行く］\n" in talk
    again = await page.post(f"{walk.url.path}/record", data={"name": "clerk-1"})
    assert again.status == 422


async def test_no_recording_leaves_its_folder(page: TestClient) -> None:
    walk = await page.post("/walk", data={"flow": "recover"})
    answer = await page.post(f"{walk.url.path}/record", data={"name": "../x"})
    assert answer.status == 422


# --- who may come in -------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
async def test_a_post_from_elsewhere_changes_nothing(studio_of: Make, root: Path, headers: dict[str, str]) -> None:
    async with TestClient(TestServer(studio_of().app())) as client:
        base = await base_of(client, "/edit/notices/all")
        answer = await client.post("/edit/notices/all", data={"base": base, "0.text": "うそ"}, headers=headers)
        assert answer.status == 403


async def test_a_foreign_name_that_leads_here_is_refused(page: TestClient) -> None:
    assert (await page.get("/", headers={"Host": "evil.example:8090"})).status == 403
    assert (await page.get("/", headers={"Host": "localhost:8090"})).status == 200


async def test_what_a_proxy_passes_on_is_refused_unless_there_is_a_passphrase(page: TestClient, root: Path) -> None:
    assert (await page.get("/", headers={"X-Forwarded-For": "192.0.2.1"})).status == 403
    with pytest.raises(ValueError, match="合言葉"):
        StudioSettings(root, root, behind_proxy=True)


async def test_every_answer_forbids_foreign_scripts_and_frames(page: TestClient) -> None:
    for address in ("/", "/edit/entry/phone", "/nowhere", "/draft/gone"):
        headers = (await page.get(address)).headers
        assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_outside_of_loopback_there_must_be_a_long_passphrase(root: Path) -> None:
    with pytest.raises(ValueError, match="合言葉"):
        StudioSettings(root, root, host="0.0.0.0")
    with pytest.raises(ValueError, match="12文字以上"):
        StudioSettings(root, root, passphrase="short")
    assert StudioSettings(root, root, host="0.0.0.0", passphrase=PASSPHRASE).host == "0.0.0.0"


async def test_the_passphrase_opens_a_session_and_nothing_else_does(studio_of: Make) -> None:
    studio = studio_of(host="0.0.0.0", passphrase=PASSPHRASE)
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with TestClient(TestServer(studio.app()), headers=headers) as client:
        for address in ("/", "/edit/entry/phone", "/draft/x/effects"):
            assert (await client.get(address)).url.path == "/login"
        assert (await client.post("/login", data={"passphrase": PASSPHRASE[:-1]})).status == 403
        entered = await client.post("/login", data={"passphrase": PASSPHRASE}, allow_redirects=False)
        cookie = entered.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert (await client.get("/")).url.path == "/"
        await client.post("/logout")
        assert (await client.get("/")).url.path == "/login"


async def test_behind_https_the_cookie_is_bound_to_its_host(studio_of: Make) -> None:
    studio = studio_of(host="0.0.0.0", passphrase=PASSPHRASE, behind_proxy=True)
    async with TestClient(TestServer(studio.app()), headers={"Sec-Fetch-Site": "same-origin"}) as client:
        entered = await client.post("/login", data={"passphrase": PASSPHRASE}, allow_redirects=False)
        assert entered.headers["Set-Cookie"].startswith("__Host-studio=")
        assert "Secure" in entered.headers["Set-Cookie"]
        assert "Path=/" in entered.headers["Set-Cookie"]


async def test_guessing_the_passphrase_is_slowed_down(studio_of: Make) -> None:
    studio = studio_of(host="0.0.0.0", passphrase=PASSPHRASE)
    async with TestClient(TestServer(studio.app()), headers={"Sec-Fetch-Site": "same-origin"}) as client:
        tries = [(await client.post("/login", data={"passphrase": f"guess {n}"})).status for n in range(6)]
        assert tries == [403, 403, 403, 403, 403, 429]
        assert (await client.post("/login", data={"passphrase": PASSPHRASE})).status == 429, "the right one waits, too"
