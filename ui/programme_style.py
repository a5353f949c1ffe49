"""How the programme's page looks: the steps of the ladder, and the view made for paper. Static style; elements are
named by the keys that ui/programme_page.py and ui/programme_paper.py give them.
"""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
[class*="st-key-rung_1"] { margin-inline-start: 3%; width: 97% !important; }
[class*="st-key-rung_2"] { margin-inline-start: 6%; width: 94% !important; }
[class*="st-key-rung_3"] { margin-inline-start: 9%; width: 91% !important; }
[class*="st-key-rung_4"] { margin-inline-start: 12%; width: 88% !important; }
[class*="st-key-rung_5"] { margin-inline-start: 15%; width: 85% !important; }
[class*="st-key-rung_"][class*="_empty"] { border-style: dashed !important; }
[class*="st-key-rung_"] { padding: .5rem .8rem !important; }
[class*="st-key-number_"] h3 { padding: .1rem 0 !important; font-size: 1.45rem; }
[class*="st-key-number_"] p { margin: 0 !important; }
.st-key-verdict h4 { padding: 0 0 .35rem 0 !important; }
.st-key-verdict_missing p, .st-key-verdict_missing li { font-size: .9rem; line-height: 1.4; margin: 0; }
.st-key-verdict_missing ul { margin: 0; padding-inline-start: 1.2rem; }
[class*="st-key-number_"] [data-testid="stMarkdownContainer"],
.st-key-verdict_missing [data-testid="stMarkdownContainer"], .st-key-paper [class*="st-key-rung_"]
  [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
.st-key-paper { width: 990px; min-width: 990px; }
[data-testid="stMainBlockContainer"]:has(.st-key-paper) { padding-inline: 1rem; max-width: none; }
[class*="st-key-sheet_"] { overflow-x: auto; }
.st-key-paper [data-testid="stPlotlyChart"] { display: contents; }
.st-key-paper p, .st-key-paper li { font-size: .86rem; line-height: 1.35; }
.st-key-paper h5 { padding: .3rem 0 .1rem 0; }
.st-key-paper ul { padding-inline-start: 1.1rem; margin-block: 0; }
.st-key-paper li { margin: 0; padding: 0; }
.st-key-paper .st-key-ladder { gap: .15rem; }
.st-key-paper [class*="st-key-rung_"] p { margin: 0; font-size: .82rem; }
.st-key-paper [class*="st-key-rung_"] { padding: .1rem .6rem !important; }
.st-key-paper .st-key-verdict_missing p, .st-key-paper .st-key-verdict_missing li { font-size: .82rem; }
.st-key-paper .st-key-verdict h4 { font-size: 1.1rem; }
.st-key-paper [class*="st-key-number_"] h3 { font-size: 1.25rem; }
@media print {
  @page { margin: 9mm; }
  html, body, [data-testid="stApp"], [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    background: #fff !important; color-scheme: light; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stToast"],
  [data-testid="stMainBlockContainer"]:has(.st-key-paper) > [data-testid="stVerticalBlock"] >
    :not(:has(.st-key-paper)), .st-key-filters, .st-key-freeze_due, [class*="st-key-about_"],
  [data-testid="stTooltipIcon"] { display: none !important; }
  [data-testid="stMain"], [data-testid="stMainBlockContainer"], [data-testid="stAppViewContainer"] {
    padding: 0 !important; margin: 0 !important; overflow: visible !important; height: auto !important; }
  [data-testid="stMainBlockContainer"] { max-width: none !important; }
  [class*="st-key-sheet_"] { overflow: visible !important; }
  .st-key-paper { zoom: .73; overflow-x: clip; }
  .st-key-paper [class*="st-key-paper_"] { width: calc(100% / .73) !important; max-width: none !important; }
  .st-key-paper [data-testid="stHorizontalBlock"] {
    display: flex !important; flex-wrap: nowrap !important; gap: 1rem !important; }
  .st-key-second_sheet > :has([data-testid="stHorizontalBlock"]) { margin-bottom: .25rem !important; }
  .st-key-paper .st-key-ladder > *, .st-key-paper [data-testid="stColumn"] [data-testid="stVerticalBlock"] > * {
    margin-bottom: .2rem !important; }
  .st-key-paper [data-testid="stColumn"] { min-width: 0 !important; }
  .st-key-second_sheet { break-before: page; }
  .st-key-verdict .stMarkdownBadge { background: #fff !important; border: 1px solid #8a979b; }
  .st-key-verdict, [class*="st-key-rung_"] { border-color: #8a979b !important; }
  [class*="st-key-rung_"], .st-key-verdict, [class*="st-key-picture_"] { break-inside: avoid; }
  [data-testid="stMainBlockContainer"] :is(p, li, h1, h2, h3, h4, h5, span):not(svg *) { color: #0b1a1f !important; }
  .st-key-sheet_dark [data-testid="stPlotlyChart"] { filter: invert(1) hue-rotate(180deg) brightness(1.12); }
}
</style>"""


def apply() -> None:
    """Put the style on the page; it takes no room."""
    st.html(STYLE)
