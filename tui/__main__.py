"""Start the program: `oai-usage-tui`, or `python -m tui`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from tui import PROGRAM, __version__

        sys.stdout.write(f"{PROGRAM} {__version__}\n")
        return
    from tui.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
