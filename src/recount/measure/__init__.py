"""Measures under readings, with their integers and receipts."""
