"""Fixtures of the measurements."""

from tests.demo import demo, demo_url, fresh_caches

__all__ = ["demo", "demo_url", "fresh_caches"]
