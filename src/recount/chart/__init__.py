"""Answers as charts: what is drawn is worked out in plain values, then drawn with Altair and rendered."""
