"""Start the program: `oai-usage-tui`, or `python -m tui`."""

import os
import sys
from contextlib import suppress


def main() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from tui import PROGRAM, __version__

        with suppress(OSError):  # told below
            sys.stdout.write(f"{PROGRAM} {__version__}\n")
            sys.stdout.flush()
            return
    try:
        from tui.cli.main import run

        status = run(sys.argv[1:], os.environ)
    except KeyboardInterrupt:  # while all that is loaded
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
