"""Door: the pages that people open in a browser."""
