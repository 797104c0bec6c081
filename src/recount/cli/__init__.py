"""The command line: one module for each verb, thin over `recount.ask`.

Exit codes: 0 answered, 2 wrong usage, 3 the data or the catalog is at fault, 130 interrupted.
"""

from recount.cli.app import main

__all__ = ["main"]
