"""Text messages against the double of both clouds, over HTTP."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import structlog

from bot.channels import _sms_sign as sign
from bot.channels import sms
from bot.channels._sms_codes import ALIYUN, TENCENT, meaning
from bot.channels.base import Failure, FetchError, SendError, Unknown
from bot.channels.sms import Settings, Sms
from domain.messages import Address, Outbound
from tests.channels.parts import Ears, called, made
from tests.channels.wecom_tools import eventually, running
from tests.doubles import sms_clouds as double
from tests.doubles.sms_clouds import APP_ID, KEY_ID, KEY_SECRET, SIGN, Clouds

PHONE, KEY = "13812345678", "report-key-0123456789"
PROVIDERS = ["aliyun", "tencent"]


@dataclass
class Desk:
    """The running channel, its cloud, and a clock that is moved by hand."""

    clouds: Clouds
    channel: Sms
    at: datetime = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    async def refused(self, outbound):
        with pytest.raises(SendError) as caught:
            await self.channel.send(outbound)
        return caught.value


@asynccontextmanager
async def desk(folder, provider="aliyun", rest=(0.0, 0.0), **changes):
    async with double.running() as clouds:
        it = Desk(clouds, None)
        async with made(folder, "sms", lambda: it.at) as parts:
            given = {
                "provider": provider,
                "access_key_id": KEY_ID,
                "access_key_secret": KEY_SECRET,
                "sign_name": SIGN,
                "app_id": APP_ID,
                "templates": {"default": {"id": "SMS_1", "params": ["number", "status"]}},
                "report_key": KEY,
                "api_base": clouds.base,
                **changes,
            }
            it.channel = Sms(Settings(**given), parts, rest)
            async with running(it.channel, Ears()):
                await eventually(lambda: it.channel.connected)
                yield it


def said(**changes):
    values = {"number": "G1001", "status": "已办结，等您评价"}
    base = Outbound(
        "once-1",
        Address("sms", PHONE),
        "G1001 办好了吗？\n请回复",
        template="cards/verify",
        values=values,
    )
    return replace(base, **changes)


# Signatures: the examples the vendors publish


ALIYUN_HEADERS = {
    "host": "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-version": "2014-05-26",
}
ALIYUN_QUERY = {
    "RegionId": "cn-shanghai",
    "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
}
ALIYUN_SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
TENCENT_HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "host": "cvm.tencentcloudapi.com",
}
TENCENT_BODY = (
    rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
)
TENCENT_SIGNATURE = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
TENCENT_KEYS = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")


def test_aliyun_s_published_example():
    """help.aliyun.com, V3版本请求体&签名机制, 固定参数示例."""
    query = sign.canonical_query(ALIYUN_QUERY)
    header = sign.aliyun(("YourAccessKeyId", "YourAccessKeySecret"), query, ALIYUN_HEADERS)
    signed = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    assert header == (
        f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={signed},"
        f"Signature={ALIYUN_SIGNATURE}"
    )
    again = double.aliyun_signature("YourAccessKeySecret", query, ALIYUN_HEADERS, signed, b"")
    assert again == ALIYUN_SIGNATURE


def test_tencent_s_published_example():
    """Tencent Cloud, Signature v3: DescribeInstances at 1551113065."""
    at = datetime.fromtimestamp(1551113065, UTC)
    header = sign.tencent(TENCENT_KEYS, "cvm", TENCENT_HEADERS, TENCENT_BODY, at)
    assert header == (
        f"TC3-HMAC-SHA256 Credential={TENCENT_KEYS[0]}/2019-02-25/cvm/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={TENCENT_SIGNATURE}"
    )
    again = double.tencent_signature(
        TENCENT_KEYS[1], "cvm", "1551113065", TENCENT_HEADERS, "content-type;host", TENCENT_BODY
    )
    assert again == TENCENT_SIGNATURE


def test_a_query_is_written_as_rfc_3986_has_it():
    odd = {"b": "1~* +/&=%", "a": "社区"}
    assert sign.canonical_query(odd) == "a=%E7%A4%BE%E5%8C%BA&b=1~%2A%20%2B%2F%26%3D%25"


# Out


async def test_aliyun_takes_a_message(tmp_path):
    async with desk(tmp_path) as it:
        assert await it.channel.send(said()) == "biz-1"
        ((phone, template, values, mark),) = it.clouds.taken
    assert (phone, template) == (PHONE, "SMS_1")
    assert values == {"number": "G1001", "status": "已办结，等您评价"}
    assert len(mark) == 32


async def test_tencent_takes_a_message(tmp_path):
    async with desk(tmp_path, "tencent") as it:
        assert await it.channel.send(said()) == "sn-1"
        ((phone, template, values, _),) = it.clouds.taken
    assert (phone, template) == (f"+86{PHONE}", "SMS_1")
    assert values == ["G1001", "已办结，等您评价"]


ODD = "a+b/c=d&e%20 ~*'\"\\👍】"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_signs_of_every_kind_are_signed_as_they_are_sent(tmp_path, provider):
    async with desk(tmp_path, provider) as it:
        await it.channel.send(said(values={"number": "G1", "status": ODD}))
    ((_, _, values, _),) = it.clouds.taken
    assert list(values.values() if provider == "aliyun" else values) == ["G1", ODD]


VALUES = {
    "the message's own template": (
        {"cards/verify": {"id": "SMS_2", "params": ["number"]}, "default": {"id": "SMS_1"}},
        ("SMS_2", {"number": "G1001"}),
    ),
    "a template without gaps": ({"default": {"id": "SMS_1"}}, ("SMS_1", {})),
    "gaps of other names": (
        {"default": {"id": "SMS_1", "params": ["code=number", "at = time"]}},
        ("SMS_1", {"code": "G1001", "at": "2026-11-22 10:00"}),
    ),
    "its first line": (
        {"default": {"id": "SMS_1", "params": ["text"]}},
        ("SMS_1", {"text": "G1001 办好了吗？"}),
    ),
    "a long value, cut at a character": (
        {"default": {"id": "SMS_1", "params": ["words"]}},
        ("SMS_1", {"words": "好" * 34 + "…"}),
    ),
}


@pytest.mark.parametrize(("templates", "expected"), VALUES.values(), ids=VALUES)
async def test_what_stands_in_the_gaps(tmp_path, templates, expected):
    async with desk(tmp_path, templates=templates) as it:
        words = {**said().values, "words": "好" * 90}
        await it.channel.send(said(values=words))
    assert it.clouds.taken[0][1:3] == expected


NO_WAY = {
    "no template": (said(), {"replies/other": {"id": "SMS_1"}}),
    "a value is missing": (said(values={"number": "G1"}), None),
    "a value is empty": (said(values={"number": "G1", "status": " \n"}), None),
    "a group": (said(address=Address("sms", PHONE, group=True)), None),
    "a landline": (said(address=Address("sms", "010-62345678")), None),
    "no number": (said(address=Address("sms", "wmWang")), None),
    "several numbers": (said(address=Address("sms", f"{PHONE},13900000000")), None),
}


@pytest.mark.parametrize(("outbound", "templates"), NO_WAY.values(), ids=NO_WAY)
async def test_where_it_is_no_way_to_say_it_nothing_is_asked(tmp_path, outbound, templates):
    more = {"templates": templates} if templates else {}
    async with desk(tmp_path, **more) as it:
        error = await it.refused(outbound)
    assert (error.retryable, error.unreachable) == (False, True)
    assert it.clouds.calls == 0


@pytest.mark.parametrize("number", [f"+86{PHONE}", f"86{PHONE}"])
async def test_a_number_with_the_country_before_it(tmp_path, number):
    async with desk(tmp_path) as it:
        await it.channel.send(said(address=Address("sms", number)))
    assert it.clouds.taken[0][0] == PHONE


# Refusals

# code: retryable, unreachable, trouble
REFUSALS = {
    "aliyun": {
        "isv.BUSINESS_LIMIT_CONTROL": (True, False, ""),
        "Throttling.User": (True, False, ""),
        "isp.SYSTEM_ERROR": (True, False, ""),
        "isv.MOBILE_NUMBER_ILLEGAL": (False, True, ""),
        "isv.CUSTOMER_REFUSED": (False, True, ""),
        "isv.PARAM_LENGTH_LIMIT": (False, False, ""),
        "isv.BLACK_KEY_CONTROL_LIMIT": (False, False, ""),
        "isv.NEVER_HEARD_OF": (False, False, ""),
        "Never.HeardOf": (True, False, ""),
        "": (True, False, ""),
        "SignatureDoesNotMatch": (True, False, "sms_key_bad"),
        "InvalidAccessKeyId.NotFound": (True, False, "sms_key_bad"),
        "InvalidTimeStamp.Expired": (True, False, "sms_clock_bad"),
        "isp.RAM_PERMISSION_DENY": (True, False, "sms_permission_bad"),
        "isv.SMS_SIGNATURE_ILLEGAL": (True, False, "sms_sign_bad"),
        "isv.SIGN_STATE_ILLEGAL": (True, False, "sms_sign_bad"),
        "isv.SMS_TEMPLATE_ILLEGAL": (True, False, "sms_template_bad"),
        "isv.AMOUNT_NOT_ENOUGH": (True, False, "sms_money_bad"),
        "isv.DAY_LIMIT_CONTROL": (True, False, "sms_quota_bad"),
    },
    "tencent": {
        "LimitExceeded.PhoneNumberDailyLimit": (True, False, ""),
        "LimitExceeded.DeliveryFrequencyLimit": (True, False, ""),
        "Error:RequestLimitExceeded": (True, False, ""),
        "Error:InternalError": (True, False, ""),
        "InvalidParameterValue.IncorrectPhoneNumber": (False, True, ""),
        "FailedOperation.PhoneNumberInBlacklist": (False, True, ""),
        "FailedOperation.ContainSensitiveWord": (False, False, ""),
        "InvalidParameterValue.TemplateParameterLengthLimit": (False, False, ""),
        "Error:AuthFailure.SignatureFailure": (True, False, "sms_key_bad"),
        "Error:AuthFailure.SignatureExpire": (True, False, "sms_clock_bad"),
        "Error:UnauthorizedOperation.RequestIpNotInWhitelist": (True, False, "sms_permission_bad"),
        "FailedOperation.SignatureIncorrectOrUnapproved": (True, False, "sms_sign_bad"),
        "FailedOperation.TemplateIncorrectOrUnapproved": (True, False, "sms_template_bad"),
        "FailedOperation.InsufficientBalanceInSmsPackage": (True, False, "sms_money_bad"),
        "InvalidParameterValue.SdkAppIdNotExist": (True, False, "sms_app_bad"),
    },
}
CASES = [
    (cloud, code, *what)
    for cloud, codes in REFUSALS.items()
    for code, what in codes.items()
    if code
]


@pytest.mark.parametrize(("provider", "code", "retryable", "unreachable", "trouble"), CASES)
async def test_a_refusal_says_what_is_next(
    tmp_path, provider, code, retryable, unreachable, trouble
):
    async with desk(tmp_path, provider, rest=(60.0, 60.0)) as it:
        it.clouds.answers.append(code)
        error = await it.refused(said())
        assert (error.retryable, error.unreachable) == (retryable, unreachable)
        assert it.channel.trouble == trouble
        assert it.channel.connected == (not trouble)
    assert it.clouds.taken == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_code_of_the_table_is_shown(provider):
    table = {"aliyun": ALIYUN, "tencent": TENCENT}[provider]
    for word, found in table.items():
        assert meaning(f"{word}x" if word.endswith(".") else word, table) == found


@pytest.mark.parametrize("code", ["isv.BUSINESS_LIMIT_CONTROL"])
async def test_a_number_s_own_limit_waits_minutes(tmp_path, code):
    async with desk(tmp_path) as it:
        it.clouds.answers.append(code)
        assert (await it.refused(said())).retry_after == 300


@pytest.mark.parametrize("lost", [500, 502, "half", "list"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_may_have_been_sent_is_not_sent_again(tmp_path, provider, lost):
    async with desk(tmp_path, provider) as it:
        it.clouds.answers.append(lost)
        error = await it.refused(said())
    assert (error.retryable, error.unreachable) == (False, False)
    assert it.channel.limits.unknown is Unknown.DROP


async def test_silence_is_not_asked_again(tmp_path, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    async with desk(tmp_path) as it:
        it.clouds.answers.append("silent")
        error = await it.refused(said())
        assert (error.retryable, error.unreachable) == (False, False)


@pytest.mark.parametrize("status", [429, 503])
async def test_what_was_not_taken_is_tried_again(tmp_path, status):
    async with desk(tmp_path) as it:
        it.clouds.answers.append(status)
        assert (await it.refused(said())).retryable


async def test_where_nobody_listens_it_is_tried_again(tmp_path):
    async with desk(tmp_path, api_base="http://127.0.0.1:1") as it:
        assert (await it.refused(said())).retryable


async def test_where_no_connection_comes_in_time_it_is_tried_again(tmp_path, monkeypatch):
    """Nothing was said over a connection that was never made: nothing can be sent or paid twice."""

    async def never(*_args, **_more):
        await asyncio.Event().wait()

    monkeypatch.setattr(sms, "TIMEOUT", aiohttp.ClientTimeout(total=5.0, connect=0.02))
    async with desk(tmp_path) as it:
        monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", never)
        assert (await it.refused(said())).retryable
    assert it.clouds.taken == []


# Trouble


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_trouble_ends_when_the_operator_has_mended_it_and_nobody_was_written_to(
    tmp_path, provider
):
    async with desk(tmp_path, provider) as it:
        it.clouds.secret = "another"
        await it.refused(said())
        assert it.channel.trouble == "sms_key_bad"
        await eventually(lambda: it.clouds.calls >= 3)  # it looks again and again
        assert not it.channel.connected
        it.clouds.secret = KEY_SECRET
        await eventually(lambda: it.channel.connected)
        assert it.channel.trouble == ""
        assert it.clouds.taken == []
        await it.channel.send(said())


async def test_it_is_not_connected_before_it_runs(tmp_path):
    async with desk(tmp_path) as it:
        channel = it.channel
    assert not channel.connected


# Reports

ALIYUN_ROW = {
    "phone_number": PHONE,
    "send_time": "2026-11-22 10:00:00",
    "report_time": "2026-11-22 10:00:05",
    "success": False,
    "err_code": "MOBILE_ACCOUNT_ABNORMAL",
    "err_msg": "号码状态异常",
    "sms_size": "1",
    "biz_id": "biz-1",
    "out_id": "x",
}
TENCENT_ROW = {
    "user_receive_time": "2026-11-22 10:00:05",
    "nationcode": "86",
    "mobile": PHONE,
    "report_status": "FAIL",
    "errmsg": "MOBILE_ACCOUNT_ABNORMAL",
    "description": "号码状态异常",
    "sid": "sn-1",
}
REPORTS = {
    "aliyun": (ALIYUN_ROW, "biz_id", {"success": True}, {"code": 0, "msg": "ok"}),
    "tencent": (TENCENT_ROW, "sid", {"report_status": "SUCCESS"}, {"result": 0, "errmsg": "OK"}),
}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_did_not_arrive_is_counted_once(tmp_path, provider):
    row, key, good, thanks = REPORTS[provider]
    async with desk(tmp_path, provider) as it, called(it.channel) as caller:
        body = json.dumps([row, {**row, key: "2"}, {**row, key: "3", **good}]).encode()
        with structlog.testing.capture_logs() as lines:
            for _ in range(2):
                status, text = await caller.raw(body, f"key={KEY}")
                assert (status, json.loads(text)) == (200, thanks)
        found = [one for one in await it.channel.examine() if one.key == "sms_undelivered"]
        assert found[0].fill["count"] == "2"
        assert found[0].fill["reason"] == "MOBILE_ACCOUNT_ABNORMAL"
        assert PHONE not in str(lines)
        it.at += timedelta(days=4)
        assert "sms_undelivered" not in [one.key for one in await it.channel.examine()]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_did_not_arrive_is_told_on_and_asked_for_again_where_nobody_could_take_it(
    tmp_path, provider
):
    row, key, good, _ = REPORTS[provider]
    told, away = [], [OSError("the store is away")]

    async def failed(failure):
        if away:
            raise away.pop()
        told.append(failure)

    async with desk(tmp_path, provider) as it, called(it.channel) as caller:
        it.channel.report_to(failed)
        body = json.dumps([{**row, key: "0", **good}, row]).encode()
        answers = [(await caller.raw(body, f"key={KEY}"))[0] for _ in range(3)]
    assert answers == [503, 200, 200]
    assert told == [Failure(row[key], "MOBILE_ACCOUNT_ABNORMAL")]


@pytest.mark.parametrize("query", ["", "key=", "key=wrong", "key=%C3%A9"])
async def test_a_caller_without_the_key_hears_nothing(tmp_path, query):
    async with desk(tmp_path) as it, called(it.channel) as caller:
        assert await caller.raw(json.dumps([ALIYUN_ROW]).encode(), query) == (403, "")
        assert "sms_undelivered" not in [one.key for one in await it.channel.examine()]


async def test_without_a_key_in_the_settings_no_report_is_taken(tmp_path):
    async with desk(tmp_path, report_key="") as it, called(it.channel) as caller:
        assert (await caller.raw(b"[]", "key="))[0] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 403),
        (b"{", 403),
        (b"[" + b" " * 300_000 + b"]", 403),
        (b"{}", 200),
        (b'[1, null, {}, {"biz_id": {}}]', 200),
    ],
    ids=["nothing", "no JSON", "too long", "no list", "odd rows"],
)
async def test_a_broken_report_breaks_nothing(tmp_path, body, status):
    async with desk(tmp_path) as it, called(it.channel) as caller:
        assert (await caller.raw(body, f"key={KEY}"))[0] == status


# Looking after itself


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_template_is_looked_at_and_nobody_is_written_to(tmp_path, provider):
    templates = {"default": {"id": "SMS_1", "params": ["number"]}, "cards/verify": {"id": "SMS_9"}}
    async with desk(tmp_path, provider, templates=templates) as it:
        good, bad = await it.channel.examine()
    assert (good.key, good.good, good.fill) == ("sms_template_good", True, {"id": "SMS_1"})
    assert (bad.key, bad.good, bad.fill["id"]) == ("sms_template_bad", False, "SMS_9")
    assert it.clouds.taken == []


EXAMINED = {
    "a wrong secret": ({"access_key_secret": "wrong"}, "sms_key_bad"),
    "a wrong id": ({"access_key_id": "wrong"}, "sms_key_bad"),
    "a signature not approved": ({"sign_name": "别的"}, "sms_sign_bad"),
    "another application": ({"provider": "tencent", "app_id": "1"}, "sms_app_bad"),
    "nobody there": ({"api_base": "http://127.0.0.1:1"}, "no_answer"),
}


@pytest.mark.parametrize(("changes", "key"), EXAMINED.values(), ids=EXAMINED)
async def test_what_is_wrong_is_found(tmp_path, changes, key):
    async with desk(tmp_path, **changes) as it:
        (found,) = await it.channel.examine()
    assert (found.key, found.good) == (key, False)


async def test_nothing_secret_and_no_number_reaches_a_log_or_an_error(tmp_path):
    async with desk(tmp_path) as it:
        with structlog.testing.capture_logs() as lines:
            words = []
            for planned in ("isv.SMS_SIGNATURE_ILLEGAL", 500, "half", "isv.MOBILE_NUMBER_ILLEGAL"):
                it.clouds.answers.append(planned)
                words.append(str(await it.refused(said())))
        assert set(it.channel.secrets()) == {KEY_SECRET, KEY}
    for secret in (KEY_SECRET, KEY, PHONE):
        assert secret not in str(lines) + str(words)


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, ("provider", "access_key_id", "access_key_secret", "sign_name", "templates")),
        (
            {
                "provider": "tencent",
                "access_key_id": "a",
                "access_key_secret": "b",
                "sign_name": "c",
                "templates": {"default": {"id": 1}},
            },
            ("app_id",),
        ),
    ],
    ids=["nothing", "Tencent without its application"],
)
def test_what_a_section_needs(settings, missing):
    assert Settings(**settings).missing() == missing


async def test_nothing_is_heard_and_nothing_fetched(tmp_path):
    async with desk(tmp_path) as it:
        limits = it.channel.limits
        assert (limits.hears, limits.hears_private, limits.says_group) == ("nothing", False, False)
        assert (limits.says_private, limits.costs) == (True, True)
        with pytest.raises(FetchError):
            await it.channel.fetch({})
