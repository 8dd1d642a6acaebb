"""What systemd is told: ready, stopping, and signs of life.

The protocol is one datagram to the socket that NOTIFY_SOCKET names (sd_notify(3)), so a package
for it would be longer than this. Without that variable nothing happens.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping


def notify(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell systemd `READY=1`, `STOPPING=1`, `WATCHDOG=1` …; True if it was told."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.connect(f"\0{address[1:]}" if address.startswith("@") else address)
            channel.sendall(state.encode())
    except OSError:  # nobody listens: no reason to stop serving
        return False
    return True


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """Within how many seconds a sign of life is asked for, if it is asked of this process."""
    microseconds, process = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or int(microseconds) == 0 or (process and process != str(os.getpid())):
        return None
    return int(microseconds) / 1e6


async def keep_alive(stop: asyncio.Event) -> None:
    """Give signs of life until `stop`, three in each period; they end when the event loop hangs."""
    period = watchdog_seconds()
    while period is not None and not stop.is_set():
        notify("WATCHDOG=1")
        try:
            async with asyncio.timeout(period / 3):
                await stop.wait()
        except TimeoutError:
            continue
