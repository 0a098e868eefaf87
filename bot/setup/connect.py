"""`gridbot connect`: leads an operator through setting up one channel, and checks it live.

What is no secret goes into gridbot.toml. Secrets are only named, by their variables; one is shown
only when it was made here a moment ago, for it has to be pasted on the platform's side too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from bot.deployment.settings import variable_of
from bot.setup.draft import CannotConnect, Draft, Place
from bot.setup.examine import line, look
from bot.setup.guide import Guide, guide_of, said
from bot.setup.keys import fresh, public_key_of

_PLAIN = "plain"  # the mode in which nothing is encrypted: there is no key to make


class Operator(Protocol):
    """Who is led. `present` is False where nobody can answer."""

    present: bool

    def say(self, text: str) -> None:
        """Show him a line."""

    def ask(self, question: str, *, hidden: bool) -> str:
        """His answer, "" when he has none."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """One channel being set up."""

    place: Place
    kind: str
    operator: Operator

    @classmethod
    def begin(
        cls, place: Place, kind: str, operator: Operator, public_url: str = ""
    ) -> "Connecting":
        """See that name, kind and address will do, and that there is a section.

        What will not do leaves everything as it was. Raises CannotConnect.
        """
        connecting = cls(place, place.kind(kind), operator)
        _host(public_url)
        if place.section is None:
            place.add(connecting.kind)
            connecting._say("section_new", name=place.name)
        return connecting

    def lead(self, public_url: str) -> Draft:
        """Everything up to the live check: steps and values. Raises CannotConnect, Faults."""
        draft = self.place.read()
        guide = self._guide(draft)
        self._say("title", name=self.place.name, title=guide.title)
        if guide.warning:
            self.operator.say(guide.warning)
        if guide.callback or public_url:
            draft = self._placed(draft, public_url)
        self._steps(draft, guide)
        draft = self._generated(draft, guide)
        draft = self._private_key(draft, guide.generate_rsa)
        if self.operator.present:
            draft = self._asked(draft, guide)
        self._variables(draft)
        return draft

    async def finish(self, draft: Draft) -> bool:
        """Check live what can be checked, and sum up; True when nothing is missing."""
        good = await self._checked(draft)
        lacking = list(self._lacking(draft))
        if lacking:
            self._say("missing")
        for text in lacking:
            self.operator.say(text)
        if not lacking and not draft.section.enabled:
            self._switch(draft, good=good)
        done = good and not lacking
        self._say("done" if done else "not_done", name=self.place.name, folder=self.place.folder)
        return done

    def _switch(self, draft: Draft, *, good: bool) -> None:
        """Turn the channel on; one that carries a warning only its operator turns on.

        Also where something is wrong, if the platform calls: it wants its address answered before
        it takes our calls (企业可信IP, wechat.md 2.1).
        """
        guide = self._guide(draft)
        if guide.warning:
            self._say("section_yours", name=self.place.name)
        elif good or guide.callback:
            self.place.write(self.place.table, {"enabled": True})
            self._say("section_on" if good else "section_early", name=self.place.name)

    async def _checked(self, draft: Draft) -> bool:
        if draft.section.missing():
            self._say("not_checked")
            return False
        self._say("checking")
        found = await look(draft.settings, self.place.folder, self.place.name, draft.section)
        for one in found:
            self.operator.say(line(one))
        return all(one.good for one in found)

    # Values

    def _placed(self, draft: Draft, public_url: str) -> Draft:
        """Settle under which address the platform reaches us."""
        given = public_url or draft.settings.http.public_url
        if not given and self.operator.present:
            given = self._typed_url()
        url = given.strip().rstrip("/")
        if not url:
            return draft
        host = _host(url)
        if url != draft.settings.http.public_url:
            self.place.write(("http",), {"public_url": url})
            self._say("written", keys="public_url")
            draft = self.place.read()
        if urlsplit(url).scheme == "http":
            self._say("url_plain")
        if inside(host):
            self._say("url_inside", host=host)
        return draft

    def _typed_url(self) -> str:
        """The address an operator types; one that will not do is none for now."""
        typed = self.operator.ask(said("say", "url_ask"), hidden=False)
        try:
            _host(typed)
        except CannotConnect as error:
            self.operator.say(str(error))
            return ""
        return typed

    def _generated(self, draft: Draft, guide: Guide) -> Draft:
        """Make the secrets the platform lets us choose, and show them this once."""
        wanted = () if draft.mode == _PLAIN else guide.generate
        lacking = [key for key in wanted if draft.empty(key)]
        for key in lacking:
            draft = draft.filled(key, fresh(key), made=True)
        if lacking:
            self._say("generated")
        for key in lacking:
            self._say("generated_line", key=key, value=draft.held[key])
        return draft

    def _private_key(self, draft: Draft, key: str) -> Draft:
        """Make a private key where one is needed and missing, and show its public half."""
        if key not in draft.section.missing():
            return draft
        file = f"keys/{self.place.name}-1.pem"
        try:
            public = public_key_of(self.place.folder / file)
        except (OSError, ValueError) as error:
            reason = type(error).__name__
            raise CannotConnect(said("say", "no_key", file=file, reason=reason)) from error
        self.place.write((*self.place.table, key), {"1": file})
        self._say("public_key", file=file)
        self.operator.say(public)
        return replace(self.place.read(), held=draft.held, made=draft.made)

    def _asked(self, draft: Draft, guide: Guide) -> Draft:
        """Ask for what is missing; what is no secret is written down."""
        for key in draft.section.missing():
            if isinstance(getattr(draft.section, key), str | list | SecretStr):
                draft = self._answered(draft, key, guide.ask.get(key, ""))
        return draft

    def _answered(self, draft: Draft, key: str, where: str) -> Draft:
        question = said("say", "ask", key=key, where=where)
        answer = self.operator.ask(question, hidden=draft.secret(key)).strip()
        if not answer:
            return draft
        try:
            draft = draft.filled(key, answer)
        except ValidationError:
            self._say("ask_bad", key=key, where=where)
            return draft
        if not draft.secret(key):
            self.place.write(self.place.table, {key: getattr(draft.section, key)})
            self._say("written", keys=key)
        return draft

    # What he reads

    def _say(self, key: str, /, **fill: object) -> None:
        self.operator.say(said("say", key, **fill))

    def _guide(self, draft: Draft) -> Guide:
        return guide_of(self.kind, draft.mode)

    def _steps(self, draft: Draft, guide: Guide) -> None:
        http, name = draft.settings.http, self.place.name
        url = f"{http.public_url.rstrip('/')}/callback/{name}"
        shown = url if http.public_url else said("say", "url_gap", url=url)
        near = f"http://{http.host}:{http.port}{url}"  # who calls from here needs no public address
        fill = {
            "name": name,
            "url": shown,
            "socket": (url if http.public_url else near).replace("http", "ws", 1),
            "prefix": variable_of(name, ""),
        }
        self._say("steps")
        for number, text in enumerate(guide.steps, 1):
            words = text.format(**fill)
            self.operator.say(said("mark", "step", number=number, text=words))
        if guide.callback:
            self._say("url" if http.public_url else "url_none", url=url)
            self._say("url_rules", host=http.host, port=http.port)

    def _variables(self, draft: Draft) -> None:
        """Name the variables of secrets that nobody keeps yet, or that nobody has told."""
        untold = [key for key in draft.section.missing() if draft.secret(key)]
        if draft.held or untold:
            self._say("env")
        for key in (*draft.held, *untold):
            value = said("say", "env_typed" if key in draft.held else "env_wanted")
            shown = draft.held[key] if key in draft.made else value
            self._say("env_line", variable=variable_of(self.place.name, key), value=shown)

    def _lacking(self, draft: Draft) -> Iterator[str]:
        guide, name = self._guide(draft), self.place.name
        for key in draft.section.missing():
            if draft.secret(key):
                yield said("say", "missing_env", variable=variable_of(name, key))
            else:
                yield said("say", "missing_line", key=key, where=guide.ask.get(key, ""))
        for key in draft.held:
            yield said("say", "missing_env", variable=variable_of(name, key))
        if guide.callback and not draft.settings.http.public_url:
            yield said("say", "missing_url")


def _host(url: str) -> str:
    """The host of a web address; "" where none is given. Raises CannotConnect for what is none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # brackets without an end
        parts = urlsplit("")
    if not url.strip():
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CannotConnect(said("say", "bad_url", url=url))
    return parts.hostname


def inside(host: str) -> bool:
    """Whether a host's name shows that the internet does not reach it."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal"))
