"""Exports: the record's tables in every format that people use, with their definitions, warnings and receipt."""

from recount.export.writing import WrittenExport, WrittenTable, write, write_claim

__all__ = ["WrittenExport", "WrittenTable", "write", "write_claim"]
