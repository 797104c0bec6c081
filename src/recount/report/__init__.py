"""Verdicts as one self-contained page."""
