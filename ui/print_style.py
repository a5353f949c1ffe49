"""How the brief looks: close together on the screen, and on paper one page, A4 or US letter, with nothing of the screen
around it. Static style only; elements are named by the keys that ui/brief_page.py gives them.
"""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
.st-key-brief p, .st-key-brief li { font-size: .92rem; line-height: 1.42; }
.st-key-brief h5 { padding: .35rem 0 .2rem 0; }
.st-key-brief ul, .st-key-brief ol { padding-inline-start: 1.1rem; margin-block: 0; }
.st-key-brief li { margin: 0 0 .1rem 0; padding: 0; }
.st-key-brief_questions ol, .st-key-brief_plan ul { margin-block-end: .55rem; }
.st-key-brief_plan [data-testid="stMarkdown"], .st-key-brief_plan [data-testid="stMarkdownContainer"] {
  margin-block-end: 0; }
.st-key-brief_lines, .st-key-brief_title { display: none; }
.st-key-brief p a, .st-key-brief li a { padding: .35rem .5rem; margin-inline: -.3rem; }
@media print {
  @page { margin: 10mm 11mm; }
  html, body { background: #fff !important; color-scheme: light; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stToast"],
  [data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] > :not(:has(.st-key-brief)),
  .st-key-brief_notes, .st-key-brief [class*="st-key-brief_tick"], .st-key-brief a,
  .st-key-brief [class*="st-key-brief_topic_"] [data-testid="stElementContainer"]:has([data-testid="stCheckbox"]),
  .st-key-brief [data-testid="stCheckbox"] label > :not(:last-child) { display: none !important; }
  .st-key-brief [data-testid="stCheckbox"], .st-key-brief [data-testid="stCheckbox"] label {
    min-height: 0 !important; padding: 0 !important; margin: 0 !important; }
  [data-testid="stMain"], [data-testid="stMainBlockContainer"], [data-testid="stAppViewContainer"] {
    padding: 0 !important; margin: 0 !important; overflow: visible !important; height: auto !important; }
  [data-testid="stMainBlockContainer"] { max-width: none !important; }
  [data-testid="stMainBlockContainer"] * { color: #0b1a1f !important; background: transparent !important; }
  .st-key-brief [data-testid="stVerticalBlock"], .st-key-brief { gap: .1rem !important; }
  .st-key-brief [data-testid="stHorizontalBlock"] { flex-wrap: nowrap !important; gap: 1.1rem !important; }
  .st-key-brief p, .st-key-brief li { font-size: 8.4pt !important; line-height: 1.26 !important; }
  .st-key-brief li span, .st-key-brief p span { font-size: 7.5pt !important; line-height: 1.2 !important; }
  .st-key-brief_questions ol { margin-block-end: .95rem !important; }
  .st-key-brief h5 { font-size: 9pt !important; line-height: 1.2 !important; padding: .3rem 0 .1rem 0 !important; }
  .st-key-brief_crowded .st-key-brief p, .st-key-brief_crowded .st-key-brief li {
    font-size: 7.6pt !important; line-height: 1.22 !important; }
  .st-key-brief_crowded .st-key-brief li span, .st-key-brief_crowded .st-key-brief p span {
    font-size: 6.9pt !important; line-height: 1.15 !important; }
  .st-key-brief_crowded .st-key-brief h5 { font-size: 8pt !important; padding: .15rem 0 .05rem 0 !important; }
  .st-key-brief_crowded .st-key-brief_lines hr { margin: .8rem 0 0 0 !important; }
  .st-key-brief_lines, .st-key-brief_title { display: flex !important; }
  .st-key-brief_title h5 { font-size: 13pt !important; }
  .st-key-brief_lines hr { margin: 1.1rem 0 0 0 !important; border-color: #8a979b !important; }
}
</style>"""


def apply() -> None:
    """Put the style on the page; it takes no room."""
    st.html(STYLE)
