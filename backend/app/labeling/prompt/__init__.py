"""What a model is asked: words in files that one can read, a version for each state of them."""
