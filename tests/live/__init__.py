"""Hints between processes: over a real Redis, and between two whole gateways."""
