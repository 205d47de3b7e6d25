"""Where the built widget lies, so that the gateway can serve it without knowing how it is made."""

from pathlib import Path

DIST = Path(__file__).parent / "dist"
