"""Gapwatch keeps watch on the gap between open-weight and proprietary language models."""

__version__ = "0.1.0"
