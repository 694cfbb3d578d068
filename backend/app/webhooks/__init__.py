"""Room: what happened here is told to other programs, signed and again until they took it."""
