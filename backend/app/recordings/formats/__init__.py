"""One module a format of recordings; `reading.read` recognises a file by its content."""
