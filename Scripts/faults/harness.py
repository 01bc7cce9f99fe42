"""What the fault scripts share: a vault to hurt, the promises it must keep, disks to cut, and the one line of result.

Standard library only. A `World` is a folder with Vault/ and Keys/ and a memory, kept here and never in the vault, of all
that the program acknowledged; `World.check` holds the program to it.
"""
import argparse, atexit, hashlib, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

# Started in the background, this process would hand on ignored signals, and the program leaves ignored what was ignored.
for number, action in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL), (signal.SIGQUIT, signal.SIG_DFL)):
    signal.signal(number, action)


ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CODES = {0, 1, 3, 4, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 30, 31, 40, 64, 130, 143}
PASSPHRASE = 'harness passphrase, long enough'
TEMPORARY = re.compile(r'^\.')


class Broken(Exception):
    """A promise that was not kept."""


class Skip(Exception):
    """What this machine lacks."""


def program():
    """The newest build, or $TESTIMONY_PROGRAM."""
    given = os.environ.get('TESTIMONY_PROGRAM')
    builds = [given] if given else [os.path.join(ROOT, '.build', kind, 'testimony') for kind in ('debug', 'release')]
    there = [path for path in builds if os.access(path, os.X_OK)]
    if not there:
        sys.exit('faults: there is no build of testimony: swift build')
    return os.path.realpath(max(there, key=os.path.getmtime))


class Result:
    def __init__(self, code, out, err, seconds=0.0):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds

    @property
    def data(self):
        return json.loads(self.out)['data']

    def __repr__(self):
        return f'exit {self.code}: {self.err.strip()[-300:]!r} {self.out.strip()[-120:]!r}'


_verbs = {}


def has(*verb):
    """Whether this build has a verb."""
    if verb not in _verbs:
        _verbs[verb] = subprocess.run([program(), *verb, '--help'], capture_output=True).returncode == 0
    return _verbs[verb]


def clean_environment(**more):
    env = {key: value for key, value in os.environ.items() if not key.startswith('TESTIMONY_')}
    return {**env, 'LC_ALL': 'C.UTF-8', **more}


def one_sentence(result):
    """A failure is told in one sentence of ours, perhaps with one hint; never as a crash."""
    lines = [line for line in result.err.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith(os.path.basename(program()) + ': ') or line.startswith('{"v":1,') and '"error":{"what":' in line]
    if result.code not in CODES:
        raise Broken(f'undocumented exit code {result.code}: {result!r}')
    if len(ours) != 1 or 'internal error' in result.err or 'Fatal error' in result.err:
        raise Broken(f'not one clear sentence: {result!r}')


