"""The same guided conversation gives the same checklist in the terminal, on the page and on Telegram."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import PROJECT
from tests.app.programs import command, fetch, running
from tests.telegram.fake_api import TOKEN, FakeApi

SAID = ["案内", "本人が行く", "どれもない", "4けたも英数字も両方", "ある"]
ANN = 4711


def things(text: str) -> list[str]:
    """The items of a checklist as plain text or Telegram HTML shows them, without their notes."""
    return [re.split(r"[（\n]", thing)[0].strip() for thing in re.findall(r"[□☐]\s*(.+)", re.sub(r"<[^>]+>", "", text))]


async def test_the_checklist_is_the_same_everywhere(tmp_path: Path) -> None:
    terminal = things((await command("chat", given="\n".join(SAID) + "\n")).out)
    assert len(terminal) >= 2
    async with FakeApi() as api:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "MAINAKAGI_BOT_USERNAME": "k_bot",
        }
        async with running(tmp_path, **settings) as started:
            page, token = "", ""
            for text in SAID:
                page = await fetch(f"{started.url}/said", text=text, token=token)
                token = re.findall(r'name="token" value="([^"]*)"', page)[-1]
            listed = re.findall(r'<span class="thing">([^<]+)</span>', page)
            for text in SAID:
                seen = len(api.texts(ANN))
                await api.type(ANN, text)
                await api.until(lambda seen=seen: len(api.texts(ANN)) > seen)
            await api.until(lambda: any("マイナンバーカード" in text and "☐" in text for text in api.texts(ANN)))
            telegram = things("\n".join(api.texts(ANN)))
    assert [re.split("（", thing)[0].strip() for thing in listed] == terminal == telegram


async def test_a_killed_bot_goes_on_with_old_buttons_and_typed_texts(tmp_path: Path) -> None:
    async with FakeApi() as api:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "MAINAKAGI_BOT_USERNAME": "k_bot",
        }
        async with running(tmp_path, **settings) as started:
            await api.type(ANN, "案内")
            await api.until(lambda: any("窓口に行けますか" in text for text in api.texts(ANN)))
            await api.type(ANN, "本人が行く")
            await api.until(lambda: any("次に当てはまるもの" in text for text in api.texts(ANN)))
            started.process.kill()
            await started.process.wait()
        async with running(tmp_path, **settings):
            await api.type(ANN, "どれもない")
            await api.until(lambda: any("どの暗証番号" in text for text in api.texts(ANN)))
            first = next(key for key, message in api.messages.items() if "窓口に行けますか" in str(message.get("text")))
            button = "gAQ"
            for row in api.messages[first]["reply_markup"]["inline_keyboard"]:
                for key in row:
                    if "いっしょに行く" in key["text"]:
                        button = key["callback_data"]
            seen = len(api.texts(ANN))
            await api.press(ANN, first[1], button)
            await api.until(lambda: len(api.texts(ANN)) > seen)
            assert "次に当てはまるもの" in api.texts(ANN)[-1]


def test_the_shipped_content_is_no_city() -> None:
    assert not (PROJECT / "faq" / "municipality.yaml").exists()
