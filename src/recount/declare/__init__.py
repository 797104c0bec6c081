"""Declarations of the catalog as typed models, loaded and cross-checked."""
