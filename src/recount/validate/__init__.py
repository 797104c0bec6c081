"""Declared checks; a failing one shows its rows."""
