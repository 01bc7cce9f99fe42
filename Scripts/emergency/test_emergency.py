#!/usr/bin/env python3
"""Tests of the emergency tools:  python3 Scripts/emergency/test_emergency.py

The vectors (CCTV's of age, and those of SLIP-39) are looked for in $TESTIMONY_VECTORS, else in ../shared/vectors beside the
project's folder.
"""
import collections, hashlib, io, json, os, pathlib, pty, random, shutil, signal, subprocess, sys, tempfile, time, unittest, zlib
sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import agefile, agekeys, slip39
from agefile import decrypt, encrypt
from agekeys import Hybrid, X25519, bech32, parse_identities, parse_recipient

try:
    import shamir_mnemonic
except ImportError:
    shamir_mnemonic = None

FOLDER = pathlib.Path(os.environ.get("TESTIMONY_VECTORS") or HERE.parents[2] / "shared/vectors")
VECTORS, SHARES = FOLDER / "age", FOLDER / "slip39/vectors.json"
OUTCOMES = {"success": 19, "header failure": 60, "no match": 12, "HMAC failure": 1, "payload failure": 18}      # 110
FAULTS = {agekeys.HeaderFault: "header failure", agekeys.NoMatch: "no match", agekeys.MacFault: "HMAC failure",
          agekeys.PayloadFault: "payload failure"}
CLASSES = [kind for kind in (X25519, Hybrid) if kind is X25519 or agekeys.mlkem]
AGE = shutil.which("age")
NO_AGE = "age is not installed"
NO_MLKEM = "the installed cryptography has no ML-KEM-768"
NO_SHAMIR = "shamir-mnemonic is not installed"


def new_key(kind):
    """(identity line, recipient) of a fresh key."""
    secret = os.urandom(32)
    return bech32(kind.identity_prefix, secret).upper(), bech32(kind.recipient_prefix, kind(secret).public)


def sealed(kind_or_recipient, plaintext):
    recipient = kind_or_recipient if isinstance(kind_or_recipient, tuple) else parse_recipient(kind_or_recipient)
    return b"".join(encrypt(io.BytesIO(plaintext), [recipient]))


def opened(data, *identities):
    return b"".join(decrypt(io.BytesIO(data), identities))


class Scrypt:
    """Makes passphrase files; the tools themselves only open them."""
    work_factor = 10

    @classmethod
    def wrap(cls, passphrase, file_key):
        salt, n = os.urandom(16), 1 << cls.work_factor
        key = hashlib.scrypt(passphrase, salt=b"age-encryption.org/v1/scrypt" + salt, n=n, r=8, p=1, dklen=32)
        return ["scrypt", agekeys.b64(salt).decode(), str(cls.work_factor)], agekeys.aead_seal(key, bytes(12), file_key)


class Vectors(unittest.TestCase):
    def read(self, path):
        head, _, body = path.read_bytes().partition(b"\n\n")
        fields = collections.defaultdict(list)
        for line in head.decode().splitlines():
            name, _, value = line.partition(": ")
            fields[name].append(value)
        return fields, zlib.decompress(body) if fields["compressed"] else body

    def outcome(self, fields, body):
        """(outcome, SHA-256 of what was released), through the same calls as `open`."""
        try:
            identities = [agekeys.Passphrase(p.encode()) for p in fields["passphrase"]]
            if fields["identity"]:
                identities += parse_identities("\n".join(fields["identity"]).encode())
            return "success", hashlib.sha256(opened(body, *identities)).hexdigest()
        except agekeys.Fault as fault:
            return FAULTS[type(fault)], None

    def test_vectors(self):
        counts, armored = collections.Counter(), 0
        for path in sorted(VECTORS.iterdir()):
            fields, body = self.read(path)
            if not agekeys.mlkem and any("-PQ-" in identity for identity in fields["identity"]):
                continue
            with self.subTest(path.name):
                outcome, digest = self.outcome(fields, body)
                if fields["armored"]:
                    armored += 1
                    self.assertEqual(outcome, "header failure")         # armor is refused, whatever is in it
                    continue
                counts[outcome] += 1
                self.assertEqual([outcome], fields["expect"])
                if outcome == "success":
                    self.assertEqual([digest], fields["payload"])
        if agekeys.mlkem:
            self.assertEqual((counts, armored), (OUTCOMES, 33))
        else:
            self.assertEqual(sum(counts.values()), 110 - 18)            # without the hybrid ones