class World:
    """A vault, the keys beside it, and what was acknowledged."""

    def __init__(self, path, keys=None, acknowledged=None):
        self.path, self.keys = path, keys or os.path.join(path, 'Keys')
        self.vault = os.path.join(path, 'Vault')
        self.said = acknowledged or {
            'records': {}, 'cases': {}, 'public': {}, 'keys': {}, 'members': [], 'number': 0, 'writers': ['aigul'], 'opened': {},
            'amended': {}, 'assessed': {}, 'proposed': {}, 'granted': [], 'ended': [], 'circles': [], 'rotated': {}, 'late': []}
        self.program = program()

    def at(self, path):
        """The same promises, held against another copy of the folder."""
        there = World(path, None if self.keys == os.path.join(self.path, 'Keys') else self.keys, self.copied())
        return there

    def copied(self):
        return json.loads(json.dumps(self.said))

    def passphrase_file(self, name):
        """Passphrases lie outside of the folder that is cut."""
        words = self.said['keys'].get(name, PASSPHRASE)
        path = os.path.join(scratch(), 'pw-' + hashlib.sha256(words.encode()).hexdigest()[:12])
        if not os.path.exists(path):
            with open(path, 'w') as file:
                file.write(words + '\n')
        return path

    def command(self, *words, who='aigul', asking=True):
        line = [self.program, *words, '--vault', self.vault, '--keys', self.keys]
        if who:
            line += ['--as', who]
        if asking:
            line += ['--no-input', '--passphrase-file', self.passphrase_file(who or 'aigul')]
        return line

    def run(self, *words, who='aigul', asking=True, wrap=(), env=None, input=None, timeout=300):
        started = time.perf_counter()
        done = subprocess.run([*wrap, *self.command(*words, who=who, asking=asking)], capture_output=True, cwd=scratch(),
                              env=clean_environment(**(env or {})), input=input, timeout=timeout,
                              stdin=subprocess.DEVNULL if input is None else None)
        return Result(done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace'),
                      time.perf_counter() - started)

    def must(self, *words, **more):
        result = self.run(*words, **more)
        if result.code != 0:
            raise Broken(f'{" ".join(words[:2])}: {result!r}')
        return result

    # What can be asked for. Each returns (the words, who, how to note what was acknowledged).

    def number(self):
        self.said['number'] += 1
        return self.said['number']

    def text(self, rng, words=40):
        path = os.path.join(scratch(), f'text-{rng.getrandbits(64):016x}.txt')
        body = f'statement {rng.getrandbits(64):016x} ' + ' '.join(rng.choice(WORDS) for _ in range(rng.randint(3, words)))
        with open(path, 'w', encoding='utf-8') as file:
            file.write(body + '\n')
        return path, body

    def plan_init(self, classic=False):
        words = ['init', '--work-factor', '10', '--json'] + (['--classic'] if classic else [])
        return words, 'aigul', lambda result: self.said['keys'].update({'aigul': PASSPHRASE}) or self.said['members'].append('aigul')

    def settle(self, *counsel):
        """Says who opens identities: aigul alone; without a quorum nothing is sealed. Each of these counsel, who seal too, has
        compared her words."""
        self.must('quorum', 'set', '1', 'of', 'aigul', '--alone')
        self.confirm(*counsel)
        self.said['settled'] = True

    def confirm(self, *counsel, on=None):
        """These counsel compare aigul's words, on their devices (`on`: another copy than this one)."""
        for name in counsel:
            words = self.must('member', 'check', os.path.join(self.keys, 'aigul.card'), '--json', who=None, asking=False).data['check-words']
            (on or self).must('quorum', 'confirm', 'aigul', *words, who=name)

    def plan_case(self, rng):
        title = f'Case {rng.getrandbits(32):08x}'
        return (['case', 'new', '--title', title, '--json'], 'aigul',
                lambda result: self.said['cases'].update({result.data['case']: title}))

    def plan_seal(self, rng, attachment=None):
        case = rng.choice(list(self.said['cases']))
        path, body = self.text(rng)
        words = ['seal', '--case', case, '--testimony', path, '--json']
        noted = {'testimony': body}
        if rng.random() < 0.4:
            path, noted['summary'] = self.text(rng)
            words += ['--summary', path]
        if rng.random() < 0.4:
            path, noted['identity'] = self.text(rng)
            words += ['--identity', path]
        if attachment is None and rng.random() < 0.5:
            attachment = rng.randrange(0, 200_000)
        if attachment is not None:
            path, noted['attachment'] = blob(rng, attachment)
            words += ['--attach', path]
        return words, 'aigul', lambda result: self.said['records'].update({result.data['records'][0]['record']: noted})

    def plan_batch(self, rng, count=3):
        case = rng.choice(list(self.said['cases']))
        folder = tempfile.mkdtemp(prefix='batch-', dir=scratch())
        texts = {}
        for index in range(count):
            texts[f'{index:03}.txt'] = body = f'note {rng.getrandbits(64):016x}'
            with open(os.path.join(folder, f'{index:03}.txt'), 'w') as file:
                file.write(body + '\n')

        def note(result):
            for one in result.data['records']:
                self.said['records'][one['record']] = {'testimony': texts[one['from']]}
        return ['seal', '--case', case, '--batch', folder, '--json'], 'aigul', note

    def plan_publish(self, rng):
        case = rng.choice(list(self.said['cases']))
        path, body = self.text(rng)
        return (['publish', case, '--summary', path, '--confirm', case, '--json'], 'aigul',
                lambda result: self.said['public'].update({case: body}))

    def plan_key(self, rng):
        name = f'person-{rng.getrandbits(32):08x}'
        # Where nobody is named, `command` hands over the founder's passphrase.
        words_now = self.said['keys'].get('aigul', PASSPHRASE)
        return ['key', 'new', name, '--work-factor', '10', '--json'], None, lambda result: self.said['keys'].update({name: words_now})

    def plan_admit(self, rng):
        outside = [name for name in self.said['keys'] if name not in self.said['members']]
        if not outside:
            return self.plan_key(rng)
        name = rng.choice(outside)
        role = rng.choice(['reviewer', 'counsel', 'custodian'])
        return (['member', 'admit', os.path.join(self.keys, name + '.card'), '--role', role, '--confirm', name, '--json'],
                'aigul', lambda result: self.said['members'].append(name))

    def plan_passphrase(self, rng):
        name = rng.choice(list(self.said['keys']))
        new = f'another passphrase {rng.getrandbits(48):012x}'
        path = os.path.join(scratch(), 'pw-' + hashlib.sha256(new.encode()).hexdigest()[:12])
        with open(path, 'w') as file:
            file.write(new + '\n')
        words = ['key', 'passphrase', '--new-passphrase-file', path, '--work-factor', '10', '--json']
        return words, name, lambda result: self.said['keys'].update({name: new})

    def own(self, name):
        """That this person has written, so that a chain of theirs is due."""
        if name not in self.said['writers']:
            self.said['writers'].append(name)

    def count(self, what, key):
        """Notes that one more of a kind was acknowledged."""
        self.said[what][key] = self.said[what].get(key, 0) + 1

    def plan_read(self, rng):
        record, layer = rng.choice(list(self.said['records'])), rng.choice(['testimony', 'summary'])
        return ['read', record, layer, '--json'], 'aigul', lambda _: self.count('opened', record)

    def plan_open(self, rng):
        record = next(record for record, noted in self.said['records'].items() if 'attachment' in noted)
        output = os.path.join(scratch(), f'opened-{os.urandom(6).hex()}')
        return ['open', record, '1', '--output', output], 'aigul', lambda _: self.count('opened', record)

    def plan_search(self, rng):
        return ['search', 'statement', '--json'], 'aigul', lambda _: None

    def plan_amend(self, rng):
        record = rng.choice(list(self.said['records']))
        path, body = self.text(rng)
        words = ['amend', record, '--testimony', path, '--json']
        if rng.random() < 0.5:
            words += ['--attach', blob(rng, rng.randrange(200_000))[0]]
        return words, 'aigul', lambda _: self.said['amended'].setdefault(record, []).append(body)

    def plan_assess(self, rng):
        record = rng.choice(list(self.said['records']))
        path, body = self.text(rng)
        self.own('dana')
        return ['assess', record, '--file', path, '--json'], 'dana', lambda _: self.said['assessed'].setdefault(record, []).append(body)

    def plan_propose(self, rng):
        case = rng.choice(list(self.said['cases']))
        path, body = self.text(rng)
        self.own('dana')
        return ['propose', case, '--summary', path, '--json'], 'dana', lambda _: self.said['proposed'].setdefault(case, []).append(body)

    def plan_grant(self, rng):
        record = rng.choice(list(self.said['records']))
        return (['grant', record, 'testimony', '--to', 'dana', '--json'], 'aigul',
                lambda _: self.said['granted'].append(record) if record not in self.said['granted'] else None)

    def plan_relock(self, rng):
        record = rng.choice(list(self.said['records']))
        return ['relock', record, '--force', '--confirm', record, '--json'], 'aigul', lambda _: None

    def plan_reseal(self, rng):
        record = rng.choice(list(self.said['records']))
        return ['reseal', record, '--confirm', record, '--json'], 'aigul', lambda _: None

    def plan_suspend(self, rng):
        self.own('marat')
        return (['member', 'suspend', 'sara', '--reason', 'a phone was taken', '--confirm', 'sara', '--json'], 'marat',
                lambda _: self.said['ended'].append('sara'))

    def plan_remove(self, rng):
        return (['member', 'remove', 'sara', '--reason', 'has left', '--confirm', 'sara', '--json'], 'aigul',
                lambda _: self.said['ended'].append('sara'))

    def plan_circle(self, rng):
        name = f'inner-{rng.getrandbits(32):08x}'
        return ['circle', 'new', name, '--with', 'dana', '--json'], 'aigul', lambda _: self.said['circles'].append(name)

    def plan_rotate(self, rng):
        return (['circle', 'rotate', 'reviewers', 'members', '--json'], 'aigul', lambda _: self.count('rotated', 'reviewers'))

    def plan_checkpoint(self, rng):
        return ['checkpoint', '--json'], 'aigul', lambda result: self.said.update(checkpoint=result.data['number'])

    def plan_policy(self, rng):
        return ['policy', 'set', '--retract', '2', '--json'], 'aigul', lambda _: self.said.update(retract=2)

    def plan_handover(self, rng):
        return ['handover', 'marat', '--confirm', 'marat', '--json'], 'aigul', lambda _: self.said.update(registrar='marat')

    def plan_succession(self, rng):
        return ['succession', 'set', '1', 'marat', '--json'], 'aigul', lambda _: self.said.update(succession='marat')

    def plan_adopt(self, rng):
        """The entry that `prepare_late` made."""
        note = self.said['late'][0]
        return (['adopt', note, '--reason', 'it was hers', '--confirm', note[:8], '--json'], 'aigul',
                lambda _: self.said.update(adopted=note))

    def prepare_late(self, rng):
        """Somebody wrote on a copy of their own while they were being removed."""
        apart = World(os.path.join(scratch(), f'apart-{os.urandom(6).hex()}'), self.keys, self.copied())
        os.mkdir(apart.path)
        subprocess.run(['cp', '-a', self.vault, apart.path], check=True)
        self.do(self.plan_remove(rng))
        apart.must('assess', rng.choice(list(self.said['records'])), '--file', self.text(rng)[0], who='sara')
        self.own('sara')
        subprocess.run(['cp', '-an', apart.vault + '/.', self.vault], check=True)
        shutil.rmtree(apart.path)
        self.said['late'] = [one['note'] for one in self.must('adopt', '--json').data['late']]

    def plan(self, rng, kinds):
        kind = rng.choice(kinds)
        if kind in ('seal', 'batch', 'publish') and not self.said['cases']:
            kind = 'case'
        return kind, getattr(self, 'plan_' + kind)(rng)

    def do(self, plan, **more):
        words, who, note = plan
        result = self.must(*words, who=who, **more)
        note(result)
        return result

    # The promises.

    def check(self, rng=None, sample=None, pending=None, light=False):
        """Verifies, and reads back what was acknowledged: all of it, or `sample` of it with the newest. `pending` is what
        an unfinished command may, or may not, have brought about: a new passphrase, a newer public summary."""
        pending = pending or {}
        newer = pending.get('keys', {}).get('aigul')
        if newer and self.run('key', 'show').code == 12:
            self.said['keys']['aigul'] = newer
        verified = self.run('verify', '--json')
        # What is late stays so until it is adopted.
        waits = self.said['late'] and not self.said.get('adopted')
        if not waits and verified.code != 0 or any(not (waits and one['meaning'].startswith('late')) for one in verified.data['findings']):
            raise Broken(f'verify: {verified!r} {verified.out[-600:]}')
        if verified.data['chains'] > 1 + len(self.said['writers']):
            raise Broken(f'a new chain was begun: {verified.data["chains"]}')
        if 'new chain begins' in verified.err:
            raise Broken(f'the memory was lost: {verified!r}')
        listed = {one['record'] for one in self.must('list', '--json').data['records']}
        lost = set(self.said['records']) - listed
        if lost:
            raise Broken(f'acknowledged, and not listed: {sorted(lost)}')
        if light:
            # The rest was looked at just before.
            for record in list(self.said['records'])[-1:]:
                self.read_back(record)
            return verified.data
        for record in self.pick(rng, sample, self.said['records']):
            self.read_back(record)
        # What nobody acknowledged may be there whole, or not at all.
        for record in sorted(listed - set(self.said['records']))[:3]:
            self.must('read', record, 'testimony', '--json')
        cases = {one['case'] for one in self.must('case', 'list', '--json').data}
        if set(self.said['cases']) - cases:
            raise Broken(f'a case is lost: {set(self.said["cases"]) - cases}')
        for case, body in self.said['public'].items():
            shown = self.run('show', case, who=None, asking=False)
            newer = pending.get('public', {}).get(case)
            if shown.code != 0 or (body not in shown.out and not (newer and newer in shown.out)):
                raise Broken(f'a public summary is lost: {case} {shown!r}')
        members = {one['name']: one.get('mark') for one in self.must('member', 'list', '--json').data}
        if set(self.said['members']) - set(members):
            raise Broken(f'a member is lost: {set(self.said["members"]) - set(members)}')
        if any(members[name] is None for name in self.said['ended']):
            raise Broken(f'an ending is lost: {members}')
        self.check_record(verified.data)
        for name in self.pick(rng, sample, self.said['keys']):
            opened = self.run('key', 'show', '--json', who=name)
            if opened.code == 12 and name in pending.get('keys', {}):
                opened = self.run_with(pending['keys'][name], 'key', 'show', '--json', who=name)
            if opened.code != 0:
                raise Broken(f'the key of {name} does not open: {opened!r}')
            if not os.path.exists(os.path.join(self.keys, name + '.card')):
                raise Broken(f'the card of {name} is lost')
        return verified.data

    def check_record(self, verified):
        """What the newer verbs acknowledged."""
        log = None
        if self.said['opened']:
            log = self.must('log', '--json').data['entries']
            for record, count in self.said['opened'].items():
                there = sum(1 for one in log if one['type'] == 'open' and record in one['records'])
                if there < count:
                    raise Broken(f'{record} was opened {count} times, and the log tells {there}')
        for record, texts in self.said['amended'].items():
            read = self.must('read', record, 'testimony', '--json').out
            if any(text not in read for text in texts):
                raise Broken(f'an amendment of {record} is lost')
        for record, texts in self.said['assessed'].items():
            read = self.must('read', record, 'summary', '--json').out
            if any(text not in read for text in texts):
                raise Broken(f'an assessment of {record} is lost')
        for case, texts in self.said['proposed'].items():
            read = self.must('read', case, '--json').out
            if any(text not in read for text in texts):
                raise Broken(f'a proposal for {case} is lost')
        if self.said['granted']:
            self.own('dana')
        for record in self.said['granted']:
            self.must('read', record, 'testimony', '--json', who='dana')
        if self.said['circles']:
            there = {one['circle'] if 'circle' in one else one['name'] for one in self.listed('circle', 'list')}
            if set(self.said['circles']) - there:
                raise Broken(f'a circle is lost: {set(self.said["circles"]) - there}')
        if self.said.get('checkpoint') and (verified.get('checkpoint') or 0) < self.said['checkpoint']:
            raise Broken(f'a checkpoint is lost: {verified}')
        if self.said.get('retract') and '"retract":2' not in self.must('policy', 'show', '--json').out:
            raise Broken('the policy is lost')
        if self.said.get('succession') and 'marat' not in self.must('succession', 'show', '--json').out:
            raise Broken('the rule of succession is lost')
        if self.said.get('adopted') and any(one['note'] == self.said['adopted'] for one in self.must('adopt', '--json').data['late']):
            raise Broken('an adoption is lost')

    def listed(self, *words):
        data = self.must(*words, '--json').data
        return data if isinstance(data, list) else next(value for value in data.values() if isinstance(value, list))

    def run_with(self, words, *command, who):
        there = World(self.path, self.keys, self.copied())
        there.said['keys'][who] = words
        return there.run(*command, who=who)

    def pick(self, rng, sample, things):
        names = list(things)
        if sample is None or len(names) <= sample:
            return names
        return names[-2:] + (rng or random).sample(names[:-2], max(0, sample - 2))

    def read_back(self, record):
        noted = self.said['records'][record]
        for layer in ('testimony', 'summary', 'identity'):
            if layer not in noted:
                continue
            read = self.identity(record) if layer == 'identity' else self.run('read', record, layer, '--json')
            if read.code != 0 or noted[layer] not in json.dumps(read.data, ensure_ascii=False):
                raise Broken(f'{record} {layer} does not read back: {read!r}')
            if layer == 'testimony' and 'attachment' in noted:
                # The newest version may have brought others.
                first = next(one for version in read.data['versions'] for one in version['attachments'])
                if first['sha256'] != noted['attachment']:
                    raise Broken(f'{record}: the attachment is another one')
                self.open_attachment(record, noted['attachment'])

    def identity(self, record):
        """The identities of a record, asked for and opened by aigul, approved by whoever has a share."""
        until = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 9 * 86_400))
        asked = self.must('identity', 'request', record, '--purpose', 'a trial', '--until', until, '--json').data['request']
        for name in self.said.get('approvers', ['aigul']):
            self.run('identity', 'approve', asked, '--confirm', asked, who=name)
        return self.run('identity', 'open', asked, '--json')

    def open_attachment(self, record, expected):
        output = os.path.join(tempfile.mkdtemp(prefix='open-', dir=scratch()), 'out')
        opened = self.run('open', record, '1', '--output', output)
        if opened.code != 0:
            raise Broken(f'{record}: the attachment does not open: {opened!r}')
        with open(output, 'rb') as file:
            if hashlib.sha256(file.read()).hexdigest() != expected:
                raise Broken(f'{record}: the attachment was opened to something else')
        shutil.rmtree(os.path.dirname(output))

    def leftovers(self):
        """Files under temporary names, in the vault, among the keys and beside both."""
        found = []
        for top in {self.path, self.keys}:
            for folder, folders, names in os.walk(top):
                found += [os.path.join(folder, name) for name in names + folders if TEMPORARY.match(name)]
        return sorted(set(found))

    def names(self):
        return sorted(os.path.relpath(os.path.join(folder, name), self.path)
                      for folder, _, names in os.walk(self.path) for name in names)


