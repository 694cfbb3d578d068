"""The recorder for Chrome, loaded into a real Chromium."""