class Format(unittest.TestCase):
    def test_round_trips_at_every_chunk_boundary(self):
        for kind in CLASSES:
            identity, recipient = new_key(kind)
            for size in (0, 1, 65535, 65536, 65537, 131071, 131072, 131073):
                plaintext = os.urandom(size)
                with self.subTest(kind=kind.kind, size=size):
                    self.assertEqual(opened(sealed(recipient, plaintext), *parse_identities(identity.encode())), plaintext)

    def test_recipient_of_the_specification(self):
        key = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
        self.assertEqual(bech32("age", parse_identities(key.encode())[0].public),
                         "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj")

    @unittest.skipUnless(agekeys.mlkem, NO_MLKEM)
    def test_hybrid_agrees_with_the_hpke_of_cryptography(self):
        try:
            from cryptography.hazmat.primitives import hpke
            suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
        except (ImportError, AttributeError):
            self.skipTest("the installed cryptography has no HPKE with X-Wing")
        from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
        seed, info = os.urandom(32), b"age-encryption.org/mlkem768x25519"
        ours, expanded = Hybrid(seed), hashlib.shake_256(seed).digest(96)
        theirs = hpke.MLKEM768X25519PrivateKey(mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
                                               x25519.X25519PrivateKey.from_private_bytes(expanded[64:]))
        arguments, body = Hybrid.wrap(ours.public, b"sixteen bytes ok")
        self.assertEqual(suite.decrypt(agekeys.unb64(arguments[1].encode()) + body, theirs, info=info), b"sixteen bytes ok")
        made = suite.encrypt(b"sixteen bytes ok", theirs.public_key(), info=info)
        self.assertEqual(ours.unwrap(["mlkem768x25519", agekeys.b64(made[:1120]).decode()], made[1120:]), b"sixteen bytes ok")

    def test_bech32_is_strict(self):
        good = new_key(X25519)[1]
        for bad in (good[:-1], good[:-1] + "qp"[good[-1] == "q"], good[:10] + good[10:].upper(), good + "q", "", "1", "age1"):
            with self.subTest(bad), self.assertRaises(agekeys.Fault):
                parse_recipient(bad)

    def test_without_mlkem_it_says_so_and_still_opens_x25519(self):
        kept, agekeys.mlkem = agekeys.mlkem, None
        try:
            with self.assertRaisesRegex(agekeys.Fault, "ML-KEM-768"):
                Hybrid(bytes(32))
            secret = os.urandom(32)
            self.assertEqual(opened(sealed((X25519, X25519(secret).public), b"text"), X25519(secret)), b"text")
        finally:
            agekeys.mlkem = kept

    @unittest.skipUnless(agekeys.mlkem, NO_MLKEM)
    def test_kinds_are_never_mixed(self):
        with self.assertRaisesRegex(agekeys.Fault, "never mixed"):
            b"".join(encrypt(io.BytesIO(b""), [parse_recipient(new_key(kind)[1]) for kind in CLASSES]))


