"""What an insider with a text editor can make: opens key files, lock files and entries, and signs and seals new ones, as
Docs/Format.md says and without our program. With somebody's `NAME.key` and passphrase in hand (`Insider`) everything that
person can read is readable here, and everything they could sign can be signed, the false things above all.

Needs Python's `cryptography`, as the tools in Scripts/emergency, on which this builds.
"""
import base64, collections, glob, hashlib, io, json, os, re, sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'emergency'))
from agefile import decrypt, encrypt
from agekeys import Fault, Passphrase, bech32, parse_identities, parse_recipient
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TIME = 946_684_800
SHELVES = ('log', 'locks', 'sealed')
CLASSES = {'entry': 16384, 'locks': 32768}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def lines_hash(*values):
    return sha(''.join(f'{value}\n' for value in values).encode())


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(',', ':'))


class SigningKey:
    def __init__(self, seed=None):
        self.key = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes_raw()
        self.hash = sha(self.public)

    def line(self, name, text):
        """The signature line of a C2SP signed note."""
        number = hashlib.sha256(name.encode() + b'\n\x01' + self.public).digest()[:4]
        return f'— {name} '.encode() + base64.b64encode(number + self.key.sign(text)) + b'\n'


def sealed_text(kind, body, size=None, version=1):
    """The text of a sealed note: `body` is an object, or the bytes of its JSON as they shall stand."""
    head = f'testimony-vault/{kind}/v{version}\n'.encode()
    body = body if isinstance(body, bytes) else compact(body).encode()
    return head, body


def sealed_note(kind, body, vault, key, more=b'', version=1, name=None):
    """A sealed note, padded so that the whole of it has the size of its class. `more`: further signature lines."""
    head, body = sealed_text(kind, body, version=version)
    name = name or f'testimony-vault/{vault}/member'
    tail = len(key.line(name, b'')) + 1 + len(more)
    size = CLASSES[kind]
    while size < len(head) + len(body) + 1 + tail:
        size *= 2
    text = head + body + b' ' * (size - len(head) - len(body) - 1 - tail) + b'\n'
    return text + b'\n' + key.line(name, text) + more


def note_hash(note, line=None):
    """Text, empty line and the author's one line (the first, where nothing else is said)."""
    end = note.rindex(b'\n\n') + 1
    line = line or note[end + 1:].split(b'\n')[0] + b'\n'
    return sha(note[:end] + b'\n' + line)


def public_note(kind, fields, text, signatures):
    """A public note. `signatures`: (key name, key)."""
    body = f'testimony-vault/{kind}/v1\n' + ''.join(f'{name}: {value}\n' for name, value in fields)
    body = (body + ('\n' + text if text else '')).encode()
    return body + b'\n' + b''.join(key.line(name, body) for name, key in signatures)


def public_parts(note):
    """(text, signature lines) of a public note."""
    end = note.rindex(b'\n\n') + 1
    return note[:end], note[end + 1:]


def seal(plain, *recipients):
    return b''.join(encrypt(io.BytesIO(plain), [parse_recipient(one) for one in recipients]))


def opened(file, identities):
    """The plaintext, or None where none of the keys fits."""
    try:
        return b''.join(decrypt(io.BytesIO(file), identities))
    except Fault:
        return None


class Entry:
    """One entry as it lies in the vault, opened."""

    def __init__(self, path, plain, to):
        self.path, self.plain, self.to = path, plain, to
        self.file = os.path.basename(path)[:64]
        self.json = json.loads(plain.split(b'\n')[1])
        self.note = note_hash(plain)

    @property
    def type(self):
        return self.json['type']

    @property
    def link(self):
        return {'seq': self.json['seq'], 'note': self.note, 'file': self.file}


class Insider:
    """Somebody's keys, out of `NAME.key`."""

    def __init__(self, keys, name, passphrase):
        with open(os.path.join(keys, name + '.key'), 'rb') as file:
            plain = b''.join(decrypt(file, [Passphrase(passphrase.encode())]))
        self.name = name
        self.identities = parse_identities(plain)
        seeds = dict(re.findall(r'^# (\S+): (\S+)$', plain.decode(), re.M))
        self.signing, self.publisher, self.founder, self.registrar = (
            SigningKey(bytes.fromhex(seeds[which])) if which in seeds else None
            for which in ('signing', 'publisher', 'founder', 'registrar'))
        self.recipient = re.search(r'^# public key: (\S+)$', plain.decode(), re.M)[1]
        self.hash = self.signing.hash


