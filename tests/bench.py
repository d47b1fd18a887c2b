"""Measure the program beside bare ones: `python -m tests.bench`. What is measured is in `tests.slow.bench`."""

from tests.slow.bench import main

if __name__ == "__main__":
    main()
