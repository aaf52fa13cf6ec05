"""Sample sets as files that trainers read: a plan, a preview of what the trainer will see, and the writing."""

from .catalogue import FORMATS

__all__ = ["FORMATS"]
