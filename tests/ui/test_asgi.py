"""What the server adds to Streamlit: headers on every answer, closed doors, checked downloads."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest

from tests.serving import serving


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    with serving(demo_url) as base:
        yield base


def answered(url: str, host: str | None = None) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


@pytest.mark.parametrize("path", ["/", "/team-overview", "/_stcore/health", "/download/x.csv", "/_stcore/metrics"])
def test_every_answer_forbids_foreign_content_frames_and_guessing(address: str, path: str) -> None:
    _, headers, _ = answered(address + path)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert len(headers.get_all("content-security-policy") or []) == 1


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_doors_that_answer_anybody_are_closed(address: str, path: str) -> None:
    assert answered(address + path)[0] == 404


def test_a_download_without_a_valid_link_is_a_sentence_and_not_the_start_page(address: str) -> None:
    status, headers, body = answered(f"{address}/download/reps.csv?token=x.y")
    assert status == 403
    assert headers["content-type"].startswith("text/plain")
    assert body == b"This link is not valid any more. Reload the page and click again."


def test_a_download_asked_for_under_a_foreign_name_is_refused(address: str) -> None:
    assert answered(f"{address}/download/reps.csv?token=x.y", host="evil.example")[0] == 403


@pytest.mark.parametrize(
    ("typed", "meant"), [("rep-one-on-one", "rep-one_on_one"), ("me-my_coaching", "me-my-coaching")]
)
def test_hyphens_and_underscores_may_be_confused(address: str, typed: str, meant: str) -> None:
    with urllib.request.urlopen(f"{address}/{typed}?as=5&rep=14", timeout=10) as answer:
        assert answer.status == 200
        assert answer.url == f"{address}/{meant}?as=5&rep=14"


def test_the_script_itself_is_healthy(address: str) -> None:
    status, _, body = answered(f"{address}/_stcore/script-health-check")
    assert (status, body) == (200, b"ok")
