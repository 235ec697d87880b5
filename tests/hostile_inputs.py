"""What strangers send, byte by byte: a table of inputs that each broke something somewhere once, and their like."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import quote


def cursor(*parts):
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


DEEP_CURSOR = urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
# What may stand in a part of a path or in the value of a parameter, as it goes over the wire.
WORDS = {
    "nul": b"%00",
    "nul in the middle": b"ab%00cd",
    "control": b"%01%1f%7f",
    "line ends": b"%0d%0aX-A:%20b",
    "no utf-8": b"%ff%fe",
    "raw bytes": b"\xff\xfe",
    "half a character": b"%ed%a0%80",
    "no character": b"%ef%bf%bf",
    "raw han": "井盖".encode(),
    "han": quote("井盖").encode(),
    "emoji": quote("🕳️").encode(),
    "wrong escape": b"%zz%",
    "digits of another script": quote("١٢٣").encode(),
    "superscript": quote("²").encode(),
    "20 digits": b"9" * 20,
    "beyond 64 bits": b"18446744073709551616",
    "minus": b"-9223372036854775809",
    "400 digits": b"9" * 400,
    "5000 digits": b"9" * 5000,
    "nan": b"nan",
    "infinite": b"1e999",
    "underscored": b"1_000",
    "dots": b"..%2f..%2fetc%2fpasswd",
    "slashes": b"%2f%2f",
    "quote": b"%27%20OR%201=1--",
    "percent and underscore": b"%25_%25",
    "template": b"%7b%7b7*7%7d%7d",
    "format": b"%7b0.__class__%7d",
    "long": b"a" * 6000,
    "empty": b"",
    "blank": b"%20",
    "year 1": b"0001-01-01T00:00:00%2b14:00",
    "year 9999": b"9999-12-31T23:59:59-14:00",
    "week": b"2026-W01-1T00:00:00Z",
    "date of digits": b"20260101",
    "odd offset": b"2026-01-01T00:00:00%2b23:59:59.999999",
    "cursor of a huge id": cursor("opened_at", "2026-07-06T01:00:00+00:00", 2**70).encode(),
    "cursor of a true id": cursor("opened_at", "2026-07-06T01:00:00+00:00", True).encode(),
    "cursor of year 1": cursor("opened_at", "0001-01-01T00:00:00+14:00", 1).encode(),
    "cursor of year 9999": cursor("opened_at", "9999-12-31T23:59:59-14:00", 1).encode(),
    "cursor of lists": cursor([], {}, None).encode(),
    "cursor of one": cursor(2**80).encode(),
    "deep cursor": DEEP_CURSOR.encode(),
}
PARAMETERS = (
    "service_request_id",
    "service_code",
    "status",
    "start_date",
    "end_date",
    "page",
    "page_size",
    "lat",
    "long",
    "radius",
    "jurisdiction_id",
    "api_key",
    "state",
    "type",
    "area",
    "unit",
    "source",
    "urgent",
    "late",
    "since",
    "until",
    "sort",
    "cursor",
    "limit",
    "before",
    "small",
    "large",
    "signature",
    "msg_signature",
    "timestamp",
    "nonce",
    "echostr",
)
HEADERS = {
    "raw bytes": b"\xff\xfe",
    "bearer of raw bytes": b"Bearer \xff\xfe",
    "han": "Bearer 令牌".encode(),
    "long": b"Bearer " + b"a" * 6000,
    "empty": b"",
    "blank": b"Bearer  ",
    "digits": b"9" * 400,
    "tab": b"a\tb",
    "quotes": b'a="\\";\'',
}
HEADER_NAMES = (
    b"Authorization",
    b"Idempotency-Key",
    b"Accept",
    b"Cookie",
    b"X-Gongzhi-System",
    b"X-Gongzhi-Timestamp",
    b"X-Gongzhi-Signature",
    b"X-Forwarded-For",
    b"If-None-Match",
    b"If-Modified-Since",
    b"Range",
    b"User-Agent",
)
MULTIPART, PLAIN, JSON = (
    b"multipart/form-data; boundary=x",
    b"application/x-www-form-urlencoded",
    b"application/json",
)


def parts(*rows, end=b"--x--\r\n"):
    return b"".join(b"--x\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in rows) + end


def named(name, more=b""):
    return b'Content-Disposition: form-data; name="' + name + b'"' + more


# Each a content type and a body.
BODIES = {
    "nothing": (b"", b""),
    "no multipart": (MULTIPART, b"rubbish"),
    "no boundary": (b"multipart/form-data", parts((named(b"note"), b"a"))),
    "long boundary": (b"multipart/form-data; boundary=" + b"x" * 200, b"--x\r\n"),
    "boundary that is no ascii": (b"multipart/form-data; boundary=\xff", b"--\xff\r\n\r\n\r\n--\xff--"),
    "quoted boundary": (b'multipart/form-data; boundary="', b'--"\r\n'),
    "boundary alone": (MULTIPART, b"--x"),
    "end at once": (MULTIPART, b"--x--\r\n"),
    "broken off in headers": (MULTIPART, b"--x\r\nContent-Dis"),
    "broken off in a field": (MULTIPART, b"--x\r\n" + named(b"note") + b"\r\n\r\nab"),
    "wrong boundary after": (MULTIPART, b"--x\r\n" + named(b"note") + b"\r\n\r\nab\r\n--xy\r\n"),
    "header without colon": (MULTIPART, parts((b"nothing", b"a"))),
    "header of controls": (MULTIPART, parts((b"A\x00b: c", b"a"))),
    "header of raw bytes": (MULTIPART, parts((named(b"\xff\xfe"), b"a"))),
    "header with a wrong name": (MULTIPART, parts((b"\xff: a", b"a"))),
    "200 headers": (MULTIPART, parts((b"\r\n".join(b"A%d: b" % n for n in range(200)), b"a"))),
    "long header": (MULTIPART, parts((b"A: " + b"b" * 20_000, b"a"))),
    "disposition that is none": (MULTIPART, parts((b"Content-Disposition: ;;;=;name", b"a"))),
    "coded name": (MULTIPART, parts((b"Content-Disposition: form-data; name*=x''%ff%00", b"a"))),
    "wrong length": (MULTIPART, parts((named(b"note", b"\r\nContent-Length: -5"), b"a"))),
    "mixed with a wrong length": (
        b"multipart/mixed; boundary=x",
        parts((named(b"note", b"\r\nContent-Length: 99999"), b"a")),
    ),
    "form within": (
        MULTIPART,
        parts((named(b"note", b"\r\nContent-Type: multipart/mixed; boundary=y"), b"--y\r\n\r\na\r\n--y--")),
    ),
    "form within without boundary": (
        MULTIPART,
        parts((named(b"note", b"\r\nContent-Type: multipart/mixed"), b"a")),
    ),
    "charset of our own": (
        MULTIPART,
        parts((named(b"note", b"\r\nContent-Type: text/plain; charset=zip"), b"a")),
    ),
    "charset with nul": (
        MULTIPART,
        parts((named(b"note", b"\r\nContent-Type: text/plain; charset=\x01"), b"a")),
    ),
    "charset that is none": (MULTIPART + b"; charset=base64", parts((named(b"note"), b"a"))),
    "default charset": (MULTIPART, parts((named(b"_charset_"), b"a" * 64), (named(b"note"), b"a"))),
    "default charset of raw bytes": (
        MULTIPART,
        parts((named(b"_charset_"), b"\xff"), (named(b"note"), b"a")),
    ),
    "base64": (MULTIPART, parts((named(b"note", b"\r\nContent-Transfer-Encoding: base64"), b"%%%"))),
    "nul in a field": (MULTIPART, parts((named(b"note"), b"a\x00b"), (named(b"description"), b"a\x00b"))),
    "no utf-8": (MULTIPART, parts((named(b"note"), b"\xff"))),
    "long field": (MULTIPART, parts((named(b"note"), b"a" * 100_000))),
    "100 parts": (MULTIPART, parts(*[(named(b"a%d" % n), b"a") for n in range(100)])),
    "5000 parts of nobody": (MULTIPART, parts(*[(b"A: b", b"")] * 5000)),
    "line ends": (MULTIPART, b"\r\n" * 100_000),
    "photo of nothing": (MULTIPART, parts((named(b"media"), b""), (named(b"photo"), b""))),
    "photo of rubbish": (
        MULTIPART,
        parts((named(b"media"), b"\xff" * 100), (named(b"photo"), b"\xff" * 100)),
    ),
    "photo that breaks off": (
        MULTIPART,
        parts((named(b"media"), b"\xff\xd8\xff\xe0" + b"\0" * 50), (named(b"photo"), b"\x89PNG\r\n\x1a\n")),
    ),
    "urlencoded nul": (
        PLAIN,
        b"service_code=manhole&description=a%00b&lat=31.5&long=120.1&address_string=%00",
    ),
    "urlencoded controls": (
        PLAIN,
        b"service_code=%00&jurisdiction_id=%00&lat=%00&long=%00&attribute[small_class]=%00",
    ),
    "urlencoded numbers": (PLAIN, b"service_code=manhole&lat=1e999&long=" + b"9" * 5000),
    "urlencoded raw": (PLAIN, b"\xff\xfe=\xff"),
    "urlencoded and many": (PLAIN, b"&".join(b"a%d=1" % n for n in range(2000))),
    "urlencoded charset": (PLAIN + b"; charset=\xff", b"a=1"),
    "urlencoded codec": (PLAIN + b"; charset=hex", b"a=1"),
    "urlencoded utf-16": (PLAIN + b"; charset=utf-16", b"a=1"),
    "too long": (PLAIN, b"a=" + b"1" * 300_000),
    "json nul": (JSON, json.dumps({"text": "a\0b", "note": "\0", "step": "take"}).encode()),
    "json half a character": (JSON, b'{"text": "\\ud800", "step": "take", "note": "\\udfff"}'),
    "json escaped key": (JSON, b'{"\\u0000": "\\u0000"}'),
    "json deep": (JSON, b'{"text":' + b"[" * 50_000),
    "json list": (JSON, b"[]"),
    "json digits": (JSON, b'{"text": ' + b"9" * 6000 + b"}"),
    "json not a number": (JSON, b'{"text": "a", "place": {"gcj02": [NaN, Infinity]}}'),
    "json beyond floats": (JSON, b'{"text": "a", "place": {"wgs84": [1e400, -1e400]}}'),
    "json numbers with a point": (JSON, b'{"step": "reassign", "to": 5.0, "evidence": [1.0], "note": "a"}'),
    "json long integers": (JSON, b'{"step": "take", "to": 1e15, "evidence": [9007199254740993, 1e300]}'),
    "json moments": (JSON, b'{"step": "suspend", "note": "a", "until": "9999-12-31T23:59:59-14:00"}'),
    "json year 1": (JSON, b'{"step": "suspend", "note": "a", "until": "0001-01-01T00:00:00+14:00"}'),
    "json wrong kinds": (
        JSON,
        b'{"step": {}, "text": {"a": []}, "place": [], "state": [[]], "note": 5, "until": 7}',
    ),
    "json states": (JSON, b'{"step": "retry", "state": ["owed", "owed", "failed"], "reason": "\\u0001"}'),
    "json control": (JSON, b'{"text": "\\u0001\\u001f\\ufffe", "place": {"address": "\\u0007"}}'),
    "json utf-16": (JSON, '{"text": "a"}'.encode("utf-16")),
    "json raw": (JSON, b'{"text": "\xff"}'),
    "xml": (b"text/xml", b"<xml><Encrypt>\x00</Encrypt></xml>"),
    "xml of a bomb": (b"text/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><xml><Encrypt>&b;</Encrypt></xml>'),
    "xml deep": (b"text/xml", b"<xml>" * 20_000),
    "push of json": (JSON, b'{"Encrypt": [1, {}], "MsgType": null}'),
}
# Sent as it is after the headers; (header lines, body).
PACKED = {
    "no gzip": (b"Content-Encoding: gzip\r\nContent-Length: 4\r\n", b"rubb"),
    "no deflate": (b"Content-Encoding: deflate\r\nContent-Length: 4\r\n", b"\xff\xff\xff\xff"),
    "unknown packing": (b"Content-Encoding: br\r\nContent-Length: 4\r\n", b"rubb"),
    "chunks that are none": (b"Transfer-Encoding: chunked\r\n", b"zz\r\nab\r\n"),
    "chunk that is too short": (b"Transfer-Encoding: chunked\r\n", b"2\r\nabcd\r\n0\r\n\r\n"),
    "negative chunk": (b"Transfer-Encoding: chunked\r\n", b"-1\r\nab\r\n"),
}
