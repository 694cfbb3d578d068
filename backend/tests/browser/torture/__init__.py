"""What the torture pages are recorded with, served by and judged by."""
