"""Chapter 0: what a slope tells a dial, and how descent ends."""

from __future__ import annotations

from ledger import remark

remark(
    "C0.4",
    "Gradient descent powers virtually every modern machine-learning system",
    verdict="imprecise",
    shows="“trains neural networks and many other models”: trees and nearest neighbours do without",
)
