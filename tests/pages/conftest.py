"""Fixtures of the pages' own tests."""

from tests.demo import demo, demo_url, fresh_caches

__all__ = ["demo", "demo_url", "fresh_caches"]
