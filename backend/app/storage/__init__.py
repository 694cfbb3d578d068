"""Room: screenshots, checked, re-encoded and kept; smaller variants made ahead or when first wanted."""
