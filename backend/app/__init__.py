"""Workflow Platform: a recorded task becomes a guide."""
