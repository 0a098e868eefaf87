"""What can be refused, and why."""


class NotAllowed(Exception):
    """A step that this case, or this person, does not allow now.

    `reason` names a template under replies/refused/: the words are said there, not here.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
