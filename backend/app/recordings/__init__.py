"""Room: a recording comes in: formats, masking, storing, rule labels, a queued run."""
