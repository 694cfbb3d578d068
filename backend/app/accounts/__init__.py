"""Room: people, their sessions and API tokens, and the audit trail."""
