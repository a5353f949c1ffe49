"""Fixtures of the pages' own tests."""

from tests.demo import demo, demo_url, fresh_caches
from tests.one_on_ones import own_story, own_story_url, story_file

__all__ = ["demo", "demo_url", "fresh_caches", "own_story", "own_story_url", "story_file"]
