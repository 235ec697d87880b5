"""(a) The limit: aiohttp and wechatpy decrypt, parse and answer with an encrypted echo; nothing is stored."""

import sys

from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply


def build(token: str, key: str, appid: str) -> web.Application:
    crypto = WeChatCrypto(token, key, appid)

    async def receive(request: web.Request) -> web.Response:
        query, body = request.query, await request.text()
        plain = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(plain)
        reply = TextReply(content=getattr(message, "content", "ok"), message=message).render()
        return web.Response(
            text=crypto.encrypt_message(reply, "nonce", query["timestamp"]), content_type="application/xml"
        )

    app = web.Application()
    app.router.add_post("/wechat", receive)
    return app


if __name__ == "__main__":
    port, token, key, appid = sys.argv[1:]
    web.run_app(
        build(token, key, appid),
        host="127.0.0.1",
        port=int(port),
        access_log=None,
        print=lambda *_: print("up", flush=True),
    )
