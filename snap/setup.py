"""Finds the packages in the folders at the top and names them as parts of `pielang`; all else is in pyproject.toml."""

from setuptools import find_packages, setup

PARTS = ("compiler", "vm", "server", "stdlib")

setup(
    packages=[
        "pielang",
        *(f"pielang.{name}" for name in find_packages("pielang")),
        *(f"pielang.{part}" for part in PARTS),
        *(f"pielang.{part}.{name}" for part in PARTS for name in find_packages(part)),
    ]
)
