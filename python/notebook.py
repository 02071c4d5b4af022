"""Executes a notebook in the folder of the project, and fails where a cell fails.

    python notebook.py NOTEBOOK OUT
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

notebook = Path(sys.argv[1]).resolve()
book = nbformat.read(notebook, as_version=4)
NotebookClient(book, timeout=600, resources={"metadata": {"path": str(notebook.parents[2])}}).execute()
nbformat.write(book, sys.argv[2])
print(f"{notebook.name}: {sum(cell.cell_type == 'code' for cell in book.cells)} cells ran")
