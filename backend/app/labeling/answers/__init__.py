"""What comes back from a model: asked for in one shape, read with suspicion, kept if the recording bears it out."""
