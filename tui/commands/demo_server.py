"""`oai-usage-tui demo-server`: the demo organization's API on a port of this machine."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

from tui.errors import BadSettings

LOOPBACK = "127.0.0.1"


def serve(listen: Callable[[socket.socket], None], port: int, key: str) -> int:
    """Listen on loopback until ctrl+c and return the exit status. `key` is one that the server accepts.

    Raises:
        BadSettings: where the port cannot be had.

    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            raise BadSettings(
                f"Port {port} of {LOOPBACK} cannot be had ({error.strerror}).",
                "Choose another with --port, or 0 for any that is free.",
            ) from error
        listener.listen()
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/v1"
        sys.stdout.write(
            f"The demo organization is served at {address} (ctrl+c ends it). To read it:\n"
            f"  OPENAI_ADMIN_KEY={key} oai-usage-tui --base-url {address}\n"
        )
        sys.stdout.flush()
        try:
            listen(listener)
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0
