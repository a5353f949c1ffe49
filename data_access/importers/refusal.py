"""Why a file is refused as a whole, and what the user has to say before it can be read. Decides nothing itself."""

from __future__ import annotations

from dataclasses import dataclass, field


class ImportRefused(Exception):
    """The file cannot be imported as it is; nothing may be written.

    ``str(error)`` is a sentence for the user. ``mapping_key`` is the key of the mapping file that settles the
    question (``date_format``, ``columns.id``, ``row`` ...), or None where no mapping could help.
    """

    def __init__(self, sentence: str, mapping_key: str | None = None) -> None:
        super().__init__(sentence)
        self.mapping_key = mapping_key


@dataclass(frozen=True)
class Question:
    """What a file leaves open, and the mapping key that settles it."""

    sentence: str
    mapping_key: str | None


@dataclass
class Questions:
    """Where the reading steps put what they cannot decide.

    An import stops at the first question (``strict``); the preview collects them all and reads on.
    """

    strict: bool = True
    asked: list[Question] = field(default_factory=list)

    def ask(self, sentence: str, mapping_key: str | None = None) -> None:
        """Refuse the file, or note the question where the reading only previews."""
        if self.strict:
            raise ImportRefused(sentence, mapping_key)
        question = Question(sentence, mapping_key)
        if question not in self.asked:
            self.asked.append(question)
