"""The envelope against the published vectors, wechatpy, and the vendor's own package (wechat.md 4)."""

import base64
import fcntl
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels._envelope import BLOCK, Envelope, EnvelopeError
from bot.channels._xml import encrypted

TOKEN, KEY = "GridBotToken2026", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
STAMP, NONCE = "1795305600", "nonce20261122"
SALT = b"abcdefghijklmnop"
CORP = "wwfake0123456789ab"
VENDOR = Path(__file__).parents[1] / "doubles" / "vendor_crypto"
NODE, NPM = shutil.which("node"), shutil.which("npm")

VECTORS = [
    pytest.param(
        "",
        "3417667812",
        "ZnOlBYhoWuZLTtzBJSU1bdvhZj9tN91zZG1n1WEhDXg=",
        "7cd98717b277851f257a926ebd8c9cadb43b7674",
        id="A-address-check",
    ),
    pytest.param(
        "",
        '{"msgid":"MSG001","aibotid":"AIB001","chatid":"CHAT001","chattype":"group","from":{"userid":"zhangsan"},"msgtype":"text","text":{"content":"@网格助手 上报 3栋电梯坏了"}}',
        "ZnOlBYhoWuZLTtzBJSU1bY6J6OAc5M58vVaXiP/0c1DvKvl0aC3bVQ5IhLY3YRyRsh8L8eebrbroY3cse4CEabMao5s6KWyTYV0MfRmcXRbRrWkvxSDJcQ8WZs5yIadnxE8E7f1LM3gvTSTdB9dzZCmLdPPcgEC5vmAGjFTqPGvyqw7amiCP2SGMpAzrGNKPBXEQd5IdV0UoM6/aeP14dEx9ldYlxMbedkMy1xZnk+UWH5poh37SrPYso03hN2qcjpVLpab2I3zvdM2jSD36vIltLwE4Wzt596HklP7O+o8=",
        "994fa0d74db13eba329163346420168622e00981",
        id="B-robot-padded-by-24",
    ),
    pytest.param(
        CORP,
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1795305600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[办结 G2026-0001]]></Content><MsgId>7001</MsgId><AgentID>1000002</AgentID></xml>",
        "ZnOlBYhoWuZLTtzBJSU1bWFq5JBerqrrZN1fybEO9ysWG15VJCUH3//vx1Yl9o3FYOOwyJAXc90kv+A11FlL55+hPqKX5tRJbDrTRK9te9P4p/ATvUT7VhIT9MEip34gdKD9BAcymKZD5Rs1vIf8XFA0CnORo/bVnvdwK4nP5mcV68mghv6EHxqmZyLatGbROLSeZBHs5WhznO4FD+XwXvQIKkXekgWr5cAUfF0//C5yC6SyI/auzoipLxd2h9+PWIxm+SyIf8oPOHnc1bcv2W1UvoDYObLfTyfCIaM3u/k0zOVnCPpGZs4VGRReOX9TaqqxW2g8s1RVF/BAjRUnP79wuaTucr3OKmYJCntGtOTL/TJfn1hV24CPe/8VAPw32y695pemuj2J1kySopypWqKPfmUnaLfo1mKvgG8PU9g=",
        "ebed1570d2878f6308ac81e0c267a32732a66f40",
        id="C-application",
    ),
]


@pytest.mark.parametrize(("receiver", "plain", "sealed", "signature"), VECTORS)
def test_the_vectors_are_sealed_signed_and_opened_as_published(receiver, plain, sealed, signature):
    envelope = Envelope(TOKEN, KEY, receiver)
    assert envelope.seal(plain, salt=SALT) == sealed
    assert envelope.sign(STAMP, NONCE, sealed) == signature
    assert envelope.open(sealed, signature, STAMP, NONCE) == plain


def test_nothing_of_what_was_opened_before_shows():
    """One decryptor opens all; what does not open leaves no trace either."""
    envelope, other = Envelope(TOKEN, KEY, CORP), Envelope(TOKEN, "B" * 43, CORP)

    def opened(sealed):
        return envelope.open(sealed, envelope.sign(STAMP, NONCE, sealed), STAMP, NONCE)

    for number in range(5):
        words = f"第{number}条" * (number + 1)
        for broken in (other.seal("别人的"), envelope.seal(words)[:40], "@@@"):
            with pytest.raises(EnvelopeError):
                opened(broken)
        assert opened(envelope.seal(words)) == words


def test_the_sample_of_the_official_page_opens():
    envelope = Envelope(
        "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
    )
    sealed = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert envelope.open(sealed, signature, "1409659589", "263014780") == "1616140317555161061"


OURS = Envelope(TOKEN, KEY, CORP)
SEALED = OURS.seal("门坏了", salt=SALT)


def sealed_raw(body: bytes) -> str:
    """Bytes sealed as they are, whatever they are: what a faulty sender with the key would send."""
    cipher = OURS._cipher.encryptor()
    return base64.b64encode(cipher.update(body) + cipher.finalize()).decode()


def padded(body: bytes) -> bytes:
    pad = BLOCK - len(body) % BLOCK
    return body + bytes([pad]) * pad


def with_size(size: int, text: bytes = b"hello", receiver: bytes = CORP.encode()) -> str:
    return sealed_raw(padded(SALT + size.to_bytes(4, "big") + text + receiver))


