"""Start the program: `oai-usage-tui`, or `python -m tui`."""

import os
import sys

from tui import first_frame


def main() -> None:
    """Run the command line and leave with its exit status."""
    try:
        first_frame.begin(sys.argv[1:], dict(os.environ))
        if sys.argv[1:] == ["--version"] and sys.stdout is not None and _tell_version():
            return
        from tui.cli.main import run

        status = run(sys.argv[1:], os.environ)
    except KeyboardInterrupt:  # while all that is loaded
        status = 130
    finally:
        first_frame.give_back()
    sys.exit(status)


def _tell_version() -> bool:
    """Print the version, and return whether that could be done; if not, it is told elsewhere."""
    from tui import PROGRAM, __version__

    try:
        sys.stdout.write(f"{PROGRAM} {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
