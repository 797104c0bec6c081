"""Core rows brought together: what follows from what, and what belongs to one place."""
