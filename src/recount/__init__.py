"""Recount."""