class Bench:
    """A vault as an insider with all circles' keys sees it: every entry opened, and the chains' ends."""

    def __init__(self, vault, reader):
        self.vault, self.reader = vault, reader
        with open(os.path.join(vault, 'vault.note'), 'rb') as file:
            self.note = file.read()
        self.id = sha(public_parts(self.note)[0])
        self.circles, self.recipients, self.entries = {}, {}, []
        self.own_locks, self.record_locks = [], []
        self.read_locks()
        self.read_log()

    def files(self, shelf):
        return sorted(glob.glob(os.path.join(self.vault, shelf, '??', '?' * 64 + '.age')))

    def relative(self, path):
        return os.path.relpath(path, self.vault)

    def read_locks(self):
        closed = []
        for path in self.files('locks'):
            with open(path, 'rb') as file:
                plain = opened(file.read(), self.reader.identities)
            if plain is None:
                closed.append(path)
                continue
            self.own_locks.append(self.relative(path))
            for lock in json.loads(plain.split(b'\n')[1])['locks']:
                if 'key' in lock:
                    key = opened(base64.b64decode(lock['file']), self.reader.identities)
                    self.circles[lock['key']['circle'], lock['key']['epoch']] = parse_identities(key)[0]
        members = [key for (circle, _), key in self.circles.items() if circle == 'members']
        for path in closed:
            with open(path, 'rb') as file:
                plain = opened(file.read(), members)
            if plain is not None:
                self.record_locks.append((self.relative(path), plain))

    def read_log(self):
        for path in self.files('log'):
            with open(path, 'rb') as file:
                data = file.read()
            for to, key in self.circles.items():
                plain = opened(data, [key])
                if plain is not None:
                    self.entries.append(Entry(self.relative(path), plain, to))
                    break
        self.entries.sort(key=lambda one: (one.json['author'], one.json['chain'], one.json['seq']))
        for one in self.entries:
            if one.type in ('circle', 'rotate'):
                body = one.json['body']
                self.recipients[body['circle'], sha(body['recipient'].encode())] = body['recipient']
        self.newest = {}
        for (circle, epoch), number in sorted(
                (((one.json['body']['circle'], sha(one.json['body']['recipient'].encode())), one.json['body']['number'])
                 for one in self.entries if one.type in ('circle', 'rotate')), key=lambda pair: pair[1]):
            self.newest[circle] = epoch

    def of(self, author, *types):
        return [one for one in self.entries if one.json['author'] == author and (not types or one.type in types)]

    def chain(self, author):
        """The entries of the author's newest chain."""
        chains = collections.defaultdict(list)
        for one in self.of(author):
            chains[one.json['chain']].append(one)
        return max(chains.values(), key=lambda chain: chain[-1].json['time'], default=[])

    def recipient(self, circle, epoch=None):
        return self.recipients[circle, epoch or self.newest[circle]]

    def roster_seen(self, author, chain):
        """What an honest author names: every other chain's newest entry to `members`."""
        newest = {}
        for one in self.entries:
            if one.to[0] == 'members' and (one.json['author'], one.json['chain']) != (author, chain):
                newest[one.json['author'], one.json['chain']] = one.note
        return sorted(newest.values())

    def next_entry(self, key, type, circle, body, time=None, **changes):
        """The JSON of an entry as its author would write it next: all links in order. `changes` replaces what is false."""
        chain = self.chain(key.hash)
        name = chain[-1].json['chain'] if chain else os.urandom(16).hex()
        last = chain[-1] if chain else None
        same = next((one for one in reversed(chain) if one.to[0] == circle), None)
        members = next((one for one in reversed(chain) if one.to[0] == 'members'), None)
        entry = {
            'vault': self.id, 'type': type, 'author': key.hash, 'chain': name,
            'seq': last.json['seq'] + 1 if last else 1,
            'prev': {**last.link, 'circle': last.to[0], 'epoch': last.to[1]} if last else None,
            'back': {'same': same.link if same else None, 'members': members.link if members else None},
            'roster': self.roster_seen(key.hash, name), 'seen': [], 'void': [],
            'time': time or (max(last.json['time'] for last in self.entries)),
            'to': {'circle': circle, 'epoch': self.newest[circle]}, 'body': body}
        entry.update(changes)
        return entry

    def sealed_entry(self, entry, key, circle=None, recipient=None, **more):
        """The file of an entry; `circle`: sealed to another one than it names."""
        note = sealed_note('entry', entry, self.id, key, **more) if not isinstance(entry, bytes) else entry
        to = entry['to'] if isinstance(entry, dict) else {}
        return seal(note, recipient or self.recipient(circle or to['circle'], None if circle else to['epoch']))

    def path_of(self, shelf, data):
        name = sha(data)
        return f'{shelf}/{name[:2]}/{name}.age'
