"""Room: a guide goes out in the formats that people and programs read."""
