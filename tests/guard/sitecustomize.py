"""Python processes that tests start import this at their start, by PYTHONPATH: they stay on loopback too (see tests/no_network.py)."""

import importlib.util
from pathlib import Path

_source = Path(__file__).parent.parent / "no_network.py"
_spec = importlib.util.spec_from_file_location("throughline_no_network", _source)
if _spec is not None and _spec.loader is not None:
    _module = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_module)
    _module.install()
