"""The section [polls] of a rules file: surveys that are repeated, and the bank of a quiz."""

from bot.deployment.toml import Section
from domain.poll_rules import MOST_OPTIONS, PollRules, Question, Survey

_FEWEST = 2


def poll_rules(section: Section) -> PollRules:
    """Read the section; without it nothing is prepared, and a survey is worded in chat."""
    base = PollRules()
    rules = PollRules(
        survey_open=section.duration("survey_open") or base.survey_open,
        quiz_open=section.duration("quiz_open") or base.quiz_open,
        quiz_size=section.count("quiz_size", base.quiz_size),
        surveys=tuple(_survey(one) for one in section.tables("survey")),
        bank=tuple(_of_the_bank(one) for one in section.tables("question")),
    )
    section.done()
    return rules


def _survey(entry: Section) -> Survey:
    asked = tuple(_question(one) for one in entry.tables("question"))
    found = Survey(entry.text("name"), asked)
    if not asked:
        entry.fault("key_missing", "question")
    entry.done()
    return found


def _question(entry: Section) -> Question:
    found = Question(entry.text("words"), _options(entry))
    entry.done()
    return found


def _of_the_bank(entry: Section) -> Question:
    """A question somebody answers for: which option is right, and by which rule (J3)."""
    words, options = entry.text("words"), _options(entry)
    right = entry.count("right", 1)
    if entry.value("right", required=True) is not None and right > max(len(options), 1):
        wanted = f" 1 – {len(options)}"
        entry.fault("value_type", "right", value=right, wanted=wanted, example="1")
    found = Question(words, options, right, entry.text("basis"), entry.text("by"))
    entry.done()
    return found


def _options(entry: Section) -> tuple[str, ...]:
    options = entry.names("options", required=True)
    if options and not _FEWEST <= len(options) <= MOST_OPTIONS:
        wanted = f" {_FEWEST} – {MOST_OPTIONS}"
        entry.fault(
            "value_type", "options", value=len(options), wanted=wanted, example='["a", "b"]'
        )
    return options
