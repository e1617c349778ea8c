"""``python -m dashboard.cli`` is the `segue` command where it is not installed."""

from dashboard.cli import main

if __name__ == "__main__":
    main()
