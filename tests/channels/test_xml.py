"""The platform's XML: read as it stands, and never expanded (wechat.md 3.4)."""

import time
from contextlib import suppress
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import _xml
from bot.channels._xml import MAX_DEPTH, XmlError, encrypted, fields

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 8))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("<xml><A>1</A><B><![CDATA[ 两 个 \u2005]]></B></xml>", {"A": "1", "B": " 两 个 \u2005"}),
        ("<xml><A/><B></B></xml>", {"A": "", "B": ""}),
        ("<xml><A>1</A><A>2</A><A>3</A></xml>", {"A": ["1", "2", "3"]}),
        ("<xml><A><B>1</B><B>2</B></A></xml>", {"A": {"B": ["1", "2"]}}),
        ("<xml><A>a &lt;b&gt; &amp;&#65;</A></xml>", {"A": "a <b> &A"}),
        ("<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", {"A": "a]]>b"}),
        ("<xml>\n <A>1</A>\n</xml>", {"A": "1"}),
        (b"<xml><A>\xe9\x97\xa8</A></xml>", {"A": "门"}),
        (b'<?xml version="1.0" encoding="utf-8"?><xml><A>1</A></xml>', {"A": "1"}),
        ("<?xml version='1.0' encoding='gbk'?><xml><A>门</A></xml>", {"A": "门"}),
    ],
    ids="cdata empty repeated nested references end-of-cdata lines bytes declared wrongly-declared".split(),
)
def test_fields_are_read_as_they_stand(said, found):
    assert fields(said) == found


@pytest.mark.parametrize(
    "said",
    [
        "",
        "hello",
        "<xml>words</xml>",
        "<xml><A>1</xml>",
        "<xml><A>1</A></xml><xml/>",
        "<xml><A>&unknown;</A></xml>",
        f'<!DOCTYPE x [<!ENTITY e0 "lol">{BOMB}]><xml><A>&e7;</A></xml>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><A>&f;</A></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><A>1</A></xml>',
        f"<xml>{'<a>' * MAX_DEPTH}{'</a>' * MAX_DEPTH}</xml>",
        f"<xml>{'<a>' * 200_000}",
        b"<xml><A>\xff\xfe</A></xml>",
        b'<?xml version="1.0" encoding="nope"?><xml><A>1</A></xml>',
        b"<xml><A>\x00</A></xml>",
        "<xml><A>\ud800</A></xml>",
    ],
    ids="nothing words no-fields not-closed two-roots unknown-entity bomb file dtd deep very-deep no-utf-8 unknown-encoding nul half-a-sign".split(),
)
def test_what_nobody_sends_in_good_faith_is_refused(said):
    with pytest.raises(XmlError):
        fields(said)


_PIECES = (
    (
        "<A> </A> <B> </B> <A/> <![CDATA[ ]]> ] ]] > & &lt; x \u4e24 \U0001f600 \x7f \x85 \u2028 <!-- --> <?x?> <A\u2005b='1'>"
    )
    .replace("\u2005", "\t")
    .split(" ")
)
_SIGNS = [*_PIECES, " ", "\n", "\r", "\r\n", "\t", "\0", "\x0b", "\ud800", "\ufffe", "<!DOCTYPE x>"]
_WORDS = st.lists(st.sampled_from(_SIGNS), max_size=5).map("".join)
_FIELD = st.builds(
    "{1}<{0}>{2}</{0}>{1}".format,
    st.sampled_from("ABCDE"),
    st.sampled_from(["", "\n", " ", "x"]),
    st.one_of(_WORDS, _WORDS.map("<![CDATA[{}]]>".format)),
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(_WORDS, st.lists(_FIELD, max_size=4).map("".join)).map("<xml>{}</xml>".format))
def test_the_short_way_reads_as_expat_does(said):
    def read():
        try:
            return fields(said)
        except XmlError as error:
            return str(error)

    short = read()
    with mock.patch.object(_xml, "_flat", return_value={}):
        assert short == read()


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("<xml><A><![CDATA[[微笑] a > b]]></A>\n<B>1</B></xml>", True),
        ("<xml><A></A></xml>", True),
        ("<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", False),
        ("<xml><A>1</A><A>2</A></xml>", False),
        ("<xml><A><B>1</B></A></xml>", False),
        ("<xml><A>&amp;</A></xml>", False),
    ],
    ids="brackets empty end-of-cdata repeated nested references".split(),
)
def test_what_platforms_send_goes_the_short_way(said, short):
    assert bool(_xml._flat(said)) is short
    assert not short or _xml._flat(said) == fields(said)


def test_many_beginnings_without_an_end_are_read_in_no_time():
    said = f"<xml>{'<A><![CDATA[' * 20_000}</xml>"
    began = time.perf_counter()
    with pytest.raises(XmlError):
        fields(said)
    assert time.perf_counter() - began < 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_comes_it_is_fields_or_refused(noise):
    for said in (noise, b"<xml><A>" + noise + b"</A></xml>"):
        with suppress(XmlError):
            assert isinstance(fields(said), dict)


@pytest.mark.parametrize(
    ("body", "sealed"),
    [
        (b"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[QUJD+/==]]></Encrypt></xml>", "QUJD+/=="),
        (b"<xml><Encrypt>QUJD</Encrypt></xml>", "QUJD"),
        (b"<xml><Encrypt>\n<![CDATA[\nQUJD\n]]>\n</Encrypt></xml>", "QUJD"),
        (b"<xml><Encrypt></Encrypt></xml>", ""),
    ],
    ids=["cdata", "bare", "lines", "empty"],
)  # fmt: skip
def test_the_ciphertext_is_taken_out_of_its_envelope(body, sealed):
    assert encrypted(body) == sealed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml><A>1</A></xml>",
        b"<xml><Encrypt>@@@</Encrypt></xml>",
        b"<xml><Encrypt>QQ</Encrypt><Encrypt>QQ</Encrypt></xml>",
        b'<!DOCTYPE x [<!ENTITY e "QQ">]><xml><Encrypt>&e;</Encrypt></xml>',
        b"<xml><Encrypt><a>QQ</a></Encrypt></xml>",
        b"\xff\xfe",
    ],
    ids="nothing none not-base64 two entity nested noise".split(),
)
def test_an_envelope_without_exactly_one_is_refused(body):
    with pytest.raises(XmlError):
        encrypted(body)
