"""The keys of an age v1 file (c2sp.org/age): how the 16-byte file key is wrapped and unwrapped, and how keys are written.

Three kinds: X25519, scrypt (a passphrase) and mlkem768x25519 (hybrid, post-quantum). `cryptography` gives X25519,
ChaCha20-Poly1305 and ML-KEM-768; HKDF, HPKE's key schedule, X-Wing and Bech32 are written out here.
Python cannot wipe its memory: use this on a machine you trust, and turn the machine off afterwards.
"""
import base64, hashlib, hmac, os, re
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
try:
    from cryptography.hazmat.primitives.asymmetric import mlkem
except ImportError:
    mlkem = None                    # an older `cryptography`: X25519 and scrypt still work

MAX_LOG_N = 20                      # scrypt with 2^20 takes 1 GiB of memory and some seconds


# -- what can go wrong: one sentence and an exit status -----------------------------------------------------------------

class Fault(Exception):
    status = 1
    def __init__(self, sentence, status=None):
        super().__init__(sentence)
        self.status = status or self.status

class HeaderFault(Fault): status = 20       # not an age v1 file, or its header is malformed
class MacFault(Fault): status = 20          # the header was altered
class PayloadFault(Fault): status = 20      # the content was altered or cut off
class NoMatch(Fault): status = 11           # none of the keys fits


# -- primitives ---------------------------------------------------------------------------------------------------------

def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()

def hkdf(secret, salt, info):
    """RFC 5869 with SHA-256 and an output of 32 bytes, which is one block."""
    return hmac_sha256(hmac_sha256(salt or bytes(32), secret), info + b"\x01")

def aead_seal(key, nonce, plaintext):
    return ChaCha20Poly1305(key).encrypt(nonce, plaintext, None)

def aead_open(key, nonce, ciphertext):
    """The plaintext, or None if the tag does not fit."""
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, None)
    except InvalidTag:
        return None