BROKEN = {
    "empty": "",
    "not-base64": "@@@",
    "three-bytes": base64.b64encode(b"abc").decode(),
    "half-a-block": base64.b64encode(b"x" * 40).decode(),
    "other-signs-between": SEALED[:10] + "\n" + SEALED[10:],
    "one-block-missing": base64.b64encode(base64.b64decode(SEALED)[:-16]).decode(),
    "changed": base64.b64encode(bytes([base64.b64decode(SEALED)[0] ^ 1]) + base64.b64decode(SEALED)[1:-1] + b"x").decode(),
    "another-receiver": Envelope(TOKEN, KEY, "wwother").seal("门坏了"),
    "no-receiver": Envelope(TOKEN, KEY, "").seal("门坏了"),
    "another-key": Envelope(TOKEN, "B" * 43, CORP).seal("门坏了"),
    "size-too-large": with_size(2**32 - 1),
    "size-one-too-much": with_size(6),
    "size-into-the-receiver": with_size(5 + len(CORP)),
    "shorter-than-its-head": sealed_raw(padded(b"short")),
    "padding-of-nothing": sealed_raw(b"x" * 31 + b"\x00"),
    "padding-longer-than-a-block": sealed_raw(b"x" * 63 + b"\x21"),
    "padding-not-all-the-same": sealed_raw(b"x" * 30 + b"\x07\x02"),
    "no-utf-8": sealed_raw(padded(SALT + (2).to_bytes(4, "big") + b"\xff\xfe" + CORP.encode())),
}  # fmt: skip


@pytest.mark.parametrize("sealed", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_does_not_open_even_with_a_good_signature(sealed):
    with pytest.raises(EnvelopeError):
        OURS.open(sealed, OURS.sign(STAMP, NONCE, sealed), STAMP, NONCE)


GOOD = OURS.sign(STAMP, NONCE, SEALED)


@pytest.mark.parametrize(
    ("signature", "stamp", "nonce"),
    [
        (GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"), STAMP, NONCE),
        (GOOD.upper(), STAMP, NONCE),
        ("", STAMP, NONCE),
        ("签名\ud800", STAMP, NONCE),
        (GOOD, "1795305601", NONCE),
        (GOOD, STAMP, "other"),
        (GOOD, "", ""),
        (GOOD, "\ud800", NONCE),
    ],
    ids="last-digit upper-case empty not-ascii other-time other-nonce nothing half-a-sign".split(),
)
def test_what_is_not_signed_does_not_open(signature, stamp, nonce):
    with pytest.raises(EnvelopeError, match="signature"):
        OURS.open(SEALED, signature, stamp, nonce)


@pytest.mark.parametrize("key", ["", "short", KEY + "A", "!" * 43], ids=["empty", "short", "long", "signs"])  # fmt: skip
def test_a_key_that_is_none_is_refused_and_not_shown(key):
    with pytest.raises(ValueError, match="EncodingAESKey") as caught:
        Envelope(TOKEN, key)
    assert not key or key not in str(caught.value)


def test_two_of_the_same_words_are_sealed_differently():
    assert OURS.seal("门坏了") != OURS.seal("门坏了")


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
receivers = st.sampled_from([CORP, "wx5823bf96d3bd56c7"])


@settings(max_examples=60, deadline=None)
@given(words, receivers)
def test_whatever_we_seal_wechatpy_opens_and_the_other_way_round(said, receiver):
    ours, theirs = Envelope(TOKEN, KEY, receiver), WeChatCrypto(TOKEN, KEY, receiver)
    sealed = ours.seal(said)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    assert theirs.decrypt_message(body, ours.sign(STAMP, NONCE, sealed), STAMP, NONCE) == said
    answer = theirs.encrypt_message(said, NONCE, STAMP)
    sealed = encrypted(answer.encode())
    assert ours.open(sealed, ours.sign(STAMP, NONCE, sealed), STAMP, NONCE) == said


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_is_sent_it_opens_or_says_that_it_does_not(noise):
    sealed = base64.b64encode(noise).decode()
    with pytest.raises(EnvelopeError):
        OURS.open(sealed, OURS.sign(STAMP, NONCE, sealed), STAMP, NONCE)


# The vendor's own package. Node is no part of the program; it vouches for the envelope.


@pytest.fixture(scope="session")
def vendor():
    """Install the pinned package once; a later run finds it there, parallel workers take turns."""
    lock = (VENDOR / "package-lock.json").read_text()
    stamp = VENDOR / "node_modules" / ".installed-from"
    with (VENDOR / ".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != lock:
            command = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=VENDOR, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
            assert done.returncode == 0, f"npm ci failed in {VENDOR}:\n{done.stderr}"
            stamp.write_text(lock)
    return VENDOR / "script.mjs"


SAID = [
    "门坏了",
    "",
    "a",
    "😀👨‍👩‍👧 emoji",
    "]]>&lt;",
    '{"msgid":"1"}',
    *("长" * n for n in range(1, 40)),
]


@pytest.mark.skipif(NODE is None or NPM is None, reason="Node.js is not installed")
@pytest.mark.parametrize("receiver", [CORP, ""], ids=["application", "robot"])
def test_the_vendor_s_package_opens_ours_and_we_open_the_vendor_s(vendor, receiver):
    ours = Envelope(TOKEN, KEY, receiver)
    sealed = [ours.seal(said) for said in SAID]
    asked = "\n".join(
        json.dumps({"key": KEY, "token": TOKEN, "stamp": STAMP, "nonce": NONCE, "id": receiver, "text": said, "sealed": one})
        for said, one in zip(SAID, sealed, strict=True)
    )  # fmt: skip
    done = subprocess.run([NODE, str(vendor)], input=asked, capture_output=True, text=True, timeout=60, check=True)  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["text"] for one in answers] == SAID
    assert {one["id"] for one in answers} == {receiver}
    for said, one, answer in zip(SAID, sealed, answers, strict=True):
        assert answer["theirs"] == ours.sign(STAMP, NONCE, one)
        assert ours.open(answer["sealed"], answer["signature"], STAMP, NONCE) == said
