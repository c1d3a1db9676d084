"""Draws that anybody can check: integers and hashes, nothing else (standard library only)."""

from .lottery import draw
from .packets import next_amount, possible
from .seeds import commitment, draw_seed, number_below

__all__ = ["commitment", "draw", "draw_seed", "next_amount", "number_below", "possible"]
