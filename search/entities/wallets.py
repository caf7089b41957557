"""Addresses of electronic money: Bitcoin, Ethereum and its kin, Tron; a wrong checksum is no address."""

import hashlib
import re
from collections.abc import Iterator

from search.entities.model import Entity, EntityKind
from search.entities.reading import Reading

_WALLET = re.compile(
    r"(?<![\w/])(?:(?P<tron>T[1-9A-HJ-NP-Za-km-z]{33})|(?P<ether>0x[0-9a-fA-F]{40})"
    r"|(?P<segwit>bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})"
    r"|(?P<bitcoin>[13][1-9A-HJ-NP-Za-km-z]{25,34}))(?!\w)"
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
#: What the checksum of a segwit address comes to: version 0 (BIP 173), later ones (BIP 350).
_CHECKED = frozenset({1, 0x2BC830A3})
_TRON_VERSION, _BITCOIN_VERSIONS = 0x41, frozenset({0x00, 0x05})


def wallets_in(reading: Reading) -> Iterator[Entity]:
    """Addresses as written, since their case carries meaning; of Bitcoin's bech32 in lower case.

    Ethereum's checksum needs a hash that Python does not carry: those addresses go by their shape.
    """
    for match in _WALLET.finditer(reading.plain):
        kind, address = match.lastgroup, match[0]
        if kind == "segwit":
            address = address.lower()
        if _is_valid(kind or "", address):
            yield reading.entity(EntityKind.WALLET, address, *match.span())


def _is_valid(kind: str, address: str) -> bool:
    if kind == "segwit":
        return _bech32(address)
    if kind == "ether":
        return True
    version = _base58_version(address)
    return version == _TRON_VERSION if kind == "tron" else version in _BITCOIN_VERSIONS


def _base58_version(address: str) -> int | None:
    """The first byte of an address whose last four bytes are the checksum of the others."""
    number = 0
    for char in address:
        number = number * 58 + _BASE58.index(char)
    if number.bit_length() > 25 * 8:
        return None
    data = number.to_bytes(25, "big")
    digest = hashlib.sha256(hashlib.sha256(data[:21]).digest()).digest()
    return data[0] if digest[:4] == data[21:] else None


def _bech32(address: str) -> bool:
    values = [ord(char) >> 5 for char in "bc"] + [0] + [ord(char) & 31 for char in "bc"]
    values += [_BECH32.index(char) for char in address[3:]]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check in _CHECKED
