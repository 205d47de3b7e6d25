"""Processes are killed while customers write, and nothing they were told is stored may be missing, doubled or out of order."""
