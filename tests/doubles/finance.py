"""The message archive's double: the stub library, records sealed as the platform seals them, consent.

The stub (finance_stub.c) has the exported functions of the vendor's library; how a real one fails
beyond its published codes is not known.
"""

import base64
import json
import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.doubles.platform import OK, Call, Platform

SOURCE = Path(__file__).with_name("finance_stub.c")
KILLER = "KILLS-THE-LIBRARY"  # words the stub does not survive
LIBRARY = "libWeWorkFinanceSdk_C.so"


def compiled(folder: Path) -> Path:
    """The stub as a shared library; the test is skipped where nothing can compile it."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler here: the stub of the vendor's library cannot be built")
    library = folder / LIBRARY
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(SOURCE), "-ldl"],
        check=True,
    )
    return library


def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Keys(dict[int, rsa.RSAPrivateKey]):
    """The keys of all versions, each made when it is first asked for: that takes long."""

    def __missing__(self, version: int) -> rsa.RSAPrivateKey:
        self[version] = private_key()
        return self[version]


@dataclass
class Archive:
    """What the archive holds: `say` adds a record, sealed with the key of a version."""

    folder: Path
    keys: dict[int, rsa.RSAPrivateKey]
    seq: int = 0
    consents: dict[str, dict[str, str]] = field(default_factory=dict)
    permitted: list[str] = field(default_factory=lambda: ["zhangsan"])

    def say(self, msgid: str, *, version: int = 3, sealed_by: int | None = None, **entry) -> int:
        """Add a record; `sealed_by` another key than its version says. Returns its seq."""
        plain = {"msgid": msgid, "action": "send", **entry}
        return self.add(msgid, json.dumps(plain, ensure_ascii=False), version, sealed_by)

    def add(self, msgid: str, plain: str, version: int = 3, sealed_by: int | None = None) -> int:
        """Add a record that holds these words, whatever they are."""
        self.seq += 1
        key = secrets.token_hex(16).encode()
        words = plain.encode()
        wide = key * (len(words) // len(key) + 1)
        public = self.keys[sealed_by or version].public_key()
        record = {
            "seq": self.seq,
            "msgid": msgid,
            "publickey_ver": version,
            "encrypt_random_key": base64.b64encode(
                public.encrypt(key, padding.PKCS1v15())
            ).decode(),
            "encrypt_chat_msg": bytes(a ^ b for a, b in zip(words, wide, strict=False)).hex(),
        }
        with (self.folder / "records").open("a") as file:
            file.write(f"{self.seq}\t{json.dumps(record)}\n")
        return self.seq

    def text(
        self, msgid: str, words: str, *, by: str = "zhangsan", room: str = "wrFake0001", **more
    ):
        """Somebody writes."""
        entry = {"tolist": ["lisi"], "msgtype": "text", "text": {"content": words}}
        self.say(msgid, **{"from": by}, roomid=room, **({"msgtime": 0} | entry | more))

    def file(self, name: str, data: bytes) -> None:
        """A file that can be fetched."""
        (self.folder / "media").mkdir(exist_ok=True)
        (self.folder / "media" / name).write_bytes(data)

    def fault(self, *lines: str) -> None:
        """What goes wrong next: "FUNCTION code", "FUNCTION abort", "FUNCTION hang"."""
        with (self.folder / "faults").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def answer(self, answer: dict | None) -> None:
        """What the platform says instead of a page; None: pages again."""
        path = self.folder / "answer"
        path.unlink(missing_ok=True) if answer is None else path.write_text(json.dumps(answer))

    def calls(self, name: str) -> list[str]:
        """The calls of one function, with what stood behind its name."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line[len(name) :].strip() for line in lines if line.split(" ")[0] == name]

    def consent(self, status: str, *people: str, room: str = "wrFake0001", at: int = 0) -> None:
        """How people in a place stand: Agree, Default_Agree or Disagree; `at` in seconds."""
        place = self.consents.setdefault(room, {})
        place |= dict.fromkeys(people, f"{status} {at}")

    def serve(self, platform: Platform) -> None:
        """Serve the platform's calls about the archive."""
        platform.serve("/cgi-bin/msgaudit/check_room_agree", self._room)
        platform.serve("/cgi-bin/msgaudit/check_single_agree", self._single)
        platform.serve("/cgi-bin/msgaudit/get_permit_user_list", self._permitted)

    async def _room(self, call: Call) -> dict:
        known = self.consents.get(call.body["roomid"], {})
        return OK | {"agreeinfo": [_info(person, status) for person, status in known.items()]}

    async def _single(self, call: Call) -> dict:
        found = []
        for one in call.body["info"]:
            person = one["exteranalopenid"]
            status = self.consents.get(one["userid"], {}).get(person)
            found += [_info(person, status) | {"userid": one["userid"]}] if status else []
        return OK | {"agreeinfo": found}

    async def _permitted(self, call: Call) -> dict:
        return OK | {"ids": self.permitted}


def _info(person: str, status: str) -> dict:
    word, at = status.split(" ")
    return {"exteranalopenid": person, "agree_status": word, "status_change_time": int(at)}


def pem(key) -> bytes:
    """A key's file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
