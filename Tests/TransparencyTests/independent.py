"""RFC 6962 trees, C2SP signed-note and C2SP tlog-checkpoint, written from the specifications alone and by other
algorithms than the program's (recursion by definition, where the program iterates): a second opinion.

    independent.py check  < claims   one verdict a claim: true, false, or null where Ed25519 is not at hand
    independent.py make SEED COUNT   claims of its own, each with the verdict that it must get

Ed25519 is the package `cryptography`'s; everything else is the standard library.
"""

import base64
import binascii
import hashlib
import json
import random
import re
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519
except ImportError:
    ed25519 = None


def sha256(data):
    return hashlib.sha256(data).digest()


# RFC 6962, section 2.1: hashes, audit paths and consistency proofs, each as it is defined there.

def leaf_hash(data):
    return sha256(b"\x00" + data)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def split(count):
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def tree_hash(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = split(len(leaves))
    return node_hash(tree_hash(leaves[:k]), tree_hash(leaves[k:]))


def audit_path(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return audit_path(index, leaves[:k]) + [tree_hash(leaves[k:])]
    return audit_path(index - k, leaves[k:]) + [tree_hash(leaves[:k])]


def consistency_proof(size, leaves, whole=True):
    if size == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    k = split(len(leaves))
    if size <= k:
        return consistency_proof(size, leaves[:k], whole) + [tree_hash(leaves[k:])]
    return consistency_proof(size - k, leaves[k:], False) + [tree_hash(leaves[:k])]


class Refused(Exception):
    pass


def root_from_path(index, size, leaf, path):
    if size == 1:
        if path:
            raise Refused
        return leaf
    if not path:
        raise Refused
    k = split(size)
    if index < k:
        return node_hash(root_from_path(index, k, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(index - k, size - k, leaf, path[:-1]))


def included(leaf, index, size, path, root):
    if not 0 <= index < size:
        return False
    try:
        return root_from_path(index, size, leaf, path) == root
    except Refused:
        return False


def both_roots(size, total, known, proof):
    """The roots of the earlier and of the whole tree that a proof makes; `known` is the earlier root while the earlier
    tree is a whole subtree on the left edge, and needs no proof."""
    if size == total:
        if known is not None:
            if proof:
                raise Refused
            return known, known
        if len(proof) != 1:
            raise Refused
        return proof[0], proof[0]
    if not proof:
        raise Refused
    k = split(total)
    if size <= k:
        old, new = both_roots(size, k, known, proof[:-1])
        return old, node_hash(new, proof[-1])
    old, new = both_roots(size - k, total - k, None, proof[:-1])
    return node_hash(proof[-1], old), node_hash(proof[-1], new)


def extended(earlier, earlier_root, size, root, proof):
    if not 0 <= earlier <= size:
        return False
    if earlier == 0:
        return not proof and earlier_root == sha256(b"")
    try:
        return both_roots(earlier, size, earlier_root, proof) == (earlier_root, root)
    except Refused:
        return False


# c2sp.org/signed-note

def strict_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused
    if base64.b64encode(data).decode() != text:
        raise Refused
    return data


def key_id(name, key):
    return sha256(name.encode() + b"\n\x01" + key)[:4]


def parse_note(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused
    if any(ord(letter) < 0x20 and letter != "\n" for letter in text):
        raise Refused
    end = text.rfind("\n\n")
    if end < 0:
        raise Refused
    message, rest = text[:end + 1], text[end + 2:]
    if not rest.endswith("\n"):
        raise Refused
    signatures = []
    for line in rest[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise Refused
        name, blob = parts[1], strict_base64(parts[2])
        if not name or "+" in name or any(letter.isspace() for letter in name) or len(blob) < 5:
            raise Refused
        signatures.append((name, blob[:4], blob[4:]))
    return message, signatures


def verify_note(data, keys):
    """Signed by at least one of `keys`, and by none of them badly; the text, or Refused."""
    message, signatures = parse_note(data)
    seen = set()
    for name, ident, signature in signatures:
        for known, key in keys:
            if name == known and ident == key_id(known, key):
                if key in seen:
                    raise Refused
                seen.add(key)
                try:
                    ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message.encode())
                except InvalidSignature:
                    raise Refused
    if not seen:
        raise Refused
    return message


def sign_note(message, name, key):
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    blob = key_id(name, public) + key.sign(message.encode())
    line = "\u2014 %s %s\n" % (name, base64.b64encode(blob).decode())
    return (message + "\n" + line).encode(), public


# c2sp.org/tlog-checkpoint

def parse_checkpoint(message):
    lines = message.split("\n")
    if lines.pop() != "" or len(lines) < 3 or any(line == "" for line in lines):
        raise Refused
    if not re.fullmatch("0|[1-9][0-9]*", lines[1], re.ASCII):
        raise Refused
    root = strict_base64(lines[2])
    if len(root) != 32:
        raise Refused
    return lines[0], int(lines[1]), root, lines[3:]


def write_checkpoint(origin, size, root, extensions):
    lines = [origin, str(size), base64.b64encode(root).decode()] + extensions
    return "".join(line + "\n" for line in lines)


# Claims: what one side says, for the other to judge.

def h(text):
    return bytes.fromhex(text)


def verdict(claim):
    kind = claim["kind"]
    if kind == "root":
        return tree_hash([h(leaf) for leaf in claim["leaves"]]) == h(claim["root"])
    if kind == "inclusion":
        path = [h(one) for one in claim["proof"]]
        return included(leaf_hash(h(claim["leaf"])), claim["index"], claim["size"], path, h(claim["root"]))
    if kind == "consistency":
        proof = [h(one) for one in claim["proof"]]
        return extended(claim["from"], h(claim["fromRoot"]), claim["size"], h(claim["root"]), proof)
    if kind == "checkpoint":
        if ed25519 is None:
            return None
        try:
            message = verify_note(h(claim["note"]), [(claim["name"], h(claim["key"]))])
            origin, size, root, extensions = parse_checkpoint(message)
        except Refused:
            return False
        stated = (claim["name"], claim["size"], h(claim["root"]), claim["extensions"])
        return (origin, size, root, extensions) == stated
    raise ValueError(kind)


def mutated(rng, data):
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1:]


def changed(rng, claim):
    """The claim with one of its hashes or its note altered, cut or grown: it must be refused."""
    claim = dict(claim)
    if claim["kind"] == "checkpoint":
        note = h(claim["note"])
        claim["note"] = rng.choice([mutated(rng, note), note[:-1], note + b"x\n", b"\n" + note]).hex()
        return claim
    proof = claim.get("proof")
    if proof and rng.random() < 0.7:
        proof = list(proof)
        place = rng.randrange(len(proof))
        way = rng.randrange(3)
        if way == 0:
            proof[place] = mutated(rng, h(proof[place])).hex()
        elif way == 1:
            del proof[place]
        else:
            proof.insert(place, rng.randbytes(32).hex())
        claim["proof"] = proof
    else:
        claim["root"] = mutated(rng, h(claim["root"])).hex()
    return claim


def make(seed, count):
    rng = random.Random(seed)
    claims = []
    for number in range(count):
        size = number if number < 18 else rng.randrange(1, 300)
        leaves = [rng.randbytes(rng.randrange(0, 80)) for _ in range(size)]
        root = tree_hash(leaves)
        fresh = [{"kind": "root", "leaves": [leaf.hex() for leaf in leaves], "root": root.hex()}]
        for _ in range(4 if size else 0):
            index = rng.randrange(size)
            proof = [one.hex() for one in audit_path(index, leaves)]
            fresh.append({"kind": "inclusion", "leaf": leaves[index].hex(), "index": index, "size": size,
                          "proof": proof, "root": root.hex()})
            earlier = rng.randrange(1, size + 1)
            proof = [one.hex() for one in consistency_proof(earlier, leaves)]
            fresh.append({"kind": "consistency", "from": earlier, "fromRoot": tree_hash(leaves[:earlier]).hex(),
                          "size": size, "root": root.hex(), "proof": proof})
        if ed25519 is not None:
            key = ed25519.Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
            name = "example.org/\u043b\u043e\u0433-%d" % number
            extensions = ["extension %d" % one for one in range(rng.randrange(3))]
            note, public = sign_note(write_checkpoint(name, size, root, extensions), name, key)
            fresh.append({"kind": "checkpoint", "note": note.hex(), "name": name, "key": public.hex(), "size": size,
                          "root": root.hex(), "extensions": extensions})
        for claim in fresh:
            other = changed(rng, claim)
            assert verdict(claim) is True, claim
            assert verdict(other) is False, other
            claims.append(dict(claim, verdict=True))
            claims.append(dict(other, verdict=False))
    return claims


if __name__ == "__main__":
    if sys.argv[1] == "check":
        json.dump([verdict(claim) for claim in json.load(sys.stdin)], sys.stdout)
    else:
        json.dump(make(int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
