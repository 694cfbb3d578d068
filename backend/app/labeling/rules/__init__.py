"""Rule labels: what recorded steps are called, by rules alone."""