WORDS = 'river stone winter letter morning bread train school garden window quiet mother road light paper door'.split()


def blob(rng, size):
    path = os.path.join(scratch(), f'blob-{rng.getrandbits(64):016x}.bin')
    data = rng.randbytes(size)
    with open(path, 'wb') as file:
        file.write(data)
    return path, hashlib.sha256(data).hexdigest()


_scratch = None


def scratch():
    """This run's own folder, removed at its end."""
    global _scratch
    if _scratch is None:
        _scratch = tempfile.mkdtemp(prefix='testimony-faults-', dir=os.environ.get('FAULTS_DIR'))
        os.chmod(_scratch, 0o755)
        atexit.register(lambda: shutil.rmtree(_scratch, ignore_errors=True))
    return _scratch


def template(rng, classic=False):
    """A small vault to begin trials from: a member by chance, a counsel and two reviewers, a case that is published, two records."""
    world = World(os.path.join(scratch(), f'template-{rng.getrandbits(32):08x}'))
    os.mkdir(world.path)
    world.do(world.plan_init(classic))
    world.do(world.plan_key(rng))
    world.do(world.plan_admit(rng))
    for name, role in (('marat', 'counsel'), ('dana', 'reviewer'), ('sara', 'reviewer')):
        world.must('key', 'new', name, '--work-factor', '10', who=None)
        world.said['keys'][name] = PASSPHRASE
        world.must('member', 'admit', os.path.join(world.keys, name + '.card'), '--role', role, '--confirm', name)
        world.said['members'].append(name)
    world.settle('marat')
    world.do(world.plan_case(rng))
    world.do(world.plan_publish(rng))
    world.do(world.plan_seal(rng, attachment=70_000))
    world.do(world.plan_seal(rng, attachment=None))
    return world