class Folder(unittest.TestCase):
    """Runs the programs themselves, each test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.env = {**os.environ, "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def write(self, name, content):
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def do(self, *command, data=b"", status=0):
        """stdout; asserts the exit status, and that a failure prints one line on stderr and nothing on stdout."""
        program = [sys.executable, str(HERE / command[0])] if (HERE / command[0]).exists() else [command[0]]
        done = subprocess.run(program + list(command[1:]), input=data, capture_output=True, cwd=self.folder, env=self.env,
                              start_new_session=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr.decode())
        if status and program[0] == sys.executable:
            self.assertEqual((done.stdout, done.stderr.count(b"\n")), (b"", 1), done.stderr.decode())
        self.error = done.stderr.decode()
        return done.stdout

    def terminal(self, command, *typed):
        """(what a terminal showed, exit status); each text is typed once the program has asked once more."""
        child, master = pty.fork()
        if not child:
            os.chdir(self.folder)
            os.execvpe(command[0], command, self.env)
        shown, typed, asked = b"", list(typed), 0
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:
                break
            if not data:
                break
            shown += data
            if typed and shown.lower().count(b"passphrase") > asked:
                asked = shown.lower().count(b"passphrase")
                time.sleep(0.1)                         # until the program has turned the echo off
                os.write(master, typed.pop(0).encode() + b"\n")
        os.close(master)
        return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


class Programs(Folder):
    def test_seal_and_open(self):
        for kind in CLASSES:
            with self.subTest(kind.kind):
                identity, recipient = new_key(kind)
                self.write("keys", f"# a comment\n\n{new_key(X25519)[0]}\n{identity}\n")
                text = os.urandom(200_000)
                self.write("text", text)
                self.do("seal", "-r", recipient, "-o", "sealed.age", "text")
                self.assertEqual(self.do("open", "-i", "keys", "sealed.age"), text)
                self.do("open", "-i", "keys", "-o", "out", "sealed.age")
                self.assertEqual((self.folder / "out").read_bytes(), text)
                self.assertEqual((self.folder / "out").stat().st_mode & 0o777, 0o600)
                self.assertEqual(self.do("open", "-i", "keys", data=self.do("seal", "-r", recipient, data=text)), text)
                self.assertEqual(self.do("open", "-i", "-", "sealed.age", data=identity.encode() + b"\n"), text)
                self.assertEqual(self.names(), ["keys", "out", "sealed.age", "text"])
                (self.folder / "out").unlink(), (self.folder / "sealed.age").unlink()

    def test_a_key_file_under_a_passphrase(self):
        identity, recipient = new_key(CLASSES[-1])
        self.write("name.key", sealed((Scrypt, b"eight words of the list"), f"# signing seed: none\n{identity}\n".encode()))
        self.write("sealed.age", sealed(recipient, "сөз 言".encode()))
        self.write("good", "eight words of the list\n")
        self.write("bad", "eight words of a list\n")
        self.assertEqual(self.do("open", "-i", "name.key", "--passphrase-file", "good", "sealed.age").decode(), "сөз 言")
        self.do("open", "-i", "name.key", "--passphrase-file", "bad", "-o", "out", "sealed.age", status=12)
        self.do("open", "-i", "name.key", "sealed.age", status=12)               # no terminal to ask on
        self.assertIn(identity.encode(), self.do("open", "--passphrase-file", "good", "name.key"))
        command = [sys.executable, str(HERE / "open"), "-i", "name.key", "sealed.age"]
        shown, status = self.terminal(command, "eight words of the list")
        self.assertEqual(status, 0)
        self.assertIn("сөз 言".encode(), shown)
        self.assertNotIn(b"eight words", shown)
        self.assertEqual(self.names(), ["bad", "good", "name.key", "sealed.age"])

    def test_altered_and_cut_files_leave_nothing_behind(self):
        for kind in CLASSES:
            identity, recipient = new_key(kind)
            whole = sealed(recipient, os.urandom(150_000))
            payload = whole.index(b"\n--- ") + 49
            first, second = payload + 16 + 65552, payload + 16 + 2 * 65552          # where the first two chunks end
            bad = {f"cut at {size}": whole[:size]
                   for size in (0, 10, payload - 1, payload + 16, payload + 40, first, second, len(whole) - 1)}
            bad["longer"] = whole + b"x"
            for place in (3, payload - 5, payload + 3, payload + 20, payload + 70_000, len(whole) - 1):
                bad[f"altered at {place}"] = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:]
            bad["chunks swapped"] = whole[:payload + 16] + whole[first:second] + whole[payload + 16:first] + whole[second:]
            self.write("keys", identity)
            for name, data in bad.items():
                with self.subTest(kind=kind.kind, case=name):
                    self.write("bad.age", data)
                    self.do("open", "-i", "keys", "bad.age", "-o", "out", status=20)
                    if kind is X25519 and name in ("longer", "chunks swapped", f"altered at {len(whole) - 1}"):
                        self.do("open", "-i", "keys", "bad.age", status=20)
                    self.assertEqual(self.names(), ["bad.age", "keys"])

    def test_refusals(self):
        identity, recipient = new_key(X25519)
        self.write("keys", identity), self.write("other", new_key(X25519)[0])
        self.write("sealed.age", sealed(recipient, b"text")), self.write("there", "mine")
        self.write("twice", "hello\n" + identity), self.write("none", "# nothing\n")
        self.write("large.age", sealed(recipient, bytes((64 << 20) + 1)))
        os.symlink("nowhere", self.folder / "link")
        before = self.names()
        for status, command in (
            (11, "open -i other sealed.age"), (11, "open -i other -o out sealed.age"), (31, "open -i keys -o there sealed.age"),
            (31, "open -i keys -o link sealed.age"), (4, "open -i keys missing"), (4, "open -i missing sealed.age"),
            (4, "open -i keys -o missing/out sealed.age"), (31, "open -i keys ."), (64, "open -i twice sealed.age"),
            (64, "open -i none sealed.age"), (64, "open -i -"), (64, "open --frob"), (64, "open -i keys large.age"),
            (20, "open -i keys there"), (64, "seal there"), (64, "seal -r age1nonsense there"),
            (64, f"seal -r {recipient.upper()} there"), (4, f"seal -r {recipient} -o out missing"),
            (31, f"seal -r {recipient} -o there keys"), (64, "age-plugin-pq"),
        ):
            with self.subTest(command[:60]):
                self.do(*command.split(), status=status)
                self.assertNotIn("internal error", self.error)
                self.assertNotIn(identity, self.error)
        self.assertEqual(self.names(), before)
        self.assertEqual((self.folder / "there").read_bytes(), b"mine")
        self.do("open", "-i", "keys", "-o", "large", "large.age")
        self.assertEqual((self.folder / "large").stat().st_size, (64 << 20) + 1)

    def test_stopping_it_leaves_nothing_behind(self):
        identity, recipient = new_key(X25519)
        self.write("keys", identity)
        half = sealed(recipient, os.urandom(300_000))[:200_000]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                command = [sys.executable, str(HERE / "open"), "-i", "keys", "-o", "out"]
                child = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder)
                child.stdin.write(half), child.stdin.flush()
                for _ in range(500):
                    if len(self.names()) == 2:
                        break
                    time.sleep(0.01)
                self.assertEqual(len(self.names()), 2)          # the temporary file is there …
                child.send_signal(number)
                self.assertEqual(child.wait(10), 128 + number)
                child.stdin.close()
                self.assertEqual(self.names(), ["keys"])        # … and gone

    def test_a_terminal_is_not_commanded_by_what_was_sealed(self):
        identity, recipient = new_key(X25519)
        self.write("keys", identity)
        self.write("sealed.age", sealed(recipient, "a\x1b[2Jb\u202ec\rd".encode()))
        shown, status = self.terminal([sys.executable, str(HERE / "open"), "-i", "keys", "sealed.age"])
        self.assertEqual((shown, status), (rb"a\u{001b}[2Jb\u{202e}c\u{000d}d", 0))

    @unittest.skipUnless(AGE, NO_AGE)
    def test_age_both_ways_with_x25519(self):
        identity, recipient = new_key(X25519)
        self.write("keys", identity)
        for size in (0, 65536, 200_000):
            text = os.urandom(size)
            self.assertEqual(self.do("age", "-d", "-i", "keys", data=self.do("seal", "-r", recipient, data=text)), text)
            self.assertEqual(self.do("open", "-i", "keys", data=self.do("age", "-r", recipient, data=text)), text)

    @unittest.skipUnless(AGE, NO_AGE)
    def test_opens_a_key_file_that_age_protected(self):
        identity, recipient = new_key(X25519)
        self.write("plain", identity + "\n"), self.write("pass", "long enough a passphrase")
        _, status = self.terminal(["age", "-p", "-o", "name.key", "plain"], *2 * ["long enough a passphrase"])
        self.assertEqual(status, 0)
        self.write("sealed.age", sealed(recipient, b"text"))
        self.assertEqual(self.do("open", "-i", "name.key", "--passphrase-file", "pass", "sealed.age"), b"text")

    @unittest.skipUnless(AGE, NO_AGE)
    @unittest.skipUnless(agekeys.mlkem, NO_MLKEM)
    def test_age_both_ways_with_hybrid_through_the_plugin(self):
        identity, recipient = new_key(Hybrid)
        self.write("keys", f"# signing seed\n{identity}\n")
        older = self.do("age-plugin-pq", "--identity", data=(self.folder / "keys").read_bytes())
        self.assertRegex(older, rb"\AAGE-PLUGIN-PQ-1[0-9A-Z]+\n\Z")
        self.assertEqual(self.do("age-plugin-pq", "--recipient", data=identity.encode()).decode(), recipient + "\n")
        self.write("older", older)
        for size in (0, 65536, 200_000):
            text = os.urandom(size)
            self.assertEqual(self.do("age", "-d", "-i", "older", data=self.do("seal", "-r", recipient, data=text)), text)
            made = self.do("age", "-r", recipient, data=text)
            self.assertEqual(self.do("age", "-d", "-i", "older", data=made), text)
            self.assertEqual(self.do("open", "-i", "keys", data=made), text)
            self.assertEqual(self.do("open", "-i", "older", data=self.do("age", "-e", "-i", "older", data=text)), text)
        # two recipients, a stranger's key, and a stanza that is broken
        other, other_recipient = new_key(Hybrid)
        self.write("other", self.do("age-plugin-pq", "--identity", data=other.encode()))
        both = self.do("age", "-r", recipient, "-r", other_recipient, data=b"text")
        self.assertEqual(self.do("age", "-d", "-i", "other", data=both), b"text")
        alone = self.do("age", "-r", recipient, data=b"text")
        self.assertEqual(self.do("age", "-d", "-i", "other", data=alone, status=1), b"")
        self.assertIn("no identity matched", self.error)
        broken = alone.replace(b"-> mlkem768x25519 ", b"-> mlkem768x25519 extra ")
        self.assertEqual(self.do("age", "-d", "-i", "older", data=broken, status=1), b"")
        self.assertIn("stanza is malformed", self.error)

    @unittest.skipUnless(agekeys.mlkem, NO_MLKEM)
    def test_the_plugin_labels_what_it_wraps_when_age_can_hear_it(self):
        identity, recipient = new_key(Hybrid)
        commands = (("add-recipient", recipient), ("grease-x",), ("extension-labels",))
        told = b"".join(agefile.stanza(c, b"") for c in commands) + agefile.stanza(["wrap-file-key"], bytes(16))
        told += agefile.stanza(["done"], b"") + 2 * b"-> ok\n\n"
        answer = self.do("age-plugin-pq", "--age-plugin=recipient-v1", data=told)
        self.assertTrue(answer.startswith(b"-> labels postquantum\n\n-> recipient-stanza 0 mlkem768x25519 "))
        self.assertTrue(answer.endswith(b"\n-> done\n\n"))

    def test_nothing_is_compiled_beside_the_sources(self):
        for program in ("open", "seal", "age-plugin-pq", "words-to-key"):
            self.do(program, "--help")
        self.assertFalse((HERE / "__pycache__").exists())


class Words(Folder):
    """SLIP-39 and words-to-key. The fixed sets were made by shamir-mnemonic 0.3.0, without a passphrase: 2 of 3."""
    SECRET = bytes([0, 0, 255]) + bytes(range(3, 32))
    HYBRID = b"AGE-SECRET-KEY-PQ-1QQQ07QCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SLT32DX\n"
    CLASSIC = b"AGE-SECRET-KEY-1QQQ07QCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S993TRW\n"
    PLAIN = [
        "carpet lunch academic acid award elevator bishop universe declare spark morning acid program focus romp enforce born "
        "smoking anxiety alarm carpet reject argue criminal rebound party sugar spine exchange response liberty acrobat eyebrow",
        "carpet lunch academic agency already black dominant eyebrow exercise mineral costume rhyme exclude equation recover pupal "
        "gross being lobe smith clothes phantom insect wrap antenna knit meaning estate beyond smirk reunion fangs temple",
        "carpet lunch academic always aunt cultural estate welcome hour muscle voice jacket superior join debris priority video "
        "fiber angel weapon knife elegant wrap ultimate hunting sweater impact universe failure sympathy diploma exceed check"]
    EXTENDABLE = [
        "belong biology academic acid animal endless thank amount deploy detailed moment crisis tension canyon remove robin guard "
        "eyebrow market knife trend dictate guilt injury engage wrap boring regular purchase slow briefing aspect guest",
        "belong biology academic agency already prepare keyboard lift garbage rainbow retailer breathe charity quarter pajamas "
        "short eyebrow image public package glad peaceful editor phantom kitchen script segment stilt hospital admit member "
        "wealthy museum"]
    SHORT = ("plunge flea academic academic alpha aviation nuclear duckling much helpful warn pulse jewelry pupal jump agency "
             "credit midst mixed primary")
    GROUPS = ("domestic upgrade academic easy academic epidemic family mailman fitness pulse promise beam lamp rival romp rainbow "
              "acid unfold fiscal system penalty taxi either reject scared style freshman script zero primary teammate raspy quick")

    def combined(self, shares):
        return slip39.combine([slip39.parse(line, f"share {number}") for number, line in enumerate(shares, 1)])

    def test_the_list_is_that_of_slip39(self):
        self.assertEqual(hashlib.sha256("".join(word + "\n" for word in slip39.WORDS).encode()).hexdigest(),
                         "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3")
        self.assertEqual(len(slip39.VALUES), 1024 + sum(len(word) > 4 for word in slip39.WORDS))

    def test_the_fixed_sets(self):
        for shares in (self.PLAIN[:2], self.PLAIN[1:], self.PLAIN[::2], self.PLAIN[::-2], self.EXTENDABLE):
            self.assertEqual(self.combined(shares), self.SECRET)

    @unittest.skipUnless(SHARES.exists(), f"{SHARES} is not there: 45 vectors")
    def test_vectors(self):
        vectors = json.loads(SHARES.read_text())
        self.assertEqual(len(vectors), 45)
        counts = collections.Counter()
        for description, shares, secret, _ in vectors:
            with self.subTest(description):
                try:
                    found = self.combined(shares)
                    counts["combined"] += 1
                    self.assertTrue(secret)
                    if shamir_mnemonic:             # the vectors have a passphrase, and this program has none
                        self.assertEqual(found, shamir_mnemonic.combine_mnemonics(shares))
                except slip39.Fault as fault:
                    several = "several groups" in str(fault)
                    counts["several groups" if several else "refused"] += 1
                    self.assertTrue(several or not secret)
        self.assertEqual(counts, {"combined": 9, "refused": 18, "several groups": 18})

    @unittest.skipUnless(shamir_mnemonic, NO_SHAMIR)
    def test_what_shamir_mnemonic_splits(self):
        for _ in range(40):
            secret = random.choice([os.urandom(32), bytes(8) + os.urandom(24), b"\xff" * 32, bytes(32)])
            count = random.randint(1, 16)
            needed = random.randint(2, count) if count > 1 else 1
            shares = shamir_mnemonic.generate_mnemonics(1, [(needed, count)], secret, b"", random.random() < 0.5,
                                                        random.choice([0, 0, 0, 1]))[0]
            self.assertEqual(self.combined(random.sample(shares, needed)), secret)

    def test_one_wrong_word_is_found_at_each_place(self):
        words = self.PLAIN[0].split()
        for place, right in enumerate(words):
            for other in set(random.sample(slip39.WORDS, 20)) - {right}:
                with self.subTest(place=place, other=other), self.assertRaises(slip39.Fault):
                    slip39.parse(" ".join(words[:place] + [other] + words[place + 1:]), "share 1")

    def test_words_to_key(self):
        self.write("one", f"# custodian 1\n\n{self.PLAIN[0]}\n"), self.write("two", self.PLAIN[2].upper())
        both = "\r\n".join(self.PLAIN[1:]).encode()
        short = " ".join(word[:4] for word in self.PLAIN[0].split())
        self.assertEqual(self.do("words-to-key", data=both), self.HYBRID)
        self.assertEqual(self.do("words-to-key", "one", "two"), self.HYBRID)
        self.assertEqual(self.do("words-to-key", "one", "-", data=self.PLAIN[1].encode()), self.HYBRID)
        self.assertEqual(self.do("words-to-key", "two", "-", data=short.encode()), self.HYBRID)
        self.assertEqual(self.do("words-to-key", "--classic", "one", "two"), self.CLASSIC)
        self.assertEqual(self.do("words-to-key", "--hex", data=self.SECRET.hex().encode() + b"\n"), self.HYBRID)
        self.assertEqual(self.do("words-to-key", "--hex", "--classic", data=self.SECRET.hex().upper().encode()), self.CLASSIC)
        self.assertEqual(parse_identities(self.CLASSIC)[0].secret, self.SECRET)

    def test_words_to_key_opens_what_was_sealed(self):
        for kind in CLASSES:
            recipient = bech32(kind.recipient_prefix, kind(self.SECRET).public)
            self.write("sealed.age", sealed(recipient, b"text"))
            key = self.do("words-to-key", *(["--classic"] if kind is X25519 else []), data="\n".join(self.PLAIN[:2]).encode())
            self.assertEqual(self.do("open", "-i", "-", "sealed.age", data=key), b"text")

    def test_words_to_key_refuses(self):
        one, two, three = self.PLAIN
        changed = lambda line, place, word: " ".join(line.split()[:place - 1] + [word] + line.split()[place:])
        twin = slip39.parse(two, "")._replace(value=bytes(32))
        for status, sentence, lines in (
            (64, "there is no share here", []), (13, "2 are needed, and 1 given", [one]),
            (64, "one share was given twice", [one, one]), (64, "give 2 of these 3", self.PLAIN),
            (64, "not all of one set", [one, self.EXTENDABLE[0]]), (64, "not all of one set", [one, self.SHORT]),
            (64, "share 2, word 7 is not in the list", [one, changed(two, 7, "satosh")]),
            (64, "share 1, word 33 is not in the list", [changed(one, 33, "eyebro"), two]),
            (64, "share 2 does not fit its own checksum", [one, changed(two, 9, "lips")]),
            (64, "share 1 has 32 words", [one.rsplit(" ", 1)[0], two]), (64, "share 1 has 19 words", [self.SHORT.split(" ", 1)[1]]),
            (64, "16 bytes, and an age key has 32", [self.SHORT]), (64, "several groups", [self.GROUPS]),
        ):
            with self.subTest(sentence):
                self.do("words-to-key", data="\n".join(lines).encode(), status=status)
                self.assertIn(sentence, self.error)
        with self.assertRaisesRegex(slip39.Fault, "at least one of them is false"):
            slip39.combine([slip39.parse(one, ""), twin])
        for status, arguments, data in ((64, ["--hex"], b""), (64, ["--hex"], b"00" * 31), (64, ["--hex"], b"0g" * 32),
                                        (64, ["--hex"], b"00" * 32 + b"\n00"), (4, ["missing"], b""), (64, ["--frob"], b""),
                                        (64, [], b" " * (1 << 20) + b"x")):
            with self.subTest(arguments=arguments, size=len(data)):
                self.do("words-to-key", *arguments, data=data, status=status)
                self.assertNotIn("internal error", self.error)
        self.assertEqual(self.names(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
