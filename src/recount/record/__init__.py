"""The record: Parquet tables and a manifest, built, stored and read in layers."""
