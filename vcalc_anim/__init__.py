"""Turn short scripts and short Manim scenes into narrated, captioned lectures."""

__version__ = "0.1.0"
