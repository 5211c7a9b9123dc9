"""What the docstrings of the core show is what it does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import vcalc_anim.core

MODULES = [
    module.name for module in pkgutil.walk_packages(vcalc_anim.core.__path__, prefix="vcalc_anim.core.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_there_are_examples_to_run():
    finder = doctest.DocTestFinder()
    examples = [
        test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples
    ]
    assert len(examples) > 5


def test_every_public_name_is_exported_once_and_documented():
    names = vcalc_anim.core.__all__
    assert len(set(names)) == len(names)
    for name in names:
        thing = getattr(vcalc_anim.core, name)
        assert name == "MINUS" or thing.__doc__, name
