"""An attacker who tries every key on every file, and every file and key that stands inside what opened. Independent of the
program: the files are read by Scripts/emergency and shares are combined by PyPI's shamir-mnemonic, where it is here."""
import base64, io, itertools, os, re, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'emergency'))
sys.dont_write_bytecode = True

INSIDE = re.compile(rb'YWdlLWVuY3J5cHRpb24ub3Jn[A-Za-z0-9+/=]+')
KEYS = re.compile(rb'AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+')
SHARES = re.compile(rb'"version":(\d+),"object":"([0-9a-f]{64})".{0,200}?"set":(\d+),"number":(\d+).*?"words":"([a-z ]+)"')


class Attacker:
    """Opens whatever can be opened with what is held, until nothing new comes out."""

    def __init__(self, classic, files, identities):
        import agefile, agekeys
        try:
            import shamir_mnemonic
        except ImportError:
            shamir_mnemonic = None
        self.agefile, self.agekeys, self.slip39 = agefile, agekeys, shamir_mnemonic
        self.prefix = (agekeys.X25519 if classic else agekeys.Hybrid).identity_prefix
        self.files, self.identities, self.plain = list(dict.fromkeys(files)), {}, {}
        self.shares, self.combined, self.tried = {}, set(), set()
        for line in identities:
            self.take_key(line)

    def take_key(self, line):
        if line not in self.identities:
            self.identities[line] = self.agekeys.parse_identities(line)[0]

    def run(self):
        """Everything that opens, as one text."""
        before = None
        while before != (len(self.plain), len(self.identities), len(self.files), len(self.combined)):
            before = (len(self.plain), len(self.identities), len(self.files), len(self.combined))
            for data in list(self.files):
                if data not in self.plain:
                    self.open(data)
            if self.slip39:
                self.combine()
        return b'\n'.join(self.plain.values())

    def open(self, data):
        for line, identity in list(self.identities.items()):
            if (data, line) in self.tried:
                continue
            self.tried.add((data, line))
            try:
                plain = b''.join(self.agefile.decrypt(io.BytesIO(data), [identity]))
            except self.agekeys.Fault:
                continue
            self.plain[data] = plain
            for inside in INSIDE.findall(plain):
                self.files.append(base64.b64decode(inside))
            for key in KEYS.findall(plain):
                self.take_key(key)
            for version, object, set, number, words in SHARES.findall(plain):
                self.shares.setdefault((object, int(set)), {})[int(number)] = words.decode()
            return

    def combine(self):
        """Every choice of the shares of a set, of any size: also fewer than it needs."""
        for (object, set), words in self.shares.items():
            for size in range(1, len(words) + 1):
                for choice in itertools.combinations(sorted(words), size):
                    if (object, set, choice) in self.combined:
                        continue
                    self.combined.add((object, set, choice))
                    try:
                        secret = self.slip39.combine_mnemonics([words[number] for number in choice])
                    except self.slip39.MnemonicError:
                        continue
                    self.take_key(self.agekeys.bech32(self.prefix, secret).upper().encode())
