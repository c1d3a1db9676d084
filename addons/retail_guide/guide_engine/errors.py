"""Errors of the engine."""


class EngineError(ValueError):
    """The input contradicts itself or what was learned before; nothing was changed."""
