"""How good labels are, measured against a set of steps with labels written by hand."""