def trial(base, name):
    path = os.path.join(scratch(), name)
    subprocess.run(['cp', '-a', base.path, path], check=True)
    return base.at(path)


# Disks.

_mounts = []


def run_quietly(*line):
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f'{line[0]}: {done.stderr.strip()}')
    return done.stdout


def mount(*arguments):
    run_quietly('mount', *arguments)
    _mounts.append(arguments[-1])


def unmount(where):
    for _ in range(50):
        if subprocess.run(['umount', where], capture_output=True).returncode == 0:
            break
        time.sleep(0.1)
    else:
        subprocess.run(['umount', '-l', where], capture_output=True)
    if where in _mounts:
        _mounts.remove(where)


@atexit.register
def unmount_all():
    for where in reversed(list(_mounts)):
        unmount(where)


def need_root():
    if os.geteuid() != 0:
        raise Skip('mounting and changing users need root')


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None and not os.path.exists('/usr/sbin/' + tool) and not os.path.exists('/sbin/' + tool):
            raise Skip(f'there is no {tool} here')


def need_strace():
    need('strace')
    if subprocess.run(['strace', '-qq', '-o', '/dev/null', 'true'], capture_output=True).returncode != 0:
        raise Skip('strace may not trace here')


def reaped(process, seconds=120):
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Broken('it hangs')
    return Result(process.returncode, out.decode('utf-8', 'replace'), err.decode('utf-8', 'replace'))


