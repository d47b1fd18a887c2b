"""The scripts beside the package, which are no modules of it."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from tests.support.paths import ROOT


def script(name: str, folder: str = "screenshots") -> ModuleType:
    """`FOLDER/NAME.py`, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
