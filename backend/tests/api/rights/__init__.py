"""Who may do what, as a table: a row for every route, a column for every kind of caller."""
