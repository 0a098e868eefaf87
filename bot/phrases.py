"""Every word said to a person: templates, sandboxed, strict, cut and escaped for the channel."""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import ceil, floor
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    TemplateError,
)
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from bot.masking import masked, without_flat, without_papers
from domain.messages import Button, Card
from domain.workdays import TZ

MAX_TEXT = 4000
MAX_BYTES = 20480  # where a channel states no bound of its own
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.+]+\Z")
_CODE = re.compile(r"[0-9A-Za-z_.:+\-]*\Z")
# WeCom's Markdown has no dependable escape sign, so signs that would mean something are widened.
_SIGNS = "*_`[]<>#~|\\"
_MARKDOWN = str.maketrans(_SIGNS, "＊＿｀［］＜＞＃～｜＼")
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")
_FOLDERS = ("replies/", "cards/")
_ORDINARY = (
    *("words", "safety", "layout/addressed"),
    *(f"replies/{name}" for name in ("received", "ask_place", "case_added", "progress")),
    *(
        f"replies/{name}"
        for name in ("finished", "thanks", "reopened", "case_closed", "help_staff")
    ),
    *(f"cards/{name}" for name in ("case_new", "accepted", "verify", "case_emergency")),
)
_SHORT = 6  # nothing personal fits in less than this many signs, however it is written
# Values from the deployment's own lists: who works here and where is known to everybody.
_ROSTER = frozenset(
    "name by to who person assignee area building_name category_name "
    "contact card notice notices".split()
)
_Change = Callable[[str], str]


class Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox in which a template can neither reach out nor multiply a text without bound."""

    intercepted_binops = frozenset({"*", "**", "%"})

    @override
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._loaded: dict[str, Template] = {}

    @override
    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Load a template once: no file is looked at again while the program runs."""
        found = self._loaded.get(name) if isinstance(name, str) else None
        if found is None:
            found = super().get_template(name, parent, globals)
            self._loaded[found.name or ""] = found
        return found

    @override
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look into our own values and macros first: nearly all that is asked for stands there."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if type(obj) is TemplateModule and type(found := vars(obj).get(attribute)) is Macro:
            return found
        return super().getattr(obj, attribute)

    @override
    def call(self, context: Any, what: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what is ours at once: macros, of which none escapes, and marks."""
        if not kwargs and (type(what) is Macro or type(getattr(what, "__self__", 0)) is _Parts):
            return what(*args)
        return super().call(context, what, *args, **kwargs)

    @override
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain map: ours never change, and jinja looks through all of it at each import."""
        return {**self.globals, **(d or {})}

    @override
    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"{operator} is not allowed in a template")


class _Compiled(BytecodeCache):
    """What templates were compiled to in this process, by name, file and source.

    The check before the start compiles every one of them, and the program need not do it again.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()  # one for all: every Phrases compiles with the same settings


@dataclass(frozen=True, slots=True)
class Rendered:
    """Words ready for a channel, with the card that says the same words, if it is one."""

    text: str
    card: Card | None


@dataclass
class _Parts:
    """What a template marks as title, fields and buttons while it is rendered."""

    title: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def set_title(self, words: str) -> str:
        self.title = words
        return ""

    def add_field(self, name: str, value: str) -> str:
        if value:
            self.fields.append((name, value))
        return ""

    def add_button(self, key: str, label: str) -> str:
        self.buttons.append(Button(key, label))
        return ""


class Phrases:
    """Renders templates; a deployment's own file of the same name takes the place of ours."""

    def __init__(self, overrides: Path | None = None) -> None:
        loaders: list[BaseLoader] = [PackageLoader("bot", "templates")]
        if overrides is not None and overrides.is_dir():
            loaders.insert(0, FileSystemLoader(overrides, encoding="utf-8-sig"))
        self._env = Sandbox(
            loader=ChoiceLoader(loaders),
            undefined=StrictUndefined,
            autoescape=False,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            bytecode_cache=_COMPILED,
            auto_reload=False,  # a changed template counts from the next start, as all settings do
        )
        self._env.filters["moment"] = _moment
        self._env.filters["span"] = _span
        self._env.filters["masked"] = _masked
        self._env.filters["for_outsiders"] = _for_outsiders
        self._env.globals.pop("range", None)
        self._env.globals.pop("lipsum", None)

    def names(self) -> list[str]:
        """Every message that can be said, by name: folder/file without its ending."""
        found = self._env.list_templates(filter_func=lambda n: n.startswith(_FOLDERS))
        return sorted(name.removesuffix(".j2") for name in found if name.endswith(".j2"))

    def warm(self) -> None:
        """Compile what an ordinary day's cases are told with; may run in a thread of its own.

        One that is wrong is told of when it is to be said, and by the check before a start.
        """
        for name in _ORDINARY:
            with suppress(TemplateError):
                self._env.get_template(f"{name}.j2")

    def render(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        task_id: str = "",
        markup: str = "plain",
        max_bytes: int = MAX_BYTES,
        public: bool = False,
        alone: bool = False,
    ) -> Rendered:
        """Render one message. Raises jinja2.TemplateError when the template is wrong.

        Where neighbours read along it is `public`. Personal numbers and names are starred out,
        except that who is spoken to `alone` sees telephone numbers and names.
        """
        values = _shown(
            context, _papers if alone else _masked, _widened if markup == "markdown" else _as_it_is
        )
        return self._said(template, values, task_id, max_bytes, public)

    def _said(
        self, template: str, values: Mapping[str, Any], task_id: str, max_bytes: int, public: bool
    ) -> Rendered:
        """Render a message with values that may be shown as they are."""
        parts = _Parts()
        body = _tidy(
            self._env.get_template(template + ".j2").render(
                values,
                public=public,
                title=parts.set_title,
                field=parts.add_field,
                button=parts.add_button,
            )
        )
        name = str(values.get("name") or "")
        lines = [parts.title, *(f"{key}：{value}" for key, value in parts.fields), body]
        text = self._addressed(name, "\n".join(line for line in lines if line))
        card = None
        if parts.title and parts.buttons and task_id:
            body = self._addressed(name, body)  # a card names him too
            card = Card(task_id, parts.title, body, tuple(parts.fields), tuple(parts.buttons))
        return Rendered(cut(_tidy(text), max_bytes), card)

    def values(self, context: Mapping[str, Any], *, alone: bool = False) -> dict[str, str]:
        """What a message's case tells in plain values, masked as its text is; {} without a case.

        For platforms that take only their own words with gaps: times as people read them, the
        status in words.
        """
        case = _shown(context, _papers if alone else _masked, _as_it_is).get("case")
        if not isinstance(case, dict):
            return {}
        found = {key: _local(one) for key, one in case.items() if isinstance(one, str) and one}
        if "status" in found:
            try:
                found["status"] = (
                    self._env.get_template("layout/status.j2").render(case=case).strip()
                )
            except TemplateError:  # a case told in part: a gap more, but the message goes
                del found["status"]
        return found

    def _addressed(self, name: str, body: str) -> str:
        """The words with the name of who is spoken to, if there is one."""
        if not name:
            return body
        return self._env.get_template("layout/addressed.j2").render(name=name, body=body)

    def check(
        self, samples: Mapping[str, Any], names: Sequence[str] = ()
    ) -> Iterator[tuple[str, int, str]]:
        """Every template, or those named, that cannot be said: name, line, what is wrong."""
        # The samples are many: they are walked once, and not for each of some 300 templates.
        plain = _shown(samples, _masked, _as_it_is)
        widened = _shown(samples, _masked, _widened)
        for name in names or self.names():
            for values in (plain, widened):
                with _faults() as faults:
                    self._said(name, values, "G1_1", MAX_BYTES, public=False)
                if faults:
                    yield (name + ".j2", *faults[0])
                    break


