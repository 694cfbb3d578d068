"""`workflow-platform up`: one command that starts every part, keeps it alive and leaves nothing behind."""
