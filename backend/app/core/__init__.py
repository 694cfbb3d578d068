"""Ground: settings, database, errors, logging, clock; no word of the product in it."""
