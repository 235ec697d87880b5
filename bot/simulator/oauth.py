"""Web sign-in (OAuth): a small page to choose who you are, and the calls behind it."""

import secrets
from html import escape

from aiohttp import web
from yarl import URL

from bot.simulator.api_tokens import check_account
from bot.simulator.calls import OK, ApiRequest, Handler
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

COOKIE = "sim_openid"
SCOPES = frozenset({"snsapi_base", "snsapi_userinfo"})
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>选择身份</title><style>
body {{ font: 16px/1.6 sans-serif; max-width: 24rem; margin: 2rem auto; padding: 0 1rem }}
a {{ display: block; padding: .6rem 1rem; margin: .5rem 0; border: 1px solid #07c160; border-radius: .5rem;
color: #067a3e; text-decoration: none }}</style></head><body>
<h1>您现在是谁？</h1><p>这里是微信模拟器。请选一位模拟的市民，用他的身份打开页面。</p>{choices}</body></html>"""
NOBODY = "<p>还没有人。请先在模拟器页面里添加一位。</p>"


async def authorize(platform: Platform, request: web.Request) -> web.Response:
    """Send the browser back with a code, once it is known who sits before it; else ask."""
    try:
        target = _read_target(platform, request)
    except ApiError as error:
        return web.Response(status=400, text=f"授权地址有误：{error.detail}")
    openid = request.query.get("openid") or request.cookies.get(COOKIE, "")
    if openid not in platform.people:
        return web.Response(text=_ask(platform, request.rel_url), content_type="text/html")
    code = platform.grants.new_code(openid, request.query["scope"])
    query = {"code": code, "state": request.query.get("state", "")}
    raise web.HTTPFound(target.update_query(query))


def _read_target(platform: Platform, request: web.Request) -> URL:
    if request.query.get("appid") != platform.account.appid:
        raise ApiError(40013, "appid 不是本公众号的")
    if request.query.get("response_type") != "code" or request.query.get("scope") not in SCOPES:
        raise ApiError(40029, "response_type 应为 code，scope 应为 snsapi_base 或 snsapi_userinfo")
    target = URL(request.query.get("redirect_uri", ""))
    if target.scheme not in {"http", "https"} or not target.host:
        raise ApiError(40029, "redirect_uri 参数错误")
    return target


def _ask(platform: Platform, here: URL) -> str:
    links = [
        f'<a href="{escape(str(here.update_query(openid=one.openid)))}">{escape(one.name)}'
        f"<small>　{escape(one.role)}</small></a>"
        for one in platform.people.values()
    ]
    return PAGE.format(choices="".join(links) or NOBODY)


def _access_token(platform: Platform, call: ApiRequest) -> JsonObject:
    check_account(platform, call.query.get("appid"), call.query.get("secret"))
    if call.query.get("grant_type") != "authorization_code":
        raise ApiError(40002)
    if not call.query.get("code"):
        raise ApiError(41008)
    grant = platform.grants.use_code(call.query["code"])
    answer: JsonObject = {"access_token": platform.grants.new_token(grant), "expires_in": 7200}
    refresh = "SNSR_" + secrets.token_urlsafe(48)
    return {**answer, "refresh_token": refresh, "openid": grant.openid, "scope": grant.scope}


def _user_info(platform: Platform, call: ApiRequest) -> JsonObject:
    openid = call.query.get("openid", "")
    grant = platform.grants.find_token(call.query.get("access_token", ""), openid)
    if grant.scope != "snsapi_userinfo":
        raise ApiError(48001)
    person = platform.find_person(openid)
    empty = {"province": "", "city": "", "country": "", "headimgurl": "", "privilege": []}
    return {"openid": openid, "nickname": person.name, "sex": 0, **empty}


def _auth(platform: Platform, call: ApiRequest) -> JsonObject:
    platform.grants.find_token(call.query.get("access_token", ""), call.query.get("openid", ""))
    return OK


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/sns/oauth2/access_token"): _access_token,
    ("GET", "/sns/userinfo"): _user_info,
    ("GET", "/sns/auth"): _auth,
}
