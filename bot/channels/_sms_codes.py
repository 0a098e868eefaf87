"""What the clouds' error codes mean for a text message: words here, not numbers (wechat.md 1j).

From the vendors' lists (help.aliyun.com 101346, cloud.tencent.com 382/59177). A code is looked up
whole and then by its beginnings, so that a whole family stands in one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels._codes import Code, Reaction
from bot.channels.base import SendError


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code's reaction; `key` is the sentence in connect.toml of what only the operator mends."""

    code: Code
    key: str = ""


def _operator(key: str) -> Meaning:
    return Meaning(Code(Reaction.OPERATOR), key)


# A number's own limit is counted in minutes, hours and days: soon again is refused again.
_WAIT = Meaning(Code(Reaction.WAIT, 300.0))
_BUSY = Meaning(Code(Reaction.BUSY, 30.0))
_GONE, _MISTAKE = Meaning(Code(Reaction.UNREACHABLE)), Meaning(Code(Reaction.MISTAKE))
_KEY, _RIGHT = _operator("sms_key_bad"), _operator("sms_permission_bad")
_SIGN, _TEMPLATE = _operator("sms_sign_bad"), _operator("sms_template_bad")
_MONEY, _CLOCK, _QUOTA = (
    _operator("sms_money_bad"),
    _operator("sms_clock_bad"),
    _operator("sms_quota_bad"),
)
ALIYUN: Mapping[str, Meaning] = {
    "isv.BUSINESS_LIMIT_CONTROL": _WAIT,
    "Throttling": _BUSY,
    "ServiceUnavailable": _BUSY,
    "InternalError": _BUSY,
    "isp.": _BUSY,
    "SignatureNonceUsed": _BUSY,
    "isv.MOBILE_NUMBER_ILLEGAL": _GONE,
    "isv.CUSTOMER_REFUSED": _GONE,
    "SignatureDoesNotMatch": _KEY,
    "IncompleteSignature": _KEY,
    "InvalidAccessKeyId": _KEY,
    "isv.ACCOUNT_NOT_EXISTS": _KEY,
    "isv.ACCOUNT_ABNORMAL": _KEY,
    "InvalidTimeStamp": _CLOCK,
    "isp.RAM_PERMISSION_DENY": _RIGHT,
    "NoPermission": _RIGHT,
    "Forbidden": _RIGHT,
    "isv.DENY_IP_RANGE": _RIGHT,
    "isv.PRODUCT_UN_SUBSCRIPT": _RIGHT,
    "isv.PRODUCT_UNSUBSCRIBE": _RIGHT,
    "isv.SMS_SIGN_ILLEGAL": _SIGN,
    "isv.SMS_SIGNATURE_ILLEGAL": _SIGN,
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": _SIGN,
    "isv.SIGN_": _SIGN,
    "isv.SMS_TEMPLATE_ILLEGAL": _TEMPLATE,
    "isv.TEMPLATE_MISSING_PARAMETERS": _TEMPLATE,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": _TEMPLATE,
    "isv.OUT_OF_SERVICE": _MONEY,
    "isv.AMOUNT_NOT_ENOUGH": _MONEY,
    "isv.DAY_LIMIT_CONTROL": _QUOTA,
    "isv.MONTH_LIMIT_CONTROL": _QUOTA,
    "isv.": _MISTAKE,  # these words as values: too long, a link, a forbidden one
    "Missing": _MISTAKE,
    "InvalidParameter": _MISTAKE,
}
TENCENT: Mapping[str, Meaning] = {
    "LimitExceeded": _WAIT,
    "RequestLimitExceeded": _BUSY,
    "InternalError": _BUSY,
    "InvalidParameterValue.IncorrectPhoneNumber": _GONE,
    "FailedOperation.PhoneNumberInBlacklist": _GONE,
    "AuthFailure": _KEY,
    "AuthFailure.SignatureExpire": _CLOCK,
    "AuthFailure.UnauthorizedOperation": _RIGHT,
    "UnauthorizedOperation": _RIGHT,
    "IpInBlacklist": _RIGHT,
    "IpNotInWhitelist": _RIGHT,
    "InvalidParameterValue.SdkAppIdNotExist": _operator("sms_app_bad"),
    "FailedOperation.SignatureIncorrectOrUnapproved": _SIGN,
    "FailedOperation.Template": _TEMPLATE,
    "FailedOperation.MissingTemplate": _TEMPLATE,
    "UnsupportedOperation": _TEMPLATE,
    "FailedOperation.InsufficientBalanceInSmsPackage": _MONEY,
    "FailedOperation.ContainSensitiveWord": _MISTAKE,
    "FailedOperation.FailResolvePacket": _MISTAKE,
    "InvalidParameter": _MISTAKE,
    "MissingParameter": _MISTAKE,
}


class Refused(SendError):
    """A text message was not taken; `word` is the cloud's code, `meaning` what it is taken for."""

    def __init__(self, word: str, meaning: Meaning) -> None:
        found = meaning.code
        super().__init__(
            f"refused with {word}",
            retryable=found.reaction in (Reaction.WAIT, Reaction.BUSY, Reaction.OPERATOR),
            unreachable=found.reaction is Reaction.UNREACHABLE,
            retry_after=found.after or None,
        )
        self.word, self.meaning = word, meaning


def meaning(word: str, table: Mapping[str, Meaning]) -> Meaning:
    """What a code means: its longest beginning in the table.

    One nobody listed is tried again later: it was not sent, so that cannot double it.
    """
    begins = [one for one in table if word.startswith(one)]
    return table[max(begins, key=len)] if begins else _BUSY
