"""The promotion engine: what a cart costs under a set of programs.

Twin: static/src/promo_engine/. Pure: standard library, integers, no clock, no I/O.
"""

from .errors import InvalidInput
from .evaluate import evaluate
from .money import largest_remainder, mul_div
from .outcome import canonical, consumption
from .program_index import ProgramIndex
from .refund import refund, used_without

__all__ = [
    "InvalidInput",
    "ProgramIndex",
    "canonical",
    "consumption",
    "evaluate",
    "largest_remainder",
    "mul_div",
    "refund",
    "used_without",
]
