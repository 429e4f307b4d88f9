"""Debian's Chromium for the browser tests."""

import shutil
from pathlib import Path

# No sandbox: it refuses root, and the pages are our own. The rest keeps it from fetching
# anything by itself.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path | None:
    """The browser's program, or None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None
