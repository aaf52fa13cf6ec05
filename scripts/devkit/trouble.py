"""Something that the person at the keyboard can put right: shown as a sentence, never as a traceback."""


class Trouble(Exception):
    """The message says what happened and what to do about it."""


def last_lines(text: str, count: int = 15) -> str:
    """The end of a log, indented so that it reads as a quotation."""
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-count:])
