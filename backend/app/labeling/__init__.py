"""Room: naming steps: rules, labelers, runs and their leases."""
