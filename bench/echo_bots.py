"""Bare echo bots to measure against: `python -m bench.echo_bots ptb|aiogram`, as their documentation shows them.

They answer a press and echo its data, and echo a text after asking the same matcher as ours about
it. They keep nothing, pace nothing, retry nothing and show no keyboard. TELEGRAM_BOT_TOKEN and
TELEGRAM_API_BASE_URL as for ours; `ready` on stderr when they begin.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from bot.content.loading import load
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT, Settings


def run_ptb(token: str, base_url: str, matcher: TrainedMatcher) -> None:
    from telegram import Update
    from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

    async def said(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        matcher.understand(update.message.text)
        await update.message.reply_text(update.message.text)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        assert update.effective_chat is not None
        await update.callback_query.answer()
        await update.effective_chat.send_message(update.callback_query.data or "")

    app = Application.builder().token(token).base_url(base_url).build()
    app.add_handler(MessageHandler(filters.TEXT, said))
    app.add_handler(CallbackQueryHandler(pressed))
    print("ready", file=sys.stderr, flush=True)
    app.run_polling()


def run_aiogram(token: str, base_url: str, matcher: TrainedMatcher) -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import CallbackQuery, Message

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def said(message: Message) -> None:
        matcher.understand(message.text or "")
        await message.answer(message.text or "")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer()
        assert query.message is not None
        await query.message.answer(query.data or "")

    async def main() -> None:
        server: Any = TelegramAPIServer.from_base(base_url.removesuffix("/bot"))
        bot = Bot(token, session=AiohttpSession(api=server))
        print("ready", file=sys.stderr, flush=True)
        await dispatcher.start_polling(bot)

    asyncio.run(main())


if __name__ == "__main__":
    settings = os.environ["TELEGRAM_BOT_TOKEN"], os.environ["TELEGRAM_API_BASE_URL"]
    matcher = TrainedMatcher(load(PROJECT), Cache(Settings.from_environment().learnt))
    {"ptb": run_ptb, "aiogram": run_aiogram}[sys.argv[1]](*settings, matcher)
