"""Drawing: a frame in, a Plotly figure out. No sums, no Streamlit, no database."""
