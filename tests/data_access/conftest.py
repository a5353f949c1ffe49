"""Fixtures of the data layer's own tests."""

from tests.one_on_ones import own_story, own_story_url, story_file

__all__ = ["own_story", "own_story_url", "story_file"]
