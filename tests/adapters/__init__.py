"""The shared suite that every adapter passes, and the pretend channel that the rest of the house is tested with."""

import pytest

pytest.register_assert_rewrite("tests.adapters.suite", "tests.adapters.case")
