"""The display of progress: a bar in a notebook, a line in a terminal."""

from __future__ import annotations

import html
import sys
from typing import Any


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    if shell is None:
        return False
    found = shell.get_ipython()
    return found is not None and type(found).__name__ == "ZMQInteractiveShell"


def _html(text: str) -> Any:
    display: Any = __import__("IPython.display", fromlist=["HTML"])
    return display.HTML(text)


def _display(shown: Any) -> Any:
    display: Any = __import__("IPython.display", fromlist=["display"])
    return display.display(shown, display_id=True)


class Bar:
    """Shows how far a command is, as long as it runs."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._handle: Any = None
        self._line = 0

    def update(self, done: int, total: int, words: str) -> None:
        """Shows ``done`` of ``total`` parts, and words."""
        if not self._shown:
            return
        if _in_notebook():
            bar = _html(f'<progress value="{done}" max="{max(total, 1)}"></progress> {html.escape(words)}')
            if self._handle is None:
                self._handle = _display(bar)
            else:
                self._handle.update(bar)
        elif sys.stderr.isatty():
            sys.stderr.write("\r" + words.ljust(self._line))
            sys.stderr.flush()
            self._line = len(words)

    def close(self) -> None:
        """Removes the display."""
        if self._handle is not None:
            self._handle.update(_html(""))
        if self._line:
            sys.stderr.write("\r" + " " * self._line + "\r")
            sys.stderr.flush()
