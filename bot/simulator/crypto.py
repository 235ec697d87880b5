"""The platform's side of safe mode: signatures, AES-256-CBC and the 32-byte padding."""

import base64
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes, not to the cipher's 16
PREFIX = 16


class CryptoError(ValueError):
    """A text that was not encrypted with this key, or not for this account."""


def sign(*parts: str) -> str:
    """WeChat's signature: SHA-1 over the parts, sorted and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Whether `signature` is that of `parts`, compared in constant time."""
    return hmac.compare_digest(signature.encode(), sign(*parts).encode())


class SafeMode:
    """One account's EncodingAESKey at work, both ways."""

    def __init__(self, aes_key: str, appid: str) -> None:
        self._key = base64.b64decode(aes_key + "=")
        if len(self._key) != 32:
            raise ValueError("EncodingAESKey must be 43 letters and digits")
        self._appid = appid.encode()
        self._cipher = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, text: str) -> str:
        """The Base64 text that goes into `<Encrypt>`; different each time, by its random beginning."""
        body = text.encode()
        full = secrets.token_bytes(PREFIX) + struct.pack(">I", len(body)) + body + self._appid
        pad = BLOCK - len(full) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(full + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text inside; CryptoError if the key, the padding or the appid does not fit."""
        try:
            decryptor = self._cipher.decryptor()
            full = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
            return self._open(full)
        except (ValueError, IndexError, struct.error) as error:
            raise CryptoError(f"not decryptable: {error}") from error

    def _open(self, full: bytes) -> str:
        pad = full[-1]
        if not 1 <= pad <= BLOCK or full[-pad:] != bytes([pad]) * pad:
            raise CryptoError("wrong padding")
        full = full[:-pad]
        (length,) = struct.unpack(">I", full[PREFIX : PREFIX + 4])
        end = PREFIX + 4 + length
        if full[end:] != self._appid:
            raise CryptoError("wrong appid")
        return full[PREFIX + 4 : end].decode()
