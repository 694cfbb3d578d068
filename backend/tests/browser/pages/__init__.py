"""Small applications that are hard to record; beside each page stand what a person does on it and what is expected."""
