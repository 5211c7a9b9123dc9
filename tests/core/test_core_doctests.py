"""The examples in the docstrings of the core say what really comes out."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import vcalc_anim.core

MODULES = sorted(m.name for m in pkgutil.walk_packages(vcalc_anim.core.__path__, "vcalc_anim.core."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    found = [case for name in MODULES for case in finder.find(importlib.import_module(name)) if case.examples]
    assert len(found) >= 6
