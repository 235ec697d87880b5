"""The desk for access tokens and the odd small calls that every account makes."""

import secrets

from bot.simulator.calls import OK, ApiRequest, Handler
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform
from bot.simulator.tokens import Token


def check_account(platform: Platform, appid: object, secret: object) -> None:
    """Nothing, if both are the account's; else ApiError 41002, 41004, 40013 or 40125."""
    if not appid:
        raise ApiError(41002)
    if not secret:
        raise ApiError(41004)
    if appid != platform.account.appid:
        raise ApiError(40013)
    if secret != platform.account.secret:
        raise ApiError(40125)


def _stable_token(platform: Platform, call: ApiRequest) -> JsonObject:
    if call.field("grant_type") != "client_credential":
        raise ApiError(40002)
    check_account(platform, call.field("appid"), call.field("secret"))
    return _as_answer(platform, platform.tokens.stable(force=bool(call.field("force_refresh"))))


def _token(platform: Platform, call: ApiRequest) -> JsonObject:
    if call.query.get("grant_type") != "client_credential":
        raise ApiError(40002)
    check_account(platform, call.query.get("appid"), call.query.get("secret"))
    return _as_answer(platform, platform.tokens.plain())


def _as_answer(platform: Platform, token: Token) -> JsonObject:
    left = int((token.until - platform.clock.now()).total_seconds())
    return {"access_token": token.value, "expires_in": left}


def _callback_ip(_platform: Platform, _call: ApiRequest) -> JsonObject:
    return {"ip_list": ["127.0.0.1"]}


def _ticket(_platform: Platform, call: ApiRequest) -> JsonObject:
    if call.query.get("type") != "jsapi":
        raise ApiError(48001)
    return {**OK, "ticket": "sim_" + secrets.token_urlsafe(60), "expires_in": 7200}


def _clear_quota(platform: Platform, call: ApiRequest) -> JsonObject:
    if call.field("appid") != platform.account.appid:
        raise ApiError(40013)
    return OK


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/cgi-bin/stable_token"): _stable_token,
    ("GET", "/cgi-bin/token"): _token,
    ("GET", "/cgi-bin/getcallbackip"): _callback_ip,
    ("GET", "/cgi-bin/get_api_domain_ip"): _callback_ip,
    ("GET", "/cgi-bin/ticket/getticket"): _ticket,
    ("POST", "/cgi-bin/clear_quota"): _clear_quota,
}
