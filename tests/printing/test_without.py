"""Without the extra [print] everything else works."""

import subprocess
import sys

SCRIPT = """
import sys
for name in ("typst", "segno", "noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold"):
    sys.modules[name] = None
from bot.assistant import assemble
from bot.channels.telegram.bot import TelegramBot
from bot.channels.web import WebSettings, make_app
from bot.printing.press import open_press
from bot.printing.qr import qr
from bot.settings import PROJECT
assert open_press() is None
assert qr("https://pin.example.jp/k/token") is None
make_app(lambda: assemble(PROJECT), settings=WebSettings(), press=open_press())
print("fine")
"""


def test_the_program_starts_without_the_printing_packages() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout == "fine\n", done.stderr