# The result.

class Tally:
    def __init__(self, name, verbose=False):
        self.name, self.verbose = name, verbose
        self.tried = self.failed = self.skipped = 0
        self.notes, self.started = [], time.monotonic()

    def one(self, what, body):
        """Counts one trial; a broken promise is printed and counted, and the run goes on."""
        self.tried += 1
        try:
            return body()
        except (Broken, OSError, subprocess.TimeoutExpired, KeyError, ValueError, IndexError) as error:
            self.failed += 1
            print(f'FAILED: {self.name}: {what}: {type(error).__name__}: {error}', flush=True)

    def skip(self, why):
        self.skipped += 1
        print(f'skipped: {self.name}: {why}', flush=True)

    def note(self, text):
        self.notes.append(text)

    def end(self):
        seconds = time.monotonic() - self.started
        notes = f'  ({"; ".join(self.notes)})' if self.notes else ''
        print(f'{self.name}: {self.tried} tried, {self.failed} failed, {self.skipped} skipped, {seconds:.0f} s{notes}', flush=True)
        return 1 if self.failed else 0


def main(name, body, count, **options):
    """Runs one script: `--count N --seed S`, one line of result, exit 1 on any failure."""
    parser = argparse.ArgumentParser(description=sys.modules['__main__'].__doc__)
    parser.add_argument('--count', type=int, default=count, help=f'how many trials (default {count})')
    parser.add_argument('--seed', type=int, default=None, help='the seed of the random choices (default: random, and printed)')
    for option, (default, text) in options.items():
        kind = {'action': 'store_true'} if default is False else {'type': type(default), 'default': default}
        parser.add_argument('--' + option, help=text, **kind)
    given = parser.parse_args()
    if given.seed is None:
        given.seed = random.SystemRandom().randrange(1 << 32)
        print(f'{name}: seed {given.seed}', flush=True)
    tally = Tally(name)
    # Stopped from outside, it still unmounts what it mounted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        body(tally, random.Random(given.seed), given)
    except Skip as why:
        tally.skip(str(why))
    except Broken as why:
        tally.tried += 1
        tally.failed += 1
        print(f'FAILED: {name}: {why}', flush=True)
    sys.exit(tally.end())
