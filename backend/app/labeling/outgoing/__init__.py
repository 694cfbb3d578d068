"""What leaves for a model: `build` is the one function whose output is all that a model sees of a recording."""

from app.labeling.outgoing.building import Outgoing, SentPicture, build, part

__all__ = ["Outgoing", "SentPicture", "build", "part"]
