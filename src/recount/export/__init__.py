"""Exports: the record's tables in every format that people use, with their definitions, warnings and receipt.

Example:
    >>> import recount, tempfile
    >>> from pathlib import Path
    >>> from recount.export import write
    >>> record = recount.open()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     (export,) = write(record.record, record.catalog, "ohss_figures", Path(folder) / "ohss.parquet")
    >>> export.tables[0].rows
    1669
"""

from recount.export.writing import WrittenExport, WrittenTable, write, write_claim

__all__ = ["WrittenExport", "WrittenTable", "write", "write_claim"]
