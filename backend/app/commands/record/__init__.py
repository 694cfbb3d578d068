"""`workflow-platform record`: a browser opens, and what is done in it becomes a workflow."""
