"""Benchmarks: our figure beside the peer's, measured in the same run (see docs/bench.md)."""
