"""Strict doubles of the models' servers: real HTTP servers, each in a process of its own, steered by who started it."""
