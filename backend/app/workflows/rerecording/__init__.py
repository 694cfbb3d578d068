"""A task recorded again: how its steps match those of a workflow, and taking over what a person chooses of it."""
