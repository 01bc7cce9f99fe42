"""An independent reader and checker, written from Docs/Format.md alone; age files through Scripts/emergency.

Usage: reader.py VAULT KEYFILE PASSPHRASE. A disagreement with the page is an AssertionError. What the page tells a reader to
report is printed (`refused WORD FILE`), and so are all counts, for a comparison with the program. With TIMES=any the files'
times are not looked at: a checkout of the sample has its own.
"""
import sys, os, io, json, hashlib, hmac, base64, re, glob, datetime, importlib.machinery, importlib.util
from collections import defaultdict
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts/emergency"))
from agefile import decrypt
from agekeys import Passphrase, parse_identities, NoMatch, unbech32, bech32, Hybrid, X25519
import slip39
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey, Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
V, KF, PW = sys.argv[1:4]

# ---- 1. Conventions
sha = lambda b: hashlib.sha256(b).hexdigest()
mac = lambda k, m: hmac.new(k, m, hashlib.sha256).digest()
lines = lambda *v: "".join(f"{x}\n" for x in v).encode()
keyhash = lambda hexkey: sha(bytes.fromhex(hexkey))
HEX = re.compile("[0-9a-f]{64}")
def unseal(data, ids): return b"".join(decrypt(io.BytesIO(data), ids))
def nodup(p):
    d = dict(p); assert len(d) == len(p); return d
def js(b): return json.loads(b, object_pairs_hook=nodup)
A = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
def short(h, letter, extra=0):
    div = lambda v: v >> 1 if v % 2 == 0 else (v ^ 37) >> 1
    s, t = div(A.index(letter) if letter else 0), ""
    for i in range(7 + 3 * extra):
        d = int(h, 16) >> 256 - 5 * (i + 1) & 31; s = div(s ^ d); t += A[d]
        if i >= 6 and i % 3 == 0: t += A[s]
    return (letter + "-" if letter else "") + "-".join(t[i:i+4] for i in range(0, len(t), 4))
def root(l):
    if not l: return hashlib.sha256(b"").digest()
    if len(l) == 1: return hashlib.sha256(b"\0" + l[0]).digest()
    k = 1 << (len(l) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(l[:k]) + root(l[k:])).digest()

# ---- 2. Signed notes
def parse(b):
    end = b.rindex(b"\n\n") + 1; text, sigs = b[:end], []
    assert not any(c < 0x20 and c != 10 for c in b) and b.endswith(b"\n")
    for l in b[end+1:].split(b"\n")[:-1]:
        m = re.fullmatch("— (\\S+) (\\S+)".encode(), l); raw = base64.b64decode(m[2], validate=True); assert len(raw) == 68
        sigs.append((m[1].decode(), raw[:4], raw[4:], l + b"\n"))
    assert 1 <= len(sigs) <= 16
    return text, sigs
def mine(sigs, name, pub):
    kid = hashlib.sha256(name.encode() + b"\n\x01" + pub).digest()[:4]
    return [s for s in sigs if s[0] == name and s[1] == kid]
def verify(text, sigs, name, pub):
    found = mine(sigs, name, pub); assert len(found) == 1, (name, len(found))
    Ed25519PublicKey.from_public_bytes(pub).verify(found[0][2], text)
    return sha(text + b"\n" + found[0][3])
def signed(text, sigs, name, pub):      # False where no line is theirs; an error where one is bad
    return bool(mine(sigs, name, pub)) and bool(verify(text, sigs, name, pub))
def public(b, kind):
    text, sigs = parse(b); ls = text.split(b"\n"); assert ls[0].decode() == f"testimony-vault/{kind}/v1"
    f = []; i = 1
    while i < len(ls) and ls[i]:
        n, v = ls[i].decode().split(": ", 1); assert re.fullmatch("[a-z-]+", n) and v and "\x7f" not in v; f.append((n, v)); i += 1
    return text, sigs, f, b"\n".join(ls[i+1:])
def padded(n, cls):
    while cls < n: cls *= 2
    return cls
def one(f, name): (v,) = [v for n, v in f if n == name]; return v
def several(f, name): return [v for n, v in f if n == name]
def sealed(b, kind, cls):
    text, sigs = parse(b); n = cls
    while n < len(b): n *= 2
    assert n == len(b) and len(sigs) == 1, (kind, n, len(b))
    first, body, rest = text.split(b"\n"); assert first.decode() == f"testimony-vault/{kind}/v1" and rest == b""
    return text, sigs, js(body)