def public_of(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

def x25519(secret, share):
    """The shared secret. `cryptography` refuses a result of all zeros."""
    try:
        return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise HeaderFault("a key share is a low-order point")


# -- text: base64 without padding, Bech32 without a length limit --------------------------------------------------------

def b64(data):
    return base64.b64encode(data).rstrip(b"=")

def unb64(text):
    """Canonical base64 only: what decodes must encode to the same text again."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        data = None
    if data is None or b64(data) != text:
        raise HeaderFault("the header holds base64 that is not canonical")
    return data

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

def _checksum(prefix, values):
    state = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, state = state >> 25, (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            state ^= generator if top >> bit & 1 else 0
    return state

def bech32(prefix, data):
    """Lower-case Bech32 of the bytes under the (lower-case) prefix."""
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[i:i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]
    check = _checksum(prefix, values + [0] * 6) ^ 1
    return prefix + "1" + "".join(BECH32[v] for v in values + [check >> 5 * (5 - i) & 31 for i in range(6)])

def unbech32(text):
    """(prefix, bytes), in lower case; (None, None) for anything that is not strictly Bech32."""
    prefix, one, coded = text.lower().rpartition("1")
    if text not in (text.lower(), text.upper()) or not prefix or not prefix.isascii() or any(c not in BECH32 for c in coded):
        return None, None
    values = [BECH32.index(c) for c in coded]
    if len(values) < 6 or _checksum(prefix, values) != 1:
        return None, None
    bits = "".join(f"{value:05b}" for value in values[:-6])
    rest = len(bits) % 8
    if rest >= 5 or "1" in bits[len(bits) - rest:]:
        return None, None
    return prefix, bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - rest, 8))


# -- the three kinds of key ---------------------------------------------------------------------------------------------
# unwrap() returns the 16-byte file key, or None where the stanza is for somebody else; it raises on a malformed one.
# wrap() returns the arguments and the body of a new stanza.

def _argument(arguments, body, count, size):
    """The decoded second argument of a stanza with `count` arguments and a body of 32 bytes (16 and the tag)."""
    if len(arguments) != count or len(body) != 32 or len(share := unb64(arguments[1].encode())) != size:
        raise HeaderFault(f"an {arguments[0]} stanza is malformed")
    return share

class X25519:
    kind, identity_prefix, recipient_prefix = "X25519", "age-secret-key-", "age"

    def __init__(self, secret):
        self.secret, self.public = secret, public_of(secret)

    def unwrap(self, arguments, body):
        share = _argument(arguments, body, 2, 32)
        return aead_open(self._key(x25519(self.secret, share), share, self.public), bytes(12), body)

    @classmethod
    def wrap(cls, public, file_key):
        secret = os.urandom(32)
        share = public_of(secret)
        key = cls._key(x25519(secret, public), share, public)
        return [cls.kind, b64(share).decode()], aead_seal(key, bytes(12), file_key)

    @staticmethod
    def _key(shared, share, public):
        return hkdf(shared, share + public, b"age-encryption.org/v1/X25519")

class Hybrid:
    """HPKE base mode (RFC 9180) with X-Wing (MLKEM768-X25519, 0x647a), HKDF-SHA256 and ChaCha20-Poly1305."""
    kind, identity_prefix, recipient_prefix = "mlkem768x25519", "age-secret-key-pq-", "age1pq"

    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        self.pq, self.secret = _mlkem(lambda: mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])), expanded[64:]
        self.public = self.pq.public_key().public_bytes_raw() + public_of(self.secret)

    def unwrap(self, arguments, body):
        share = _argument(arguments, body, 2, 1088 + 32)
        pq_share, share = share[:1088], share[1088:]
        shared = self._combine(self.pq.decapsulate(pq_share), x25519(self.secret, share), share, self.public[1184:])
        return aead_open(*self._schedule(shared), body)

    @classmethod
    def wrap(cls, public, file_key):
        secret = os.urandom(32)
        pq_shared, pq_share = _mlkem(lambda: mlkem.MLKEM768PublicKey.from_public_bytes(public[:1184])).encapsulate()
        shared = cls._combine(pq_shared, x25519(secret, public[1184:]), public_of(secret), public[1184:])
        return [cls.kind, b64(pq_share + public_of(secret)).decode()], aead_seal(*cls._schedule(shared), file_key)

    @staticmethod
    def _combine(pq_shared, shared, share, public):
        """X-Wing: both secrets, and what the X25519 one was made from, under its six-byte label."""
        return hashlib.sha3_256(pq_shared + shared + share + public + b"\\.//^\\").digest()

    @staticmethod
    def _schedule(shared):
        """RFC 9180, section 5.1: the key and the nonce of the first and only message."""
        suite = b"HPKE-v1HPKE\x64\x7a\x00\x01\x00\x03"
        extract = lambda salt, label, data: hmac_sha256(salt, suite + label + data)
        expand = lambda size, label: hmac_sha256(secret, bytes([0, size]) + suite + label + context + b"\x01")[:size]
        none = bytes(32)
        context = b"\x00" + extract(none, b"psk_id_hash", b"") + extract(none, b"info_hash", b"age-encryption.org/mlkem768x25519")
        secret = extract(shared, b"secret", b"")
        return expand(32, b"key"), expand(12, b"base_nonce")

def _mlkem(make):
    if mlkem is not None:
        try:
            return make()
        except ValueError:
            raise Fault("that is not a valid hybrid key", 64)
        except UnsupportedAlgorithm:
            pass                    # `cryptography` knows it, the OpenSSL under it does not
    raise Fault("this key is hybrid, and the installed `cryptography` has no ML-KEM-768: version 48 has it", 40)

class Passphrase:
    kind = "scrypt"

    def __init__(self, passphrase):
        self.passphrase = passphrase

    def unwrap(self, arguments, body):
        salt = _argument(arguments, body, 3, 16)
        if not re.fullmatch("[1-9][0-9]?", arguments[2]) or int(arguments[2]) > MAX_LOG_N:
            raise HeaderFault("the passphrase stanza asks for a work factor that is malformed or above 20")
        n = 1 << int(arguments[2])
        try:
            key = hashlib.scrypt(self.passphrase, salt=b"age-encryption.org/v1/scrypt" + salt, n=n, r=8, p=1,
                                 maxmem=1024 * (n + 16), dklen=32)
        except (MemoryError, ValueError):
            raise Fault(f"not enough memory to try the passphrase: it takes {n // 1024 + 1} MiB", 31)
        return aead_open(key, bytes(12), body)


# -- how keys are written -----------------------------------------------------------------------------------------------

def parse_identities(data):
    """One identity a line; blank lines and lines that begin with `#` are skipped; anything else is refused."""
    found = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            prefix, secret = unbech32(line.strip())
            kind = {X25519.identity_prefix: X25519, Hybrid.identity_prefix: Hybrid, "age-plugin-pq-": Hybrid}.get(prefix)
            if kind is None or len(secret) != 32:
                raise Fault(f"line {number} of the identity file is not an age identity", 64)
            found.append(kind(secret))
    if not found:
        raise Fault("the identity file holds no identity", 64)
    return found

def parse_recipient(text):
    prefix, public = unbech32(text)
    for kind, size in ((X25519, 32), (Hybrid, 1184 + 32)):
        if prefix == kind.recipient_prefix and len(public) == size and text == text.lower():
            return kind, public
    raise Fault("that is not an age recipient (age1… or age1pq1…)", 64)
