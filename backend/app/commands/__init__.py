"""The commands of `workflow-platform`."""