# ---- 3. The open part
text, sigs, f, body = public(open(V + "/vault.note", "rb").read(), "vault")
founder0 = one(f, "founder"); verify(text, sigs, "testimony-vault/founder", bytes.fromhex(founder0))
assert one(f, "format") == "draft" and len(bytes.fromhex(one(f, "nonce"))) == 16
vault = sha(text); kind = one(f, "keys"); over = {"classic": 184, "hybrid": 1643}[kind]
print("vault", short(vault, ""), kind)
def sealsize(n): return n + 16 * max(1, -(-n // 65536)) + over
problems = []                           # (word, place)
def files(folder, pattern):
    found = []
    for path in sorted(glob.glob(f"{V}/{folder}/*")):
        b = open(path, "rb").read(); m = re.fullmatch(pattern, os.path.basename(path)); assert m and m[m.lastindex] == sha(b), path
        found.append((int(m[1]) if m.lastindex == 2 else 0, path, b))
    return sorted(found)
NUM = r"(\d{4,7})-([0-9a-f]{64})"
class Keys:
    def __init__(self, text, f):
        self.hash, self.number, self.previous, self.founder = sha(text), int(one(f, "number")), one(f, "previous"), one(f, "founder")
        pair = lambda n: [(int(v.split(" ")[0]), v.split(" ")[1]) for v in several(f, n)]
        self.publishers, self.ended, self.signed = dict(pair("publisher")), dict(pair("ended")), set(pair("signed"))
        self.need = {n: int(one(f, n)) for n in ("publish", "retract", "erase", "replace")}
        self.registrar = one(f, "registrar"); self.former = [(k, int(s), r) for k, s, r in (v.split(" ") for v in several(f, "ended-registrar"))]
        self.succession, self.successors = int(one(f, "succession")), {int(v) for v in several(f, "successor")}
        want = [("vault", vault), ("number", self.number), ("previous", self.previous), ("format", "draft"), ("founder", self.founder)]
        want += [("publisher", f"{n} {k}") for n, k in sorted(self.publishers.items())] + [("ended", f"{n} {k}") for n, k in sorted(self.ended.items())]
        want += [("signed", f"{n} {t}") for n, t in sorted(self.signed)] + [(n, self.need[n]) for n in ("publish", "retract", "erase", "replace")]
        want += [("registrar", self.registrar)] + [("ended-registrar", " ".join(map(str, x))) for x in self.former]
        want += [("succession", self.succession)] + [("successor", n) for n in sorted(self.successors)] + [("counsel", one(f, "counsel"))]
        assert lines("testimony-vault/keys/v1", *(f"{n}: {v}" for n, v in want)) == text, "another spelling"
        assert (self.number == 1) == (self.previous == "none") and not set(self.publishers) & set(self.ended)
        allkeys = list(self.publishers.values()) + list(self.ended.values()); assert len(set(allkeys)) == len(allkeys)
        assert self.successors <= set(self.publishers) and self.succession <= len(self.successors) and min(self.need.values()) >= 1
        chain = [k for k, _, _ in self.former] + [self.registrar]; assert all(a != b for a, b in zip(chain, chain[1:]))
        sizes = [s for _, s, _ in self.former]; assert sizes == sorted(sizes) and all(s or r == sha(b"") for _, s, r in self.former)
    def follows(self, old):
        assert all(self.publishers.get(n) == k or self.ended.get(n) == k for n, k in old.publishers.items())
        assert all(self.ended.get(n) == k for n, k in old.ended.items())
        assert self.former[:len(old.former)] == old.former and len(self.former) <= len(old.former) + 1
        grown = len(self.former) > len(old.former); assert grown == (self.registrar != old.registrar)
        assert not grown or self.former[-1][0] == old.registrar
    def believes(self, number, text): return self.publishers.get(number) or (self.ended.get(number) if (number, text) in self.signed else None)
    def signers(self, text, sigs):
        found = set()
        for n in {*self.publishers, *self.ended}:
            k = self.believes(n, sha(text))
            if k and signed(text, sigs, f"testimony-vault/{vault}/publisher-{n}", bytes.fromhex(k)): found.add(n)
        return found
    def registrar_at(self, size): return next((k for k, s, _ in self.former if size <= s), self.registrar)
notes = {}
for number, path, b in files("public/vault", NUM + r"\.note"):
    t, s, f, _ = public(b, "keys"); k = Keys(t, f); assert k.number == number
    notes.setdefault(k.hash, (k, t, []))[2].append((path, s))
path = []
while True:
    before = path[-1] if path else None
    good, waiting = {}, []
    for k, t, found in notes.values():
        if k.number != len(path) + 1 or k.previous != (before.hash if before else "none"): continue
        if before: k.follows(before)
        byfounder = any(signed(t, s, f"testimony-vault/{vault}/founder", bytes.fromhex(before.founder if before else founder0)) for _, s in found)
        successors = {n for n in (before.successors if before else ()) for _, s in found
                      if signed(t, s, f"testimony-vault/{vault}/publisher-{n}", bytes.fromhex(before.publishers[n]))}
        if before and before.succession and k.founder != before.founder and len(successors) >= before.succession: good[k.hash] = (k, True)
        elif byfounder: good[k.hash] = (k, False)
        elif successors and before.succession and k.founder != before.founder: waiting.append(k.hash)
        else: problems.append(("keys", found[0][0]))
    follow = [k for k, isnew in good.values() if isnew]
    if len(follow) != 1: follow = [k for k, _ in good.values()]
    if len(follow) != 1:
        if follow: problems.append(("keys-fork", good))
        if waiting: print("awaits", len(waiting), "succession")
        break
    path.append(follow[0])
for k, t, found in notes.values():
    if k not in path and k.hash not in waiting: problems.append(("superseded-or-fork", found[0][0]))
keys = path[-1]; founders = [founder0]
for k in path:
    if k.founder != founders[-1]: founders.append(k.founder)
print("keys", len(path), "founders", len(founders), "publishers", sorted(keys.publishers), "ended", sorted(keys.ended))
texts = {}
for d in sorted(os.listdir(V + "/public")):
    if d == "vault": continue
    here = {}
    for number, place, b in files("public/" + d, NUM + r"\.note"):
        t, s, f, body = public(b, "case"); assert short(one(f, "case"), "C") == d and one(f, "vault") == vault and int(one(f, "number")) == number
        entry = here.setdefault(sha(t), [f, body, set(), place]); entry[2] |= keys.signers(t, s)
    counting = {}
    for h, (f, body, who, place) in here.items():
        texts[h] = one(f, "case")
        if len(who) >= keys.need["publish"]: counting[h] = (f, body, who)
        else: problems.append(("too-few", place))
    followed = {one(f, "previous") for f, _, _ in counting.values()}
    for h, (f, body, who) in counting.items():
        if h not in followed: print("public", d, one(f, "number"), sorted(who), several(f, "title"), several(f, "violation"), repr(body.decode()))

# ---- 4. Sealed files, and tree/
objs = {}
for k in ("log", "locks", "sealed"):
    for place in glob.glob(f"{V}/{k}/*/*"):
        d, n = place.split("/")[-2:]; b = open(place, "rb").read(); assert n == sha(b) + ".age" and n[:2] == d
        assert os.environ.get("TIMES") == "any" or int(os.stat(place).st_mtime) == 946684800
        assert b.split(b"--- ")[0].count(b"\n-> ") == 1
        objs[k, n[:64]] = b
checkpoints = {}
tree, pinned, newest = [], "none", None
if os.path.exists(V + "/tree"):
    every = os.listdir(V + "/tree"); assert all(re.fullmatch(NUM + r"\.(checkpoint|names)|gone-[0-9a-f]{64}\.note", n) for n in every), every
    for n in every:
        if n.endswith(".checkpoint"):
            m = re.fullmatch(NUM + r"\.checkpoint", n); b = open(f"{V}/tree/{n}", "rb").read(); assert sha(b) == m[2]
            t, s = parse(b); origin, size, r, number, previous = t.decode().split("\n")[:-1]
            assert origin == f"testimony-vault/{vault}" and number == f"number {int(m[1])}" and int(size) > 0
            reg = keys.registrar_at(int(size)); verify(t, s, origin, bytes.fromhex(reg))
            checkpoints.setdefault(int(m[1]), []).append((int(size), base64.b64decode(r, validate=True), previous[9:], sha(t)))
    for number in range(1, len(checkpoints) + 1):
        (size, r, previous, h), = checkpoints[number]; assert previous == pinned and size > len(tree)
        (place,) = glob.glob(f"{V}/tree/{number:04d}-*.names"); b = open(place, "rb").read(); assert sha(b) in place
        tree += b.decode().split("\n")[:-1]; assert len(set(tree)) == len(tree) == size and root([n.encode() for n in tree]) == r
        for _, s, want in keys.former:
            if s <= size: assert root([n.encode() for n in tree[:s]]).hex() == want
        pinned, newest = h, number
gone = {}
for place in glob.glob(V + "/tree/gone-*.note"):
    b = open(place, "rb").read(); assert sha(b) == place[-69:-5]; t, s, f, body = public(b, "gone")
    why, names = one(f, "why"), [v.split(" ") for v in several(f, "gone")]
    assert lines("testimony-vault/gone/v1", f"vault: {vault}", f"why: {why}", *("gone: " + " ".join(n) for n in names)) == t
    old = [n[0] for n in names]; assert old == sorted(set(old)) and not any(o.startswith("log/") for o in old)
    for o, *new in names:
        assert not new or new[0].split("/")[0] == o.split("/")[0] and new[0] not in old
        assert why == "erase" or why == "replace" and o.startswith("locks/") and new
        gone.setdefault(o, {}).setdefault(sha(t), [why, set(), new])[1].update(keys.signers(t, s))
enough = {o for o, byte in gone.items() for why, who, _ in byte.values() if len(who) >= keys.need[why]}
ishere = lambda n: tuple(n.split("/")) in objs
for n in tree:
    if not ishere(n) and n not in enough: problems.append(("claimed" if n in gone else "not-here", n))
print("tree", newest, len(tree), "names", sum(not ishere(n) and n in enough for n in {*tree, *gone}), "gone")

# ---- 10. The key, the card, the memory
plain = unseal(open(KF, "rb").read(), [Passphrase(PW.encode())]); me = parse_identities(plain)[0]
seeds = dict(re.findall(r"^# (\w+): (.*)$", plain.decode(), re.M)); assert plain.startswith(b"# testimony-vault/key/v1\n")
pub = lambda s: Ed25519PrivateKey.from_private_bytes(bytes.fromhex(s)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
own = sha(pub(seeds["signing"]))
rhash = lambda i: sha(bech32(i.recipient_prefix, i.public).encode())
CARD = ["name", "recipient", "signing", "publisher", "registrar", "founder"]
def card(b):
    t, s, f, body = public(b, "card"); assert [n for n, _ in f] == CARD and body == b""
    verify(t, s, "testimony-vault/card", bytes.fromhex(one(f, "signing"))); return dict(f)
mycard = card(open(KF[:-4] + ".card", "rb").read()); assert all(pub(seeds[n]).hex() == mycard[n] for n in CARD[2:])
fresh = {}                              # by the request's note
if os.path.exists(KF[:-4] + ".seen"):
    t, s, j = sealed(unseal(open(KF[:-4] + ".seen", "rb").read(), [me]), "seen", 16384); verify(t, s, f"testimony-vault/{vault}/member", pub(seeds["signing"]))
    fields = "vault chains intents void locks heads keys checkpoint waiting placing policy confirmed requests".split()
    assert list(j) == [n for n in fields if n in j or n not in ("placing", "policy", "confirmed", "requests")], list(j)
    j = {"policy": None} | {n: [] for n in fields[9:]} | j
    for q in j["requests"]:
        assert list(q) == ["request", "until", "key"]; c = unseal(base64.b64decode(q["key"], validate=True), [me]); assert c.count(b"\n") == 1
        fresh[q["request"]] = parse_identities(c)[0]
    print("seen ok", len(j["chains"]), "chains", len(j["heads"]), "heads", len(j["confirmed"]), "confirmed", len(fresh), "requests")

# ---- 7. Lock files, as far as they can be opened; who signed them is judged with the roster
circles, sources, lockfiles = {}, defaultdict(set), []
def take(k, h, ids, members):
    for i in ids:
        try: p = unseal(objs[k, h], [i])
        except NoMatch: continue
        t, s, j = sealed(p, "locks", 32768); assert len(objs[k, h]) == sealsize(len(p)) and j["vault"] == vault
        assert list(j) == ["vault", "author"] + (["member"] if "member" in j else ["record", "version"]) + ["locks"]
        lockfiles.append((t, s, j, h)); return j
for k, h in sorted(objs):
    if k != "locks": continue
    j = take(k, h, [me], False)
    if not j or "member" not in j: continue
    assert j["member"] == own
    for l in j["locks"]:
        assert l["to"] == {"member": own}; c = unseal(base64.b64decode(l["file"], validate=True), [me]); assert c.endswith(b"\n") and c.count(b"\n") == 1
        i = parse_identities(c)[0]; assert rhash(i) == l["key"]["epoch"]; circles[l["key"]["circle"], l["key"]["epoch"]] = i
        sources[l["key"]["circle"], l["key"]["epoch"]].add(h)
opened = {h for _, _, _, h in lockfiles}
for k, h in sorted(objs):
    if k == "locks" and h not in opened: take(k, h, [i for (c, e), i in circles.items() if c == "members"], True)
print("circles", sorted(f"{c} {e[:4]}" for c, e in circles))

# ---- 6. Entries. Step 1: each by itself
class Entry: pass
parsed, strangers = [], 0
for (k, h), b in sorted(objs.items()):
    if k != "log": continue
    for (c, e), i in circles.items():
        try: p = unseal(b, [i])
        except NoMatch: continue
        assert len(b) == sealsize(len(p)); t, s, j = sealed(p, "entry", 16384)
        assert list(j) == "vault type author chain seq prev back roster seen void time to body".split() and list(j["back"]) == ["same", "members"]
        assert j["to"] == {"circle": c, "epoch": e} and j["vault"] == vault and sha(p) == sha(t + b"\n" + s[0][3])
        assert j["seq"] > 1 or j["prev"] is None
        x = Entry(); x.j, x.text, x.sigs, x.file, x.note, x.to = j, t, s, h, sha(p), c; x.author, x.type, x.body = j["author"], j["type"], j["body"]
        x.chain, x.seq = (j["author"], j["chain"]), j["seq"]; parsed.append(x); break
    else: strangers += 1
refused = {}                            # note -> word
known = {keyhash(k): bytes.fromhex(k) for k in founders}; founderhash = [keyhash(k) for k in founders]
good = []
for first in (True, False):
    for x in parsed:
        if (x.author in founderhash) != first: continue
        if x.author not in known: refused[x.note] = "unknown author"; continue
        try: assert verify(x.text, x.sigs, f"testimony-vault/{vault}/member", known[x.author]) == x.note
        except (AssertionError, InvalidSignature): refused[x.note] = "signature"; continue
        good.append(x)
        if first and x.type == "admit": c = card(x.body["card"].encode()); known[keyhash(c["signing"])] = bytes.fromhex(c["signing"])
named_files = {l["file"] for x in good for l in (x.j["prev"], *x.j["back"].values()) if l}
bynote = {}
for x in sorted(good, key=lambda x: (x.note, x.file not in named_files, x.file)):
    if x.note in bynote: problems.append(("duplicate", x.file))
    else: bynote[x.note] = x
good = list(bynote.values())

# Chains
witnessed = {n for y in good for n in y.j["roster"] + y.j["seen"] if n not in bynote or bynote[n].author != y.author}
declarer = {n: y for y in good for n in y.j["void"] if n in bynote and bynote[n].chain == y.chain
            and (y.j["prev"] or {"seq": 0})["seq"] < bynote[n].seq < y.seq and n not in witnessed}
chains, named, openlinks = defaultdict(list), defaultdict(set), []
for x in good: chains[x.chain].append(x)
back = lambda x: [(l, to) for l, to in ((x.j["prev"], x.j["prev"]), (x.j["back"]["same"], x.j["to"]), (x.j["back"]["members"], {"epoch": None})) if l]
for chain in chains.values():
    chain.sort(key=lambda x: (x.seq, x.note))
    for x in chain:
        for l, to in back(x): named[x.chain, l["seq"]].add(l["note"]); l["note"] in bynote or openlinks.append((l, to, x.note))
forked = set(); logfiles = {h for k, h in objs if k == "log"}
seconds = lambda t: datetime.datetime.strptime(t, "%Y-%m-%dT%H:%M:%SZ")
for chain in chains.values():
    last, chain = {}, [x for x in chain if x.note not in declarer]
    for b, x in zip([None] + chain, chain):
        if named.get((x.chain, x.seq)) and x.note not in named[x.chain, x.seq]: forked.add(x.file)
        p = x.j["prev"]
        if b and (b.seq == x.seq or b.seq > (p["seq"] if p else 0) or p and b.seq == p["seq"] and b.note != p["note"]): forked |= {b.file, x.file}
        if x.to in last and last[x.to].seq < x.seq and (x.j["back"]["same"] or {"seq": 0})["seq"] < last[x.to].seq: forked |= {last[x.to].file, x.file}
        if b and (seconds(x.j["time"]) - seconds(b.j["time"])).total_seconds() < -86400: problems.append(("earlier", x.file))
        last[x.to] = x
problems += [("fork", h) for h in sorted(forked)]

# Step 2: the past
members = {x.note: x for x in good if x.to == "members"}
linked = lambda x: ([x.j["back"]["members"]["note"]] if x.j["back"]["members"] else []) + x.j["roster"]
order, pasts, partial = [], {}, set()
for start in sorted(members):
    stack = [(start, False)]
    while stack:
        n, ready = stack.pop()
        if n in pasts: continue
        if not ready: stack.append((n, True)); stack += [(l, False) for l in linked(members[n]) if l in members and l not in pasts]; continue
        past = set()
        for l in linked(members[n]):
            if l not in members: partial.add(n); continue
            if l in partial: partial.add(n)
            past |= pasts[l] | {l}
        pasts[n] = frozenset(past); order.append(n)
place = {n: i for i, n in enumerate(order)}
def cut(x):
    past = set()
    for l in linked(x):
        if l in members: past |= pasts[l] | {l}
    return frozenset(past), all(l in members and l not in partial for l in linked(x))

# Steps 3 and 4: what makes the roster, and the roster at a point
ROSTER = {"admit", "remove", "suspend", "circle", "rotate", "handover", "succession", "quorum", "accept"}
FOUNDING = {"members": {"counsel", "reviewer", "custodian"}, "reviewers": {"counsel", "reviewer"}, "custodians": {"counsel", "custodian"}, "counsel": {"counsel"}}
SHAPES = {"admit": "card roles name publisher person", "quorum": "threshold custodians alone previous", "accept": "quorum", "replace": "policy number to locks",
          "drill": "policy request approvers", "request": "request origin record identities purpose order recipient until drill split", "approve": "request shares",
          "deny": "request reason", "cancel": "request", "remove": "member last reason", "suspend": "member last reason", "circle": "circle number recipient members previous",
          "rotate": "circle number recipient members previous", "handover": "member registrar keys", "succession": "founder keys last", "case": "origin title reviewers fields",
          "seal": "record origin case previous version layers policy commitments root", "relock": "record manifest old new policy", "assess": "about manifests fields",
          "propose": "about manifests fields", "grant": "record manifest layer member lock", "publish": "case number text publisher object", "adopt": "entry reason",
          "kit": "kit key until", "kit-revoke": "kit last", "worker": "kit name receipts rule counsel policy case", "note": "source record standing reason time",
          "intake": "kit drops receipt"}
SHAPES["amend"] = SHAPES["seal"]; SHAPES["reseal"] = SHAPES["seal"] + " replaces"
for x in good:
    if x.type == "open": assert list(x.body) in (["layer", "record", "manifests", "attachment", "request"], ["index", "heads"])
    elif x.type in SHAPES: assert list(x.body) == SHAPES[x.type].split(), (x.type, list(x.body))
    if x.type in ("circle", "rotate"): assert (x.type == "circle") == (x.body["number"] == 1) == (x.body["previous"] == []) and (x.body["circle"] in FOUNDING) == (x.body["members"] is None)
    if x.type == "quorum":
        t, c = x.body["threshold"], x.body["custodians"]; assert 1 <= len(c) <= 16 and len(set(c)) == len(c)
        assert (t, len(c)) == (1, 1) if x.body["alone"] else 2 <= t <= len(c)
    if x.type == "admit": assert (x.body["publisher"] is not None) == ("counsel" in x.body["roles"])
counts = {n for n in order if members[n].type in ROSTER}
def reaches(author, ends):
    everything = set()
    for end in ends:
        chain, found, holes = (author, end["chain"]), set(), {}
        for c in end["circles"]:
            link = c if c["seq"] <= end["seq"] else None
            while link:
                x = bynote.get(link["note"])
                if not x or x.chain != chain or x.to != c["circle"] or x.seq != link["seq"]: holes[c["circle"]] = link["seq"]; break
                if x.note in found: break
                found.add(x.note); same = x.j["back"]["same"]; link = same if same and same["seq"] < x.seq else None
        everything |= found
        for circle, hole in holes.items():
            below = [x for x in chains.get(chain, []) if x.seq < hole and x.note not in found]; seqs = [x.seq for x in below]
            names, lowest = {l["note"] for n in found for l, _ in back(bynote[n])}, hole
            for x in reversed(below):
                if seqs.count(x.seq) == 1 and (x.note in names or x.note in witnessed or x.seq == lowest - 1):
                    lowest = x.seq; names |= {l["note"] for l, _ in back(x)}
                    if x.to == circle: everything.add(x.note)
    return everything
def refuse(n, word): counts.discard(n); refused[n] = word
isfounders = lambda n: members[n].author in founderhash
replaced = {}
for n in [n for n in order if n in counts and members[n].type == "succession"]:
    b = members[n].body; i = founders.index(b["founder"]) if b["founder"] in founders else 0
    if i == 0 or founderhash[i] != members[n].author: refuse(n, "role"); continue
    for former in founderhash[:i]: former in replaced or replaced.update({former: (n, reaches(former, b["last"]))})
for n in [n for n in order if n in counts and isfounders(n)]:
    end = replaced.get(members[n].author)
    if end and end[0] != n and n not in end[1]: refuse(n, "late")
    elif n in declarer and (not end or declarer[n].note in end[1]): refuse(n, "void")
class Member:
    def __init__(self, admission, roles, ending, removed): self.card, self.body, self.roles, self.ending, self.removed = card(admission["card"].encode()), admission, roles, ending, removed
    def has(self, role): return self.ending is None and role in self.roles
def roster(past, endings=True):
    admissions, ends, who = defaultdict(list), defaultdict(list), {}
    for n in order:
        if n not in past or n not in counts: continue
        x = members[n]
        if x.type == "admit": admissions[keyhash(card(x.body["card"].encode())["signing"])].append(n)
        if endings and x.type in ("remove", "suspend"): ends[x.body["member"]].append(n)
    for m, all_ in admissions.items():
        newest_ = sorted(n for n in all_ if not any(n in pasts[o] for o in all_)); first = members[newest_[0]].body
        roles = [r for r in first["roles"] if all(r in members[n].body["roles"] for n in newest_)]
        holding = [n for n in ends[m] if not any(n in pasts[a] for a in newest_)]
        who[m] = Member(first, roles, holding[0] if holding else None, any(members[n].type == "remove" for n in holding))
    return who
cached = {}
def roster_at(past):
    if past not in cached: cached[past] = roster(past)
    return cached[past]
def holds(m, circle, past):
    if not m or m.ending is not None: return False
    if circle in FOUNDING: return bool(FOUNDING[circle] & set(m.roles))
    bodies = sorted((members[n].body for n in order if n in past and n in counts and members[n].type in ("circle", "rotate") and members[n].body["circle"] == circle),
                    key=lambda b: (b["number"], [-c for c in bytes.fromhex(sha(b["recipient"].encode()))]))
    return m.has("counsel") or bool(bodies) and keyhash(m.card["signing"]) in bodies[-1]["members"]
def follows(n):
    circle = members[n].body["circle"]
    for s_ in [s_ for s_ in pasts[n] if s_ in counts and members[s_].type == "suspend"]:
        there = holds(roster(pasts[s_]).get(members[s_].body["member"]), circle, pasts[s_])
        if there and not any(o in counts and members[o].type == "rotate" and members[o].body["circle"] == circle and s_ in pasts[o] for o in pasts[n]): return True
def unites(n):
    there = [members[o].body for o in pasts[n] if o in counts and members[o].type in ("circle", "rotate") and members[o].body["circle"] == members[n].body["circle"]]
    newest = {sha(b["recipient"].encode()) for b in there} - {e for b in there for e in b["previous"]}
    return len(newest) > 1 and set(members[n].body["previous"]) == newest
for n in [n for n in order if n in counts and not isfounders(n) and members[n].type != "accept"]:
    m = roster(pasts[n]).get(members[n].author)
    if not m or not m.has("counsel") or not (members[n].type == "suspend" or members[n].type == "rotate" and (follows(n) or unites(n))): refuse(n, "role")
admits = lambda n: keyhash(card(members[n].body["card"].encode())["signing"])
def endings_of(among):
    all_ = [n for n in order if n in among and members[n].type in ("remove", "suspend")]; about = lambda n: members[n].body["member"]
    return {n: reaches(about(n), members[n].body["last"]) for n in all_ if isfounders(n) or not any(isfounders(o) and about(o) == about(n) and n in pasts[o] for o in all_)}
def leaves_out(n, reached, note, past):
    if n == note or any(a in past and members[a].type == "admit" and admits(a) == members[n].body["member"] and n in pasts[a] for a in counts): return False
    return n in past or note not in reached
def left_out(n, endings):
    if members[n].type == "accept": return False
    for e, reached in endings.items():
        if members[e].body["member"] != members[n].author or not leaves_out(e, reached, n, pasts[n]): continue
        if members[n].type == "suspend" and e not in pasts[n] and not isfounders(e) and members[n].body["member"] == members[e].author: continue
        return True
candidates, holding = set(counts), set(counts)
while True:
    endings = endings_of(holding); next_ = {n for n in candidates if isfounders(n) or not left_out(n, endings)}
    if next_ == holding: break
    holding = next_
for n in candidates - holding: refuse(n, "late")
for n in [n for n in order if n in counts and not isfounders(n) and n in declarer]:
    if all(declarer[n].note in reached for e, reached in endings_of(counts).items() if members[e].body["member"] == members[n].author): refuse(n, "void")
holders, numbers, epochs, ended_, numbered = {}, {}, defaultdict(set), set(), {}
for n in [n for n in order if n in counts]:
    x, b = members[n], members[n].body
    if x.type == "admit":
        c = card(b["card"].encode()); m = keyhash(c["signing"]); holder = holders.get(c["name"])
        if holder not in (None, m) and holder not in ended_ or numbers.get(b["publisher"], m) != m or m in founderhash: refuse(n, "contradiction"); continue
        holders[c["name"]] = m; ended_.discard(m)
        if b["publisher"]: numbers[b["publisher"]] = m
    elif x.type in ("remove", "suspend"): ended_.add(b["member"])
    elif x.type in ("circle", "rotate"):
        known_ = [numbered[e] for e in b["previous"] if e in numbered]
        if epochs[b["circle"]] if b["number"] == 1 else len(known_) < len(b["previous"]) or b["number"] != 1 + max(known_): refuse(n, "contradiction"); continue
        epochs[b["circle"]].add(sha(b["recipient"].encode())); numbered[sha(b["recipient"].encode())] = b["number"]
# Policies
def folding():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Scripts/folding-table"); loader = importlib.machinery.SourceFileLoader("folding", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("folding", loader)); loader.exec_module(module)
    return lambda text: re.sub(" +", " ", "".join(module.fold(ord(c)) for c in text))
fold = folding()
def person(k, who):
    way = []
    while k not in way:
        way.append(k); before = who[k].body["person"] if k in who else None
        if before is None: return k
        k = before
    return min(way[way.index(k):])
for n in [n for n in order if n in counts and members[n].type == "quorum"]:
    b, who = members[n].body, roster(pasts[n]); c = [who.get(k) for k in b["custodians"]]
    good_ = all(m and (m.has("custodian") or b["alone"] and m.has("counsel")) for m in c)
    if not good_ or len({person(k, who) for k in b["custodians"]}) < len(c) or len({fold(m.body["name"]) for m in c}) < len(c): refuse(n, "role")
quorums = {n: members[n].body for n in order if n in counts and members[n].type == "quorum"}
firstaccept, again = {}, set()
for n in [n for n in order if n in counts and members[n].type == "accept"]:
    a, p = members[n].author, members[n].body["quorum"]
    if p not in quorums or p not in pasts[n]: refuse(n, "unknown request"); continue
    q = quorums[p]; may = a in q["custodians"] or a in quorums.get(q["previous"], {"custodians": []})["custodians"]
    may = may or any(a in o["custodians"] for i, o in quorums.items() if i in pasts[n] and o["previous"] == q["previous"])
    m = roster(pasts[n]).get(a)
    if not may or not m or m.ending is not None: refuse(n, "role"); continue
    if (p, a) in firstaccept and firstaccept[p, a] in pasts[n]: again.add(n)
    else: firstaccept.setdefault((p, a), n)
def policypath():
    said = defaultdict(lambda: defaultdict(set))
    for n in [n for n in order if n in counts and members[n].type == "accept" and n not in again]:
        p = members[n].body["quorum"]
        newer = [o for o, b in quorums.items() if b["previous"] == quorums[p]["previous"] and p in pasts[o]]
        if not any(o in pasts[n] for o in newer): said[p][members[n].author].add(n)
    def spoke(p, whose, at=None): return [c for c in quorums[whose]["custodians"] if any(at is None or n in at for n in said[p][c])]
    def complete(p, before, at=None):
        return len(spoke(p, p, at)) == len(quorums[p]["custodians"]) and (before is None or len(spoke(p, before, at)) >= quorums[before]["threshold"])
    def against(p, o):
        one = len(spoke(p, o)) >= quorums[o]["threshold"]; other = len(spoke(o, p)) >= quorums[p]["threshold"]
        return one and (not other or o in pasts[p] or p not in pasts[o] and p < o)
    path = []
    while True:
        before = path[-1] if path else None
        here = [p for p in order if p in quorums and quorums[p]["previous"] == before and complete(p, before)]
        left = [p for p in here if not any(o in pasts[p] and complete(o, before, pasts[p]) for o in here)]
        best = [p for p in left if all(p == o or against(p, o) for o in left)]
        if not best: return path, sorted(left)
        path.append(best[0])
policies, contestedpolicies = policypath()
# Epochs that were ever named by somebody who might; where a roster entry is not here, also those whose key this reader holds.
evercounsel = {keyhash(card(members[n].body["card"].encode())["signing"]) for n in order if members[n].type == "admit" and "counsel" in members[n].body["roles"]}
named = defaultdict(set)
for n in order:
    if members[n].type in ("circle", "rotate") and (isfounders(n) or members[n].author in evercounsel): named[members[n].body["circle"]].add(sha(members[n].body["recipient"].encode()))
if not all(cut(x)[1] for x in good):
    for c, e in circles: named[c].add(e)
everything = frozenset(order); now = roster_at(everything); ever = roster(everything, endings=False)
endings = endings_of(counts)

# Step 5: has it effect?
class Refused(Exception): pass
def need(ok, word):
    if not ok: raise Refused(word)
accepted, late, unknown, adopted = [], [], [], set()
cases, casecircles, manifests, caseof, contested = {}, defaultdict(set), defaultdict(list), {}, set()
def checked(x):                         # a manifest
    b = x.body; o = b["origin"]
    assert b["record"] == sha(lines("record", vault, o["author"], o["nonce"])) and root([bytes.fromhex(c) for c in b["commitments"]]).hex() == b["root"]
    assert len(b["commitments"]) == 5 and list(b["layers"]) == ["summary", "testimony", "identity"] and list(b["policy"]) in (["kind", "quorum"], ["kind", "member"])
    assert b["policy"]["kind"] == {"quorum": "quorum", "member": "alone"}[list(b["policy"])[1]]
    assert (b["version"] == 1) == (b["previous"] == []); return b
def depth(x):
    d, n = 0, x.body.get("replaces")
    while n and n in bynote: d, n = d + 1, bynote[n].body.get("replaces")
    return d
def rank(x):
    r = 0 if x.type == "adopt" else 1 if x.type in ROSTER else {"case": 2, "kit": 2, "seal": 3, "request": 3, "worker": 3, "kit-revoke": 3, "amend": 4, "reseal": 5}.get(x.type, 6)
    return (r, x.body.get("version", 0) if 3 <= r <= 5 else 0, depth(x) if r == 5 else place[x.note] if x.type == "replace" else 0, x.note)
def standing(x):
    past, whole = cut(x)
    if x.author in founderhash:
        end = replaced.get(x.author); need(not end or end[0] == x.note or x.note in end[1], "late")
        return need(x.type in ROSTER or x.to == "members", "role")
    need(x.j["to"]["epoch"] in named[x.to], "audience")
    if x.type in ROSTER and x.note in counts: return
    m = (roster_at(past) if whole else ever).get(x.author); need(m, "role")
    if x.note in adopted: return
    need(m.ending is None, "late")
    need(not any(leaves_out(e, reached, x.note, past) for e, reached in endings.items() if members[e].body["member"] == x.author), "late")
def stands(x):
    try: standing(x); return True
    except Refused: return False
def judge(x):
    past, whole = cut(x); m = (roster_at(past) if whole and x.note not in adopted else ever).get(x.author)
    if x.note in refused: raise Refused(refused[x.note])
    need(x.note not in declarer or not stands(declarer[x.note]), "void"); standing(x)
    b = x.body
    counsel = lambda: need(m and m.has("counsel"), "role")
    def tocase(case):
        need(case in casecircles, "unknown case"); need(x.to in casecircles[case], "audience")
    def torecord(r): need(r in caseof, "unknown record"); tocase(caseof[r])
    member = lambda: need(holds(m, x.to, past if whole else everything), "role")
    if x.type in ROSTER: need(x.to == "members", "audience")
    elif x.type == "case":
        counsel(); need(x.to == b["reviewers"], "audience"); need(b["origin"]["author"] == x.author, "origin")
        i = sha(lines("case", vault, b["origin"]["author"], b["origin"]["nonce"])); casecircles[i].add(b["reviewers"])
        if i in cases and cases[i] != b: contested.add(i); raise Refused("contradiction")
        cases[i] = b
    elif x.type == "seal":
        counsel(); checked(x); tocase(b["case"]); need(b["version"] == 1, "contradiction"); need(b["origin"]["author"] == x.author or b["origin"]["author"] in kits, "origin")
        if not any(o.body == b for o in manifests[b["record"]]):
            if manifests[b["record"]]: contested.add(b["record"])
            manifests[b["record"]].append(x); caseof[b["record"]] = b["case"]
    elif x.type in ("amend", "reseal"):
        counsel(); checked(x); need(b["record"] in caseof, "unknown record"); need(caseof[b["record"]] == b["case"], "contradiction"); torecord(b["record"])
        byhash = {o.note: o.body for o in manifests[b["record"]]}
        if x.type == "reseal":
            old = byhash.get(b["replaces"]); need(old, "unknown record"); need((old["version"], old["previous"]) == (b["version"], b["previous"]), "contradiction")
            assert old["layers"]["identity"] == b["layers"]["identity"] and old["commitments"][2] == b["commitments"][2] and old["commitments"][4] == b["commitments"][4]
        else:
            need(b["version"] > 1, "contradiction")
            here = [bynote[p].body for p in b["previous"] if p in bynote and bynote[p].type in ("seal", "amend", "reseal")]
            need(all(o["record"] == b["record"] for o in here), "contradiction"); most = max((o["version"] for o in here), default=1)
            need(b["version"] == most + 1 if len(here) == len(b["previous"]) else b["version"] > most, "contradiction")
        manifests[b["record"]].append(x)
    elif x.type == "relock": counsel(); torecord(b["record"])
    elif x.type == "open":
        member()
        if "layer" in b:
            if x.to == "counsel": need(b["record"] in caseof, "unknown record")
            else: torecord(b["record"])
    elif x.type == "assess": torecord(b["about"]); member()
    elif x.type == "propose": tocase(b["about"]); member()
    elif x.type == "grant": counsel(); need(x.to == "counsel", "audience"); need(b["record"] in manifests, "unknown record")
    elif x.type == "publish": counsel(); need(x.to == "counsel", "audience")
    elif x.type == "adopt": counsel(); need(x.to == "counsel", "audience"); adopted.add(b["entry"])
    elif x.type == "request":
        counsel(); need(x.to == "custodians", "audience"); o = b["origin"]
        assert list(o) == ["author", "nonce"] and b["request"] == sha(lines("request", vault, o["author"], o["nonce"])); need(o["author"] == x.author, "origin")
        for i in b["identities"]: assert list(i) == "manifest version object recipient policy sealer set lock".split() and 0 <= i["set"] < 1 << 15
        assert b["identities"] and len({i["manifest"] for i in b["identities"]}) == len(b["identities"]); seconds(b["until"])
        assert b["order"] is None or list(b["order"]) == ["object", "length", "name", "key"] and b["order"]["length"] <= 16 << 20
        requests[x.note] = x
    elif x.type in ("approve", "deny"): need(x.to == "custodians", "audience"); need(b["request"] in requests, "unknown request"); need(answers(m, past, whole), "role")
    elif x.type == "cancel":
        need(x.to == "custodians", "audience"); need(b["request"] in requests, "unknown request"); need(requests[b["request"]].author == x.author, "role")
    elif x.type == "replace":
        who, there = (roster_at(past), quorums.keys() & past) if whole else (ever, quorums.keys())
        need(x.to == "members", "audience"); need(b["policy"] in there and b["number"] <= len(quorums[b["policy"]]["custodians"]), "unknown request")
        has = lambda k: [quorums[b["policy"]]["custodians"][k - 1]] + handed[b["policy"], k]; numbers_ = range(1, len(quorums[b["policy"]]["custodians"]) + 1)
        to = who.get(b["to"]); need(to and to.has("custodian") and b["to"] != x.author, "role"); chain = has(b["number"])
        goeson = chain[-2:] == [x.author, b["to"]]; need(chain[-1] == x.author or goeson, "role")
        need(not any(person(k, who) == person(b["to"], who) for number in numbers_ if number != b["number"] for k in has(number)), "role")
        goeson or handed[b["policy"], b["number"]].append(b["to"]); handedfiles.update((f, x.author, b["policy"], b["number"]) for f in b["locks"])
    elif x.type == "drill":
        need(x.to == "members", "audience"); need(m and m.has("counsel") or answers(m, past, whole), "role")
        need(b["policy"] in (quorums.keys() & past if whole else quorums), "unknown request")
    elif x.type == "kit":
        counsel(); need(x.to == "members", "audience"); assert b["kit"] == keyhash(b["key"]) and seconds(b["until"]); need(b["kit"] not in kits, "contradiction")
        kits[b["kit"]] = bytes.fromhex(b["key"])
    elif x.type == "kit-revoke":
        counsel(); need(x.to == "members", "audience"); assert b["last"] is None or list(b["last"]) == ["number", "head"]; need(b["kit"] in kits, "unknown kit")
    elif x.type == "worker":
        counsel(); need(x.to == "counsel", "audience"); assert b["rule"] in ("two-counsel", "checkpoint"); need(b["kit"] in kits, "unknown kit")
        need(b["kit"] not in workers, "contradiction"); workers[b["kit"]] = b
    elif x.type == "intake": counsel(); need(x.to == "counsel", "audience"); need(b["kit"] in kits, "unknown kit")
    elif x.type == "note":
        counsel(); need(x.to == "counsel", "audience"); assert b["standing"] in ("filed", "quarantined") and seconds(b["time"]); o = b["source"]
        if "head" in o:
            assert list(o) == ["head", "note", "kit", "number"]; need(o["kit"] in kits, "unknown kit"); d, n = drop(o["head"], kits[o["kit"]])
            need((n, d["number"], d["record"]) == (o["note"], o["number"], b["record"]), "malformed"); fieldnotes.append((x, d))
        else: assert list(o) == ["file"] and HEX.fullmatch(o["file"])
    else: unknown.append(x); return
    accepted.append(x)
kits, workers, fieldnotes = {}, {}, []
def drop(e, key):                       # a head, from its embedded form
    assert list(e) == ["text", "spaces"]; b = e["text"].encode(); at = b.rindex(b"\n\n"); assert b[at - 1:at] == b"}"
    t, s, j = sealed(b[:at] + b" " * e["spaces"] + b[at:], "drop", 16384); n = verify(t, s, f"testimony-vault/{vault}/kit", key)
    assert list(j) == "vault kit number previous void origin time layers policy commitments root locks objects corrects".split() and j["vault"] == vault
    assert j["kit"] == sha(key) == j["origin"]["author"] and root([bytes.fromhex(c) for c in j["commitments"]]).hex() == j["root"] and seconds(j["time"])
    assert j["void"] == sorted(set(j["void"])) and len(j["void"]) <= 1000 and all(1 <= v < j["number"] for v in j["void"]) and list(j["layers"]) == ["summary", "testimony", "identity"]
    assert j["objects"] == sorted(set(j["objects"])) and len(j["objects"]) <= 8192 and j["locks"] not in j["objects"] and {o["object"] for o in j["layers"].values()} <= set(j["objects"])
    return j | {"record": sha(lines("record", vault, j["kit"], j["origin"]["nonce"]))}, n
requests, handed, handedfiles = {}, defaultdict(list), set()
def answers(m, past, whole):
    return bool(m) and (m.has("custodian") or m.ending is None and any(keyhash(m.card["signing"]) in b["custodians"] for n, b in quorums.items() if not whole or n in past))
for x in sorted(good, key=rank):
    try: judge(x)
    except Refused as r:
        refused[x.note] = str(r)
        if str(r) == "late": late.append(x)
for l, to, n in openlinks:
    if n not in {x.note for x in accepted + unknown}: continue
    if l["file"] not in logfiles: problems.append(("missing", l["file"]))
    elif to["epoch"] and (to["circle"], to["epoch"]) in circles: problems.append(("damaged-link", l["file"]))
allnotes = {x.note for x in good}
for x in accepted:
    for n in x.j["roster"] + x.j["seen"]:
        if n not in allnotes: problems.append(("missing-note", n))
for n, word in sorted(refused.items()):
    if word != "void": print("refused", word, n)
for word, what in problems: print("problem", word, what)
names_ = lambda keys_: ",".join(ever[k].card["name"] for k in keys_)
for p in policies: print("policy", p, quorums[p]["threshold"], names_(quorums[p]["custodians"]), "alone" if quorums[p]["alone"] else "")
if contestedpolicies: print("policies contested", len(contestedpolicies))
for m, x in sorted(now.items(), key=lambda i: i[1].card["name"]): print("member", x.card["name"], ",".join(x.roles), "removed" if x.removed else "suspended" if x.ending else "active")
everyone = {keyhash(card(x.body["card"].encode())["signing"]) for x in accepted if x.type == "admit" and "counsel" in x.body["roles"]}
for x in accepted:
    if x.type == "publish" and x.body["object"] is None: assert texts[x.body["text"]] == x.body["case"]
    if x.type == "publish" and x.body["object"] and ("sealed", x.body["object"]) in objs:
        p = unseal(objs["sealed", x.body["object"]], [i for (c, e), i in circles.items() if c == "counsel"]); assert len(p) == 65536
        j = js(p.rstrip(b" ")); assert list(j) == ["vault", "case", "note"] and j["vault"] == vault and j["case"] == x.body["case"]
        t, s, f, _ = public(j["note"].encode(), "case"); assert sha(t) == x.body["text"] and x.body["publisher"] in keys.signers(t, s)

# Lock files again: which count
def countsas(t, s, j, h):
    if j["author"] not in everyone:
        l = j["locks"][0]
        if len(j["locks"]) != 1 or l.get("layer") != "identity" or (h, j["author"], l["to"].get("policy"), l["to"].get("share")) not in handedfiles: return False
    try: verify(t, s, f"testimony-vault/{vault}/member", known[j["author"]]); return True
    except (AssertionError, InvalidSignature): return False
trusted = {h for t, s, j, h in lockfiles if countsas(t, s, j, h)}
def awaited(t, s, j):                   # a share that is handed on, whose entry is not here yet
    to, q = j["locks"][0]["to"], quorums.get(j["locks"][0]["to"].get("policy"))
    if len(j["locks"]) != 1 or j["locks"][0].get("layer") != "identity" or not q or not 1 <= to["share"] <= len(q["custodians"]): return False
    if j["author"] not in [q["custodians"][to["share"] - 1]] + handed[to["policy"], to["share"]]: return False
    try: verify(t, s, f"testimony-vault/{vault}/member", known[j["author"]]); return True
    except (AssertionError, InvalidSignature): return False
for address in list(circles):
    if address[1] not in named[address[0]] or not sources[address] & trusted: problems.append(("key", address)); del circles[address]
reclocks = defaultdict(list)
for t, s, j, h in lockfiles:
    if h not in trusted: awaited(t, s, j) or problems.append(("unsigned-lock", h))
    elif "record" in j: reclocks[j["version"]].append(j)

def padme(n):
    n = max(n, 65536); e = n.bit_length() - 1; s = e.bit_length(); m = (1 << e - s) - 1; return (n + m) & ~m

# ---- 7. Shares
def share(p, to=None):                  # checked by itself; gives its JSON
    t, s = parse(p); first, body, rest = t.split(b"\n"); assert first == b"testimony-vault/share/v1" and rest == b"" and len(s) == 1
    j = js(body); assert list(j) == "vault author record version object policy set number salt hashes words".split() and body.rstrip(b" ").endswith(b'"}')
    words = j["words"].split(" "); assert len(words) == 33 and all(re.fullmatch("[a-z]+", w) for w in words)
    bare = len(p) - (len(body) - len(body.rstrip(b" "))); assert len(p) == padded(bare - len(j["words"]) + 33 * 9 - 1, 2048)
    assert j["vault"] == vault and HEX.fullmatch(j["hashes"][0]) and len(bytes.fromhex(j["salt"])) == 16
    if j["author"] in everyone: verify(t, s, f"testimony-vault/{vault}/member", known[j["author"]])
    else: verify(t, s, f"testimony-vault/{vault}/kit", kits[j["author"]])
    assert sha(lines("share", j["salt"], j["number"], j["words"])) == j["hashes"][j["number"] - 1], "words"
    one_, policy = slip39.parse(j["words"], "share"), quorums[j["policy"]]
    assert len(j["hashes"]) == len(policy["custodians"]) and (one_.identifier, one_.index + 1, one_.needed) == (j["set"], j["number"], policy["threshold"])
    assert (one_.extendable, one_.exponent, one_.group_index, one_.groups_needed, one_.groups) == (0, 0, 0, 1, 1)
    assert to is None or list(to) == ["share", "policy", "set"] and to == {"share": j["number"], "policy": j["policy"], "set": j["set"]}
    return j
def combined(shares, policy):           # the identity of enough of them, with its line
    if len(shares) < quorums[policy]["threshold"]: return None
    kind_ = {"classic": X25519, "hybrid": Hybrid}[kind]
    line = bech32(kind_.identity_prefix, slip39.combine([slip39.parse(j["words"], "share") for j in shares[:quorums[policy]["threshold"]]])).upper()
    return parse_identities(line.encode())[0], line.encode()
for l in [l for js_ in reclocks.values() for lk in js_ for l in lk["locks"] if "share" in l["to"]]:    # a custodian's own, whatever else is theirs to read
    try: j = share(unseal(base64.b64decode(l["file"], validate=True), [me]), l["to"])
    except NoMatch: continue
    print("share", j["number"], "of", len(j["hashes"]), "version", j["version"], "of", short(j["record"], "R"))
for note, i in fresh.items():           # approvals of an own request
    q = requests[note].body; assert rhash(i) == sha(q["recipient"].encode())
    for x in [x for x in accepted if x.type == "approve" and x.body["request"] == note]:
        content, found = unseal(base64.b64decode(x.body["shares"], validate=True), [i]), []
        for one_ in q["identities"]:
            line, content = content.split(b"\n", 1); assert re.fullmatch(rb"0|[1-9][0-9]*", line); found.append(content[:int(line)]); content = content[int(line):]
        assert content == b""
        for one_, p in zip(q["identities"], found):
            if p: j = share(p); assert all(j[n] == one_[n] for n in ("version", "object", "policy", "set")) and (j["record"], j["author"]) == (q["record"], one_["sealer"])
        print("approval", ever[x.author].card["name"], sum(bool(p) for p in found), "of", len(found))
for x in requests.values():
    if x.body["order"] and ("sealed", x.body["order"]["object"]) in objs:
        o = x.body["order"]; p = unseal(objs["sealed", o["object"]], parse_identities(o["key"].encode())); assert len(p) == padme(o["length"]) and not any(p[o["length"]:])

# ---- 6, 8, 9. Versions, compartments, commitments
labels = {}
for r, all_ in sorted(manifests.items()):
    nextof = {}
    for x in sorted((x for x in all_ if x.type == "reseal"), key=lambda x: x.note, reverse=True): nextof[x.body["replaces"]] = x
    versions = []
    for x in all_:
        if x.type == "reseal": continue
        held = x
        while held.note in nextof: held = nextof[held.note]
        versions.append((x.body["version"], x.note, held))
    versions.sort(key=lambda v: v[:2]); print("record", short(r, "R"), "contested" if r in contested else "")
    for number, firstnote, x in versions:
        same = [v[1] for v in versions if v[0] == number]; label = str(number) + ("" if len(same) == 1 else "abcdefghij"[same.index(firstnote)])
        labels.setdefault(short(r, "R"), []).append(label); B = x.body; print(" version", label, x.type)
        missing = [o["object"] for o in B["layers"].values() if ("sealed", o["object"]) not in objs]
        problems += [("missing-object", o) for o in missing] + [("no-lock-file", x.note)] * (not reclocks[x.note]); readable = {}
        pieces = {}
        for lk in reclocks[x.note]:
            assert lk["record"] == r
            for l in lk["locks"]:
                if "share" in l["to"]:
                    assert l["layer"] == "identity"
                    try: p = unseal(base64.b64decode(l["file"], validate=True), [me])
                    except NoMatch: continue
                    j = share(p, l["to"]); assert (j["record"], j["version"], j["object"]) == (r, number, B["layers"]["identity"]["object"])
                    signers = {B["origin"]["author"]} if number == 1 and B["origin"]["author"] in kits else {y.author for y in all_ if y.note in (x.note, firstnote)}
                    signers |= {y.author for y in accepted if y.type == "relock" and y.body["policy"] == j["policy"]}
                    assert j["author"] in signers; pieces.setdefault((j["policy"], j["set"], j["salt"]), {})[j["number"]] = j; continue
                key = me if l["to"] == {"member": own} else circles.get((l["to"].get("circle"), l["to"].get("epoch")))
                if key is None: continue
                c = unseal(base64.b64decode(l["file"], validate=True), [key]); li = parse_identities(c)[0]
                if rhash(li) == B["layers"][l["layer"]]["recipient"]: readable[l["layer"]] = (li, unbech32(c.decode().strip())[1])
        for (policy, _, _), found in pieces.items():
            key = combined(list(found.values()), policy)
            if key and rhash(key[0]) == B["layers"]["identity"]["recipient"]: readable["identity"] = (key[0], unbech32(key[1].decode())[1])
        for L in ("summary", "testimony", "identity"):
            if L not in readable: print("   no key for", L); continue
            if B["layers"][L]["object"] in missing: continue
            li, sec = readable[L]; ob = objs["sealed", B["layers"][L]["object"]]; p = unseal(ob, [li]); n = 65536
            while L != "identity" and n < len(p): n *= 2
            assert len(ob) == sealsize(len(p)) and len(p) == (16384 if L == "identity" else n)
            content = p.rstrip(b" "); j = js(content); assert j["version"] == B["version"] == number and j["vault"] == vault
            want = ["vault", "record", "version", "layer", "fields"] + {"summary": [], "testimony": ["attachments", "identity-objects"], "identity": ["attachments"]}[L]
            assert list(j) == want and j["record"] == r and j["layer"] == L
            def commit(k, i, n_, h_): return mac(mac(mac(bytes(32), sec), f"{k} {i}".encode() + b"\1"), lines(k, r, B["version"], i, n_, h_))
            at = ["summary", "testimony", "identity"].index(L); assert commit(L, 0, len(content), sha(content)).hex() == B["commitments"][at]
            got = []
            for a in j.get("attachments", []):
                assert list(a) == ["name"] + ["raw-name"] * ("raw-name" in a) + ["media-type", "length", "sha256", "parts"]
                data = b"".join(unseal(objs["sealed", q], [li]) for q in a["parts"]); assert len(data) == padme(a["length"]) and not any(data[a["length"]:])
                assert sha(data[:a["length"]]) == a["sha256"], "attachment hash"; got.append((a["length"], a["sha256"]))
            if L != "summary":
                size = 16
                while size < len(got): size *= 2
                k = {"testimony": "attachment", "identity": "identity-attachment"}[L]
                leaves = [commit(k, i, *g) for i, g in enumerate(got)] + [commit("none", i, 0, sha(b"")) for i in range(len(got), size)]
                assert root(leaves).hex() == B["commitments"][at + 2]
            if L == "testimony": assert j["identity-objects"] and all(("sealed", o) in objs for o in j["identity-objects"])
            print("  ", L, "ok", list(j["fields"]), [a["name"] for a in j.get("attachments", [])])
# ---- Notes from the field: what was filed is the manifest; of what is kept apart the lock part lies beside the objects
for x, d in fieldnotes:
    word, same = x.body["standing"], ("origin", "layers", "commitments", "root")
    if word == "filed":
        sealed_ = [m.body for m in manifests[d["record"]] if m.type == "seal"]
        if not any(all(b[n] == d[n] for n in same) and b["policy"] == {"kind": "quorum", "quorum": d["policy"]} for b in sealed_): word += ", and no such seal"
    elif ("sealed", d["locks"]) in objs:
        try:
            t, s, j = sealed(unseal(objs["sealed", d["locks"]], [i for (c, e), i in circles.items() if c == "counsel"]), "locks", 32768)
            verify(t, s, f"testimony-vault/{vault}/kit", kits[d["kit"]]); assert list(j) == "vault author record version locks".split()
            assert (j["vault"], j["author"], j["record"], j["version"]) == (vault, d["kit"], d["record"], None)
        except (AssertionError, InvalidSignature, NoMatch): word += ", not as its head says"
    print("note", workers[d["kit"]]["name"] if d["kit"] in workers else "", d["number"], word, short(d["record"], "R"))
# ---- 10. The index, where there is one
if os.path.exists(KF[:-4] + ".index"):
    file = open(KF[:-4] + ".index", "rb").read(); plain = unseal(file, [me]); first = plain[:65536].rstrip(b"\0")
    t, s, j = sealed(first, "index", 16384); verify(t, s, f"testimony-vault/{vault}/member", pub(seeds["signing"]))
    end = file.index(b"\n", file.index(b"\n--- ") + 1) + 1; assert j["file"] == sha(file[:end + 16]) and j["layout"] == 1 and j["vault"] == vault
    hold = sorted(f"{c} {e}" for c, e in circles); gones = sorted(n[5:69] for n in os.listdir(V + "/tree") if n.startswith("gone-")) if os.path.exists(V + "/tree") else []
    print("index", "current" if j["basis"] == sha(lines(1, *hold, "-", *gones)) else "void")
    at, parts = 65536, {}
    assert list(j["sections"]) == ["log", "locks", "rows", "pools", "entries", "texts", "originals", "bodies"]
    for name, lengths in j["sections"].items():
        for n in lengths: parts.setdefault(name, []).append(plain[at:at + n]); at = -(-(at + n) // 65536) * 65536
    assert len(plain) == padme(at)
    class Read:
        def __init__(self, b): self.b, self.i = b, 0
        def take(self, n): self.i += n; assert self.i <= len(self.b); return self.b[self.i - n:self.i]
        def int(self, n=4): return int.from_bytes(self.take(n), "big")
        def hash(self): return self.take(32).hex()
        def text(self): return self.take(self.int()).decode()
        def many(self, f): return [f() for _ in range(self.int())]
        def end(self): assert self.i == len(self.b)
    (b,) = parts["log"]; r = Read(b); log_ = r.many(lambda: (r.hash(), r.int(1))); r.end(); assert log_ == sorted(log_)
    (b,) = parts["locks"]; r = Read(b); locks_ = r.many(lambda: (r.hash(), k := r.int(1), k == 2 and (r.hash(), r.int(1)))); r.end()
    (b,) = parts["rows"]; r = Read(b); rows_ = r.many(lambda: (r.hash(), r.hash(), r.hash(), r.int(8), r.int(1), r.int(1), r.int(1), r.text())); r.end()
    (b,) = parts["pools"]; r = Read(b); H = r.many(r.hash); C = r.many(lambda: r.take(16).hex()); T = r.many(r.text); W = r.many(lambda: (r.text(), r.hash()))
    L = r.many(lambda: (r.int(8), r.hash(), r.hash())); S = r.many(lambda: r.many(r.hash)); r.end()
    (b,) = parts["entries"]; r = Read(b); count = r.int()
    for h in [h for h, readable in log_ if readable]:
        note, numbers = r.hash(), [r.int() for _ in range(4)]; seq, more = r.int(8), [r.int() for _ in range(7)]; r.int(8); to, start, length = r.int(), r.int(8), r.int()
        x = next(x for x in good if x.file == h); assert (x.note, x.seq, x.type, x.author, x.chain[1]) == (note, seq, T[numbers[1]-1], H[numbers[2]-1], C[numbers[3]-1])
        assert W[to-1] == (x.j["to"]["circle"], x.j["to"]["epoch"]) and js(parts["bodies"][0][start:start + length]) == x.body
        assert (L[more[0]-1][1] if more[0] else None) == (x.j["prev"] and x.j["prev"]["note"]) and [S[n-1] for n in more[4:]] == [x.j["roster"], x.j["seen"], x.j["void"]]
        if r.int(1): assert r.hash() == x.body["record"]; r.int(), r.int(8), r.int(), r.int(), r.hash(), r.int()
    assert count == sum(k for _, k in log_); r.end()
    for page in parts.get("texts", []):
        r = Read(page); found = r.many(lambda: (r.hash(), r.hash(), r.int(1), r.int(), r.int(8), r.int()))
        for record, manifest, layer, folded, start, length in found: assert layer in (1, 2) and record in caseof; parts["originals"][0][start:start + length].decode(); r.take(folded).decode()
        r.end()
    print("index ok", len(log_), "entries", len(locks_), "locks", len(rows_), "versions")
print(f"entries {len(accepted)} notforyou {strangers} late {len(late)} records {len(manifests)} problems {len(problems) + sum(w != 'void' for w in refused.values())}")
print("labels", json.dumps(labels, sort_keys=True))
