"""Loading files: a kind, a file, what its columns mean, what loading would do; then what became of it, and history."""

import streamlit as st

from ui import empty_states, headings, import_results, places, sign_in, uploads
from ui.actions.imports import Refusal

sight = sign_in.current_sight()
headings.page("Imports", "What do we load, and what became of it?")
if not sight.viewer.loads_data:
    empty_states.say(
        "Only an admin loads data",
        "Ask an admin of your company to load the next export. In local mode, choose an *Admin* under *View as* in the"
        " sidebar.",
        page=places.HOME[sight.viewer.role],
        step="Go to your page",
        icon=":material/arrow_forward:",
    )
    st.stop()

uploads.finish_last_load()
done = uploads.last_outcome()
if done is not None:
    import_results.outcome(sight, done)
uploads.demo_warning(sight)
kind = uploads.choose_kind(sight)
file, as_of = uploads.choose_file(sight, kind)
if file is None:
    uploads.larger_files(kind)
    import_results.history(sight)
    st.stop()

# --- how the file is understood ---------------------------------------------------------------------------------
draft = uploads.draft_of(kind, file)
upload = uploads.upload_of(draft, file, as_of)
seen = uploads.understood(draft, upload)
if isinstance(seen, Refusal):
    uploads.refused(draft, seen)
    import_results.history(sight)
    st.stop()
also_asked = uploads.last_known_problem(draft)
uploads.verdict(draft, seen)
uploads.columns(draft, seen, also_asked)
uploads.settings(draft, seen, sight, also_asked)

# --- what loading would do, and the load ------------------------------------------------------------------------
check = uploads.checked(draft, seen, upload, sight)
uploads.stages(draft, check)
if check is not None and check.result is not None:
    import_results.would_do(kind, check.result, as_of)
if uploads.load_button(draft, upload, sight, seen, check):
    uploads.load(draft, upload, sight)
uploads.mapping_file(draft, seen, as_of)

import_results.history(sight)
