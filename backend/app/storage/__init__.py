"""Room: screenshots, checked, re-encoded and kept under their content's hash; variants made when first wanted."""
