"""What an export says is done again: each runner is strict, and knows no more than the documented meaning."""
