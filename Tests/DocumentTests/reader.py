"""An independent reader and checker, written from Docs/Format.md alone; age files through Scripts/emergency.

Usage: reader.py VAULT KEYFILE PASSPHRASE. Any disagreement with the page is an AssertionError. With TIMES=any the files' times
are not looked at: a checkout of the sample has its own.
"""
import sys, os, io, json, hashlib, hmac, base64, re, collections
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts/emergency"))
from agefile import decrypt
from agekeys import Passphrase, parse_identities, NoMatch, unbech32, bech32
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey, Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
V, KF, PW = sys.argv[1:4]
sha = lambda b: hashlib.sha256(b).hexdigest()
mac = lambda k, m: hmac.new(k, m, hashlib.sha256).digest()
lines = lambda *v: "".join(f"{x}\n" for x in v).encode()
def unseal(data, ids): return b"".join(decrypt(io.BytesIO(data), ids))
def nodup(p):
    d = dict(p); assert len(d) == len(p); return d
def js(b): return json.loads(b, object_pairs_hook=nodup)
def parse(b):
    end = b.rindex(b"\n\n") + 1; text, sigs = b[:end], []
    for l in b[end+1:].split(b"\n")[:-1]:
        m = re.fullmatch("— (\\S+) (\\S+)".encode(), l); raw = base64.b64decode(m[2], validate=True)
        sigs.append((m[1].decode(), raw[:4], raw[4:], l + b"\n"))
    assert b.endswith(b"\n") and 1 <= len(sigs) <= 16
    return text, sigs
def verify(text, sigs, name, pub):
    kid = hashlib.sha256(name.encode() + b"\n\x01" + pub).digest()[:4]
    mine = [s for s in sigs if s[0] == name and s[1] == kid]; assert len(mine) == 1, (name, len(mine))
    Ed25519PublicKey.from_public_bytes(pub).verify(mine[0][2], text)
    return sha(text + b"\n" + mine[0][3])
def public(b, kind):
    text, sigs = parse(b); ls = text.split(b"\n"); assert ls[0].decode() == f"testimony-vault/{kind}/v1"
    f = collections.defaultdict(list); i = 1
    while i < len(ls) and ls[i]:
        n, v = ls[i].decode().split(": ", 1); assert re.fullmatch("[a-z-]+", n) and v; f[n].append(v); i += 1
    return text, sigs, f, b"\n".join(ls[i+1:])
def sealed(b, kind, cls):
    text, sigs = parse(b); n = cls
    while n < len(b): n *= 2
    assert n == len(b) and len(sigs) == 1
    first, body, rest = text.split(b"\n"); assert first.decode() == f"testimony-vault/{kind}/v1" and rest == b""
    return text, sigs, js(body)
A = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
def short(h, letter, extra=0):
    div = lambda v: v >> 1 if v % 2 == 0 else (v ^ 37) >> 1
    s, t = div(A.index(letter) if letter else 0), ""
    for i in range(7 + 3 * extra):
        d = int(h, 16) >> 256 - 5 * (i + 1) & 31; s = div(s ^ d); t += A[d]
        if i >= 6 and i % 3 == 0: t += A[s]
    return (letter + "-" if letter else "") + "-".join(t[i:i+4] for i in range(0, len(t), 4))
def padme(n):
    n = max(n, 65536); e = n.bit_length() - 1; s = e.bit_length(); m = (1 << e - s) - 1; return (n + m) & ~m
def root(l):
    if len(l) == 1: return hashlib.sha256(b"\0" + l[0]).digest()
    k = 1 << (len(l) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(l[:k]) + root(l[k:])).digest()
rhash = lambda i: sha(bech32(i.recipient_prefix, i.public).encode())

