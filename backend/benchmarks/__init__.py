"""What is measured, each against a baseline in the same run. `make bench` runs all; each prints ratios."""
