"""What our user flows for DevTools' Recorder say in expressions, so that we know it again when one is imported."""

HELPS = "/* Workflow Platform: helps the step beside it */"
"""Before an expression without which its step is the same for a reader."""

INSTEAD = "/* Workflow Platform: stands for a step that the Recorder does not have */"

BACK = f"{INSTEAD} (() => {{ setTimeout(() => history.back(), 100); return true; }})()"
"""After its answer: a page that goes away with the question open is asked again, and goes back twice."""
