"""The Streamlit parts that pages share. Reaches the database through loaders and actions only."""
