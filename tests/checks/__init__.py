"""Hardening checks that run over everything there is: every route, every event, every field."""
