"""A kit's passphrase file sealed anew with a lower work factor. `kit new` always uses log N 15: 0.1 s and 48 MB each time it
is unlocked. Independent of the program, by the primitives of Scripts/emergency."""
import hashlib, os, sys
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'Scripts', 'emergency'))
sys.dont_write_bytecode = True


def opened(key_file, passphrase):
    """What stands in a passphrase file."""
    import agefile, agekeys
    with open(key_file, 'rb') as file:
        return b''.join(agefile.decrypt(file, [agekeys.Passphrase(passphrase)]))


def reseal(key_file, passphrase, log_n=10):
    import agefile, agekeys
    plain = opened(key_file, passphrase)
    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapping = hashlib.scrypt(passphrase, salt=b'age-encryption.org/v1/scrypt' + salt, n=1 << log_n, r=8, p=1, dklen=32)
    stanza = agefile.stanza(['scrypt', agekeys.b64(salt).decode(), str(log_n)], agekeys.aead_seal(wrapping, bytes(12), key))
    header = b'age-encryption.org/v1\n' + stanza + b'---'
    mac = agekeys.hmac_sha256(agekeys.hkdf(key, b'', b'header'), header)
    body = agekeys.aead_seal(agekeys.hkdf(key, nonce, b'payload'), bytes(11) + b'\x01', plain)
    with open(key_file, 'wb') as file:
        file.write(header + b' ' + agekeys.b64(mac) + b'\n' + nonce + body)
