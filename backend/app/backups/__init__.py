"""Room: the whole instance as one file, and back: every table that matters, and the pictures that its rows name."""
