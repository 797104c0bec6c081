"""The same figure across releases: what was restated."""