@contextmanager
def _faults() -> Iterator[list[tuple[int, str]]]:
    found: list[tuple[int, str]] = []
    try:
        yield found
    except TemplateError as error:
        found.append((getattr(error, "lineno", 0) or 0, str(error)))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        found.append((0, str(error)))


def cut(text: str, max_bytes: int) -> str:
    """Cut a text by UTF-8 bytes on a character boundary, with a sign that it was cut."""
    data = text.encode("utf-8", "ignore")
    if len(data) <= max_bytes:
        return data.decode()
    return data[: max(max_bytes - 3, 0)].decode("utf-8", "ignore") + "…"


def _shown(context: Mapping[str, Any], hide: _Change, widen: _Change) -> dict[str, Any]:
    """JSON as it may be shown: each text `hide`n, but for those of the roster, and `widen`ed."""
    shown = dict(context)
    for key, value in context.items():
        if value and value is not True:
            shown[key] = _one(value, _as_it_is if key in _ROSTER else hide, widen)
    return shown


def _one(value: object, hide: _Change, widen: _Change) -> Any:  # noqa: ANN401 -- typed as JSON
    if isinstance(value, str):
        if len(value) < _SHORT:
            return widen(value)
        return value if _MOMENT.match(value) else widen(hide(value))
    if isinstance(value, dict):
        return _shown(value, hide, widen)
    if isinstance(value, list | tuple):
        return [_one(one, hide, widen) for one in value]
    return value


def _as_it_is(text: str) -> str:
    return text


@lru_cache(maxsize=1024)  # the same words are told to several, and most values are few
def _masked(text: str) -> str:
    """Personal numbers and full names starred out."""
    return masked(text) if len(text) >= _SHORT else text


def _for_outsiders(text: str) -> str:
    """Words for who has promised nothing yet: no numbers, no full names, no flat."""
    return without_flat(masked(text))


@lru_cache(maxsize=1024)
def _papers(text: str) -> str:
    """Identity and bank card numbers starred out."""
    return without_papers(text) if len(text) >= _SHORT else text


def _widened(text: str) -> str:
    """Signs that mean something in Markdown widened; codes pass as they are."""
    return text if not _SIGN.search(text) or _CODE.match(text) else text.translate(_MARKDOWN)


def _local(text: str) -> str:
    """A moment as people here read it; any other text as it is."""
    if not _MOMENT.match(text):
        return text
    return datetime.fromisoformat(text).astimezone(TZ).strftime("%Y-%m-%d %H:%M")


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text[:MAX_TEXT].split("\n")]
    return "\n".join([line for line in lines if line]).strip()


def _moment(iso: str, now: str) -> dict[str, Any]:
    """A moment in pieces, as seen from `now`: days ahead, month, day, weekday, "HH:MM"."""
    at = datetime.fromisoformat(iso).astimezone(TZ)
    today = datetime.fromisoformat(now).astimezone(TZ).date()
    return {
        "days": (at.date() - today).days,
        "month": at.month,
        "day": at.day,
        "weekday": at.isoweekday(),
        "time": f"{at.hour:02}:{at.minute:02}",
    }


def _span(iso: str, now: str) -> dict[str, Any]:
    """The time from `now` to a moment in pieces: past or not, days, hours, minutes."""
    seconds = (datetime.fromisoformat(iso) - datetime.fromisoformat(now)).total_seconds()
    minutes = ceil(seconds / 60) if seconds > 0 else floor(-seconds / 60)
    return {
        "past": seconds < 0,
        "days": minutes // 1440,
        "hours": minutes // 60 % 24,
        "minutes": minutes % 60,
    }