text, sigs, f, body = public(open(V + "/vault.note", "rb").read(), "vault")
founder = bytes.fromhex(f["founder"][0]); verify(text, sigs, "testimony-vault/founder", founder)
vault = sha(text); kind = f["keys"][0]; over = {"classic": 184, "hybrid": 1643}[kind]
print("vault", short(vault, ""), kind)
def sealsize(n): return n + 16 * max(1, -(-n // 65536)) + over
keys = {}; pubs = {}
for n in sorted(os.listdir(V + "/public/vault")):
    b = open(f"{V}/public/vault/{n}", "rb").read(); assert re.fullmatch(r"\d{4,}-%s\.note" % sha(b), n)
    t, s, f, _ = public(b, "keys"); verify(t, s, f"testimony-vault/{vault}/founder", founder); assert f["vault"] == [vault]
    keys[int(f["number"][0])] = (sha(t), f)
for k in sorted(keys): assert keys[k][1]["previous"][0] == ("none" if k == 1 else keys[k-1][0])
newest = keys[max(keys)][1]
pubs = {int(p.split()[0]): bytes.fromhex(p.split()[1]) for p in newest["publisher"]}
texts = {}
for d in os.listdir(V + "/public"):
    if d == "vault": continue
    prev = "none"
    for n in sorted(os.listdir(f"{V}/public/{d}")):
        b = open(f"{V}/public/{d}/{n}", "rb").read(); assert re.fullmatch(r"\d{4,}-%s\.note" % sha(b), n)
        t, s, f, body = public(b, "case"); assert short(f["case"][0], "C") == d and f["previous"] == [prev] and f["vault"] == [vault]
        N = [k for k in pubs if any(x[0] == f"testimony-vault/{vault}/publisher-{k}" for x in s)]
        for k in N: verify(t, s, f"testimony-vault/{vault}/publisher-{k}", pubs[k])
        assert len(N) >= int(newest["publish"][0]); prev = sha(t); texts[prev] = f["case"][0]
        print("public", d, f["number"], f["title"], f["violation"], repr(body.decode()))
objs = {}
for k in ("log", "locks", "sealed"):
    for d in os.listdir(f"{V}/{k}"):
        for n in os.listdir(f"{V}/{k}/{d}"):
            b = open(f"{V}/{k}/{d}/{n}", "rb").read(); assert n == sha(b) + ".age" and n[:2] == d
            assert os.environ.get("TIMES") == "any" or int(os.stat(f"{V}/{k}/{d}/{n}").st_mtime) == 946684800
            assert b.split(b"--- ")[0].count(b"\n-> ") == 1
            objs[k, n[:64]] = b
plain = unseal(open(KF, "rb").read(), [Passphrase(PW.encode())]); me = parse_identities(plain)[0]
seeds = dict(re.findall(r"^# (\w+): (.*)$", plain.decode(), re.M)); assert plain.startswith(b"# testimony-vault/key/v1\n")
pub = lambda s: Ed25519PrivateKey.from_private_bytes(bytes.fromhex(s)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
mine = sha(pub(seeds["signing"]))
ct, cs, cf, cb = public(open(KF[:-4] + ".card", "rb").read(), "card"); verify(ct, cs, "testimony-vault/card", pub(seeds["signing"]))
assert list(cf) == ["name", "recipient", "signing", "publisher"] and cb == b""
if os.path.exists(KF[:-4] + ".seen"):
    t, s, j = sealed(unseal(open(KF[:-4] + ".seen", "rb").read(), [me]), "seen", 16384); verify(t, s, f"testimony-vault/{vault}/member", pub(seeds["signing"]))
    assert list(j) == ["vault", "chains", "intents", "void", "locks"]; print("seen ok", len(j["chains"]), "chains")
circles = {}; reclocks = {}; locksigs = []
for (k, h), b in objs.items():
    if k != "locks": continue
    try: p = unseal(b, [me])
    except NoMatch: continue
    t, s, j = sealed(p, "locks", 32768); assert len(b) == sealsize(len(p))
    assert list(j) == ["vault", "author", "member", "locks"] and j["member"] == mine and j["vault"] == vault; locksigs.append((t, s, j["author"]))
    for l in j["locks"]:
        assert l["to"] == {"member": mine}; c = unseal(base64.b64decode(l["file"], validate=True), [me]); assert c.endswith(b"\n") and c.count(b"\n") == 1
        i = parse_identities(c)[0]; assert rhash(i) == l["key"]["epoch"]; circles[l["key"]["circle"], l["key"]["epoch"]] = i
print("circles", [c for c, _ in circles])
for (k, h), b in objs.items():
    if k != "locks": continue
    for (c, e), i in circles.items():
        if c == "members":
            try: p = unseal(b, [i])
            except NoMatch: continue
            t, s, j = sealed(p, "locks", 32768); assert list(j) == ["vault", "author", "record", "version", "locks"]
            reclocks[j["version"]] = j; locksigs.append((t, s, j["author"]))
entries = []
for (k, h), b in objs.items():
    if k != "log": continue
    for (c, e), i in circles.items():
        try: p = unseal(b, [i])
        except NoMatch: continue
        assert len(b) == sealsize(len(p)); t, s, j = sealed(p, "entry", 16384)
        assert list(j) == "vault type author chain seq prev back roster seen void time to body".split()
        assert j["to"] == {"circle": c, "epoch": e} and j["vault"] == vault and sha(p) == sha(t + b"\n" + s[0][3])
        entries.append((j, t, s, h, sha(p)))
roster = {sha(founder): (founder, ["founder"])}; rec = {}; cases = {}; bynote = {x[4]: x for x in entries}
first = sorted([x for x in entries if x[0]["author"] == sha(founder)], key=lambda x: x[0]["seq"])
rest = sorted([x for x in entries if x[0]["author"] != sha(founder)], key=lambda x: (x[0]["type"] != "case", x[0]["chain"], x[0]["seq"]))
for j, t, s, h, n in first + rest:
    assert verify(t, s, f"testimony-vault/{vault}/member", roster[j["author"]][0]) == n
    if j["prev"]:
        q = j["prev"]; assert q["seq"] == j["seq"] - 1 or j["void"]
        if q["note"] in bynote: assert bynote[q["note"]][3] == q["file"]
    else: assert j["seq"] == 1 or j["void"]
    B = j["body"]; print(j["type"], j["seq"], j["chain"][:4], j["to"]["circle"], {k: v and v["seq"] for k, v in j["back"].items()}, len(j["roster"]), len(j["seen"]))
    if j["type"] == "admit":
        assert list(B) == ["card", "roles", "name", "publisher"]; _, _, f, _ = public(B["card"].encode(), "card")
        roster[sha(bytes.fromhex(f["signing"][0]))] = (bytes.fromhex(f["signing"][0]), B["roles"])
    elif j["type"] == "circle": assert list(B) == ["circle", "number", "recipient"] and (B["circle"] not in [c for c, _ in circles] or (B["circle"], sha(B["recipient"].encode())) in circles)
    elif j["type"] == "case":
        assert list(B) == ["origin", "title", "reviewers", "fields"]; cases[sha(lines("case", vault, B["origin"]["author"], B["origin"]["nonce"]))] = B
    elif j["type"] == "publish": assert list(B) == ["case", "number", "text", "publisher"] and texts[B["text"]] == B["case"]
    elif j["type"] == "seal":
        assert list(B) == "record origin case previous version layers policy commitments root".split() and B["case"] in cases
        assert B["record"] == sha(lines("record", vault, B["origin"]["author"], B["origin"]["nonce"]))
        assert root([bytes.fromhex(c) for c in B["commitments"]]).hex() == B["root"]; rec[B["record"]] = (B, n)
for t, s, a in locksigs: verify(t, s, f"testimony-vault/{vault}/member", roster[a][0])
for r, (B, n) in rec.items():
    print("record", short(r, "R"))
    lk = reclocks[n]; assert lk["record"] == r; tolist = [l["to"] for l in lk["locks"]]
    for l in lk["locks"]:
        key = me if l["to"] == {"member": mine} else circles.get((l["to"].get("circle"), l["to"].get("epoch")))
        if key is None: print("  no key for", l["layer"]); continue
        c = unseal(base64.b64decode(l["file"]), [key]); li = parse_identities(c)[0]; L = l["layer"]
        assert rhash(li) == B["layers"][L]["recipient"]; sec = unbech32(c.decode().strip())[1]
        ob = objs["sealed", B["layers"][L]["object"]]; p = unseal(ob, [li]); assert len(ob) == sealsize(len(p)) and len(p) == (16384 if L == "identity" else 65536)
        content = p.rstrip(b" "); j = js(content)
        want = ["vault", "record", "version", "layer", "fields"] + {"summary": [], "testimony": ["attachments", "identity-objects"], "identity": ["attachments"]}[L]
        assert list(j) == want and j["record"] == r and j["layer"] == L
        def commit(k, i, n_, h_): return mac(mac(mac(bytes(32), sec), f"{k} {i}".encode() + b"\1"), lines(k, r, 1, i, n_, h_))
        place = ["summary", "testimony", "identity"].index(L); assert commit(L, 0, len(content), sha(content)).hex() == B["commitments"][place]
        got = []
        for a in j.get("attachments", []):
            data = b"".join(unseal(objs["sealed", q], [li]) for q in a["parts"]); assert len(data) == padme(a["length"]) and not any(data[a["length"]:])
            assert sha(data[:a["length"]]) == a["sha256"], "attachment hash"; got.append((a["length"], a["sha256"]))
        if L != "summary":
            size = 16
            while size < len(got): size *= 2
            k = {"testimony": "attachment", "identity": "identity-attachment"}[L]
            leaves = [commit(k, i, *g) for i, g in enumerate(got)] + [commit("none", i, 0, sha(b"")) for i in range(len(got), size)]
            assert root(leaves).hex() == B["commitments"][place + 2]
        if L == "testimony":
            io_ = j["identity-objects"]; assert io_ and all(("sealed", x) in objs for x in io_)
        print("  ", L, "ok", list(j["fields"]), [a["name"] for a in j.get("attachments", [])])
