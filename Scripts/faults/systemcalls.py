"""Faults at system calls, by strace: which calls a command makes that change something, and running it with one of them
failing, or with the process killed just before one of them."""
import collections, os, re
from harness import *
from offices import *
from kits import *

CHANGING = ['openat', 'write', 'pwrite64', 'renameat2', 'renameat', 'rename', 'fsync', 'fdatasync', 'syncfs', 'mkdirat', 'unlinkat',
            'unlink', 'utimensat', 'ftruncate', 'linkat', 'fchmod', 'flock']
LINE = re.compile(r'^(\d+) +(\w+)\((.*)$')


class Call:
    """The `number`th call of one kind within one thread: what `when=` counts."""

    def __init__(self, name, number, text):
        self.name, self.number, self.text = name, number, text

    def __repr__(self):
        return f'{self.name} {self.number} ({self.text[:70]})'

    @property
    def is_speech(self):
        """To the standard streams, or between our own threads: not to a file."""
        return self.name == 'write' and re.match(r'[12]<|\d+<anon_inode|\d+<pipe', self.text) is not None

    @property
    def on_folder(self):
        return re.match(r'\d+<[^>]*(/[0-9a-f]{2}|/log|/locks|/sealed|/public|/Keys|/Vault|/vault)>', self.text) is not None


def strace(*options):
    return ['strace', '-f', '-qq', '-o', '/dev/null', *options]


def calls(world, words, who):
    """Runs the command once, whole, and tells its changing calls, each once per thread and number."""
    path = os.path.join(scratch(), f'trace-{os.urandom(4).hex()}')
    world.must(*words, who=who, wrap=['strace', '-f', '-y', '-qq', '-s', '40', '-o', path, '-e', 'trace=' + ','.join(CHANGING)])
    counts, found = collections.Counter(), {}
    with open(path, errors='replace') as file:
        for line in file:
            match = LINE.match(line)
            if not match or match[2] not in CHANGING:
                continue
            thread, name, text = match.groups()
            counts[thread, name] += 1
            if name == 'openat' and 'O_CREAT' not in text:
                continue
            found.setdefault((name, counts[thread, name]), Call(name, counts[thread, name], text))
    os.unlink(path)
    return [call for call in found.values() if not call.is_speech]


def plans(world, rng):
    """The commands that write, each as a fresh plan for a fresh copy of the template."""
    return {
        'seal': lambda there: there.plan_seal(random.Random(1), attachment=1_500_000),
        'batch': lambda there: there.plan_batch(random.Random(2), count=4),
        'case': lambda there: there.plan_case(random.Random(3)),
        'publish': lambda there: there.plan_publish(random.Random(4)),
        'key': lambda there: there.plan_key(random.Random(5)),
        'admit': lambda there: there.plan_admit(random.Random(6)),
        'passphrase': lambda there: there.plan_passphrase(random.Random(7)),
        **{kind: lambda there, kind=kind, seed=seed: getattr(there, 'plan_' + kind)(random.Random(seed))
           for seed, (kind, verb) in enumerate(NEWER.items(), 20) if has(*verb)},
        **{kind: lambda there, kind=kind: plan_office(there, kind) for kind, verb in OFFICES.items() if has(*verb)},
        **{kind: lambda there, kind=kind: plan_field(there, kind) for kind, verb in FIELD.items() if has(*verb)},
    }


def base_of(base, kind):
    """The vault that trials of a kind begin from."""
    return office_of(base) if kind in OFFICES else field_of(base) if kind in FIELD else base


# Kinds that a build may lack, with the verb that each needs.
NEWER = {
    'read': ('read',), 'open': ('open',), 'search': ('search',), 'amend': ('amend',), 'assess': ('assess',), 'propose': ('propose',),
    'grant': ('grant',), 'relock': ('relock',), 'reseal': ('reseal',), 'suspend': ('member', 'suspend'), 'remove': ('member', 'remove'),
    'circle': ('circle', 'new'), 'rotate': ('circle', 'rotate'), 'checkpoint': ('checkpoint',), 'adopt': ('adopt',),
    'policy': ('policy', 'set'), 'handover': ('handover',), 'succession': ('succession', 'set'),
}
# What the command says when an unfinished one has done the work already.
DONE_BEFORE = {'admit': {14}, 'passphrase': {12}, 'suspend': {14}, 'remove': {4, 14, 64}, 'circle': {14, 64}, 'handover': {14, 64},
               'adopt': {4, 14, 64}, **OFFICES_DONE, **FIELD_DONE}
# Several things in one command: some of them may be in place, and that is said.
IN_PARTS = {'batch', 'relock', 'reseal', *OFFICES_IN_PARTS, *FIELD_IN_PARTS}
# They read: where nothing can be written, the word that they did waits beside the key.
READING = {'read', 'open', 'search', 'identity-open', 'open-out'}


def prepare(world, kind):
    """What a plan needs before it."""
    if kind == 'admit':
        world.do(world.plan_key(random.Random(11)))
    if kind == 'adopt':
        world.prepare_late(random.Random(12))
    if kind in OFFICES:
        prepare_office(world, kind)
    if kind in FIELD:
        prepare_field(world, kind)


def check_more(world, kind):
    if kind in OFFICES:
        check_office(world, kind)
    if kind in FIELD:
        check_field(world, kind)


def finished(world, kind, plan_of):
    """The command again, after one that was cut short. `partly done` is no failure where another run does the rest."""
    words, who, note = plan_of(world)
    again = world.run(*words, who=who)
    if again.code == 3 and kind in IN_PARTS:
        again = world.run(*words, who=who)
    if again.code != 0 and again.code not in DONE_BEFORE.get(kind, ()):
        raise Broken(f'again: {again!r}')
    note(again)


UNFINISHED = re.compile(r'^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$')
RESUMED = re.compile(r'^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$')


def injected(path):
    """The calls that were made to fail, as strace wrote them: in one line, or in two where threads take turns."""
    found, begun = [], {}
    with open(path, errors='replace') as file:
        for line in file:
            line = line.rstrip('\n')
            if match := UNFINISHED.match(line):
                begun[match[1]] = match[2] + '(' + match[3]
            elif match := RESUMED.match(line):
                call = begun.pop(match[1], match[2] + '(') + match[3]
                if '(INJECTED)' in call:
                    found.append(call)
            elif (match := LINE.match(line)) and '(INJECTED)' in match[3]:
                found.append(match[2] + '(' + match[3])
    return found


def meant(lines):
    """Whether what failed was a change to a file: opening to read, the loader and the standard streams are not."""
    return bool(lines) and all(
        'O_CREAT' in line if line.startswith('openat') else not re.match(r'write\(([12]<|\d+<anon_inode|\d+<pipe)', line)
        for line in lines)


def pending(kind, plan_of, world):
    """What the unfinished command may have brought about already."""
    if kind not in ('publish', 'passphrase'):
        return None
    after = World(world.path, world.keys, world.copied())
    words, who, note = plan_of(after)
    note(None)
    return {'public': after.said['public'], 'keys': after.said['keys']}
