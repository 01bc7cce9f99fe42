"""Kits: a worker's folder, what its drops are, and the verbs of the field for killnine and errno: what each needs before it,
how it is asked for, and what must hold afterwards. The list of drops is read by Scripts/emergency, not by the program."""
import hashlib, io, json, os, random, re, subprocess, sys, time
from harness import *
from lighter import opened, reseal

CUSTODIANS = ['bakyt', 'cholpon', 'daniyar']
SEALED = re.compile(r'^[0-9a-f]{64}\.age$')


class Kit:
    """A folder that seals, on a machine that has nothing else, and the notes that it acknowledged."""

    def __init__(self, path, worker, passphrase=PASSPHRASE):
        self.path, self.worker, self.passphrase = path, worker, passphrase
        self.program = program()

    def passphrase_file(self):
        path = os.path.join(scratch(), 'pw-' + hashlib.sha256(self.passphrase.encode()).hexdigest()[:12])
        if not os.path.exists(path):
            with open(path, 'w') as file:
                file.write(self.passphrase + '\n')
        return path

    def run(self, *words, wrap=(), input=None, env=None, cwd=None, timeout=900):
        started = time.perf_counter()
        line = [*wrap, self.program, *words, '--kit', self.path, '--no-input', '--passphrase-file', self.passphrase_file()]
        done = subprocess.run(line, capture_output=True, cwd=cwd or scratch(), env=clean_environment(**(env or {})), input=input,
                              timeout=timeout, stdin=subprocess.DEVNULL if input is None else None)
        return Result(done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace'),
                      time.perf_counter() - started)

    def must(self, *words, **more):
        result = self.run(*words, **more)
        if result.code != 0:
            raise Broken(f'{" ".join(words[:2])}: {result!r}')
        return result

    def key_text(self):
        """NAME.key, unlocked."""
        return opened(os.path.join(self.path, f'{self.worker}.key'), self.passphrase.encode())

    def identity(self):
        import agekeys
        return agekeys.parse_identities(self.key_text())[0]

    def opened_file(self, ending):
        import agefile
        with open(os.path.join(self.path, f'{self.worker}.{ending}'), 'rb') as file:
            return b''.join(agefile.decrypt(file, [self.identity()]))

    def list(self):
        """The outbox note: the JSON in the one line of NAME.drops that is some."""
        for line in self.opened_file('drops').split(b'\n'):
            if line.startswith(b'{'):
                return json.loads(line.rstrip(b'\0 '))
        raise Broken('NAME.drops has no list')

    def drops(self):
        return self.list()['drops']

    def files(self):
        """The outbox: hash to path."""
        found = {}
        for folder, _, names in os.walk(os.path.join(self.path, 'outbox')):
            for name in names:
                found[name] = os.path.join(folder, name)
        return found

    def check_outbox(self):
        """Each drop in the list is whole, no other file lies there, and no number is there twice."""
        there = self.files()
        listed, numbers = set(), []
        for drop in self.drops():
            numbers.append(drop['number'])
            if not drop['cleaned']:
                listed |= {name + '.age' for name in [drop['file'], *drop['files']]}
        if numbers != sorted(set(numbers)):
            raise Broken(f'numbers are used twice or are not in order: {numbers}')
        if listed - set(there):
            raise Broken(f'a drop is listed and not whole: {sorted(listed - set(there))[:3]}')
        if set(there) - listed:
            raise Broken(f'the outbox has files of no drop: {sorted(set(there) - listed)[:3]}')
        for name, path in there.items():
            if file_hash(path) + '.age' != name:
                raise Broken(f'{name} is not what its name says')
        return numbers


def file_hash(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


def months_ahead(months=6):
    return time.strftime('%Y-%m-%d', time.gmtime(time.time() + months * 30 * 86_400))


def with_custodians(world, *counsel):
    """Two of three custodians open identities; these counsel have compared their words."""
    for name in CUSTODIANS:
        world.must('key', 'new', name, '--work-factor', '10', who=None)
        world.said['keys'][name] = PASSPHRASE
        world.must('member', 'admit', os.path.join(world.keys, name + '.card'), '--role', 'custodian', '--confirm', name)
        world.said['members'].append(name)
    world.must('quorum', 'set', '2', 'of', *CUSTODIANS)
    for name in CUSTODIANS:
        world.must('quorum', 'accept', who=name)
        world.own(name)
        words = world.must('member', 'check', os.path.join(world.keys, name + '.card'), '--json', who=None, asking=False).data['check-words']
        for one in counsel or ('aigul',):
            world.must('quorum', 'confirm', name, *words, who=one)
    world.said['approvers'] = ['aigul', *CUSTODIANS]


def made_kit(world, worker, case=None, folder=None, light=True, rule=None):
    """A kit that aigul made. With `light` its passphrase costs little."""
    path = folder or os.path.join(world.path, f'Kit-{worker}')
    words = ['kit', 'new', worker, '--until', months_ahead(), '--output', path, '--kit-passphrase-file', Kit(path, worker).passphrase_file()]
    world.must(*words, *(['--case', case] if case else []), *(['--rule', rule] if rule else []))
    os.unlink(path + '.tar')
    if light:
        try:
            reseal(os.path.join(path, f'{worker}.key'), PASSPHRASE.encode())
        except ImportError as missing:
            raise Skip(f'{missing.name} is not here: Scripts/setup --tests installs it')
    return Kit(path, worker)


# The verbs of the field, for killnine and errno.

FIELD = {
    'kit-new': ('kit', 'new'), 'kit-check': ('kit', 'check'), 'note': ('note',), 'note-remove': ('note',), 'note-large': ('note',),
    'export-file': ('outbox', 'export'), 'export-dir': ('outbox', 'export'), 'receipts': ('outbox', 'receipts'),
    'clean': ('outbox', 'clean'), 'intake-file': ('intake',), 'intake-dir': ('intake',), 'kit-receipt': ('kit', 'receipt'),
    'kit-revoke': ('kit', 'revoke'),
}
# What the second run says where the first, unfinished, has done the work.
FIELD_DONE = {**{kind: set() for kind in FIELD}, 'kit-new': {14, 64}, 'export-file': {64}}
FIELD_IN_PARTS = {'clean'}
# A note that was interrupted leaves sealed files in the kit until the next run.
FIELD_WAITS = {'note', 'note-remove', 'note-large'}
WORKER, UNUSED = 'saule', 'asan'
_fields = {}


def kit_of(world):
    return Kit(os.path.join(world.path, f'Kit-{WORKER}'), WORKER)


def field_of(base):
    """A copy of the template with a kit, three notes in it, and the first of them with counsel."""
    if base.path not in _fields:
        path = os.path.join(scratch(), f'field-{os.urandom(4).hex()}')
        subprocess.run(['cp', '-a', base.path, path], check=True)
        world = base.at(path)
        with_custodians(world, 'aigul', 'marat')
        for name in ('Road', 'Sent', 'Answers', 'Originals'):
            os.mkdir(os.path.join(path, name))
        kit = made_kit(world, WORKER, next(iter(world.said['cases'])))
        made_kit(world, UNUSED)
        world.said['notes'] = []
        rng = random.Random(61)
        for index in range(3):
            kit_note(world, kit, rng, index)
        kit.must('outbox', 'export', os.path.join(path, 'Road') + '/', '1')
        world.must('intake', os.path.join(path, 'Road'), '--receipts', os.path.join(path, 'Answers'))
        shutil.rmtree(os.path.join(path, 'Road'))
        os.mkdir(os.path.join(path, 'Road'))
        _fields[base.path] = world
    return _fields[base.path]


def kit_note(world, kit, rng, index):
    path, body = world.text(rng)
    done = kit.must('note', path, '--json', *(['--identity', path] if index % 2 else []))
    world.said['notes'].append({'number': done.data['number'], 'testimony': body, **({'identity': body} if index % 2 else {})})


def at(world, *names):
    return os.path.join(world.path, *names)


def prepare_field(world, kind):
    kit = kit_of(world)
    if kind == 'kit-check':
        # As it came in one file: without an outbox.
        os.rmdir(at(world, f'Kit-{UNUSED}', 'outbox'))
    if kind in ('intake-file', 'receipts', 'clean', 'kit-receipt', 'kit-revoke'):
        kit.must('outbox', 'export', at(world, 'Sent', 'drops.tar'))
    if kind == 'intake-dir':
        kit.must('outbox', 'export', at(world, 'Sent') + '/')
    if kind in ('receipts', 'clean', 'kit-receipt', 'kit-revoke'):
        take_in(world)
        shutil.rmtree(at(world, 'Answers'))
        os.mkdir(at(world, 'Answers'))
        for who in ('aigul', 'marat') if kind in ('receipts', 'clean') else ():
            world.own(who)
            world.must('kit', 'receipt', WORKER, '--receipts', at(world, 'Answers'), who=who)
    if kind == 'clean':
        kit.must('outbox', 'receipts', *answers(world))


def take_in(world, *codes):
    """Takes in what lies in Sent/, and holds the records against what was sealed."""
    taken = world.run('intake', at(world, 'Sent'), '--receipts', at(world, 'Answers'), '--json')
    if taken.code not in (codes or (0,)):
        raise Broken(f'intake: {taken!r} {taken.out[-400:]}')
    return noted(world, taken)


def noted(world, taken):
    for one in taken.data['drops']:
        note = next((note for note in world.said['notes'] if note['number'] == one['number']), None)
        if note and one['state'] in ('filed', 'known'):
            world.said['records'][one['record']] = {key: value for key, value in note.items() if key != 'number'}
    return taken.data


def answers(world):
    return sorted(os.path.join(at(world, 'Answers'), name) for name in os.listdir(at(world, 'Answers')) if not name.startswith('.'))


def originals(world):
    """What a note is made from: the same bytes each time it is asked for."""
    rng = random.Random(62)
    made = {'statement.txt': b'statement 6262 ' + bytes(rng.choices(b'abcdefgh ', k=90_000)), 'name.txt': b'name: invented 6263',
            'photo.jpg': rng.randbytes(1_300_000), 'passport.png': rng.randbytes(90_000)}
    for name, data in made.items():
        if not os.path.exists(at(world, 'Originals', name)):
            with open(at(world, 'Originals', name), 'wb') as file:
                file.write(data)
    return made


def plan_field(world, kind):
    """The words, who, and how to note what was acknowledged."""
    nothing = lambda result: None
    kit = ['--kit', kit_of(world).path]
    if kind == 'kit-new':
        return (['kit', 'new', 'temir', '--until', months_ahead(), '--output', at(world, 'Kit-temir'), '--kit-passphrase-file',
                 kit_of(world).passphrase_file(), '--json'], 'aigul', nothing)
    if kind == 'kit-check':
        return ['kit', 'check', '--kit', at(world, f'Kit-{UNUSED}'), '--json'], UNUSED, nothing
    if kind in ('note', 'note-remove'):
        made = originals(world)
        there = {name: at(world, 'Originals', name) for name in made}
        words = ['note', there['statement.txt'], '--identity', there['name.txt'], '--attach', there['photo.jpg'],
                 '--identity-attach', there['passport.png'], '--source', 'S6', *kit, '--json']
        note = {'testimony': 'statement 6262', 'identity': 'invented 6263', 'attachment': hashlib.sha256(made['photo.jpg']).hexdigest()}
        return (words + (['--remove-original'] if kind == 'note-remove' else []), WORKER,
                lambda result: world.said['notes'].append({'number': result.data['number'], **note}))
    if kind == 'note-large':
        # Large enough for what is sealed of it to be kept for the next try.
        films = []
        for index in range(2):
            films.append(at(world, 'Originals', f'film-{index}.mp4'))
            if not os.path.exists(films[-1]):
                with open(films[-1], 'wb') as file:
                    file.write(random.Random(65 + index).randbytes(9_000_000))
        note = {'testimony': '"written"', 'attachment': file_hash(films[0])}
        return (['note', '--attach', films[0], '--attach', films[1], *kit, '--json'], WORKER,
                lambda result: world.said['notes'].append({'number': result.data['number'], **note}))
    if kind == 'export-file':
        return ['outbox', 'export', at(world, 'Road', 'drops.tar'), *kit, '--json'], WORKER, nothing
    if kind == 'export-dir':
        return ['outbox', 'export', at(world, 'Road') + '/', *kit, '--json'], WORKER, nothing
    if kind == 'receipts':
        return ['outbox', 'receipts', *answers(world), *kit, '--json'], WORKER, nothing
    if kind == 'clean':
        return ['outbox', 'clean', *kit, '--json'], WORKER, nothing
    if kind in ('intake-file', 'intake-dir'):
        path = at(world, 'Sent', 'drops.tar') if kind == 'intake-file' else at(world, 'Sent')
        return ['intake', path, '--receipts', at(world, 'Answers'), '--json'], 'aigul', lambda result: noted(world, result)
    if kind == 'kit-receipt':
        world.own('marat')
        return ['kit', 'receipt', WORKER, '--receipts', at(world, 'Answers'), '--json'], 'marat', nothing
    return ['kit', 'revoke', WORKER, '--last', '2', '--json'], 'aigul', nothing


def between(world, kind):
    """What must hold right after a run that was cut short or failed, before anything else is done."""
    kit = kit_of(world)
    if kind == 'kit-new' and os.path.exists(at(world, 'Kit-temir')) and not is_whole(world):
        # It is left as it is, and a person moves it away.
        words, who, _ = plan_field(world, kind)
        again = world.run(*words, who=who)
        if again.code != 64 or 'already there' not in again.err:
            raise Broken(f'half a kit is in the way: {again!r}')
        for name in ('Kit-temir', 'Kit-temir.tar'):
            subprocess.run(['rm', '-rf', at(world, name)], check=True)
    if kind == 'note-remove':
        left = set(os.listdir(at(world, 'Originals')))
        gone = {'photo.jpg', 'passport.png'} - left
        whole = {drop['number'] for drop in kit.drops()} - {note['number'] for note in world.said['notes']}
        listed = kit.list()
        if gone and not whole and not (listed['intent'] and listed['intent']['file'] + '.age' in kit.files()):
            raise Broken(f'originals are gone, and no drop is whole: {sorted(gone)}')
    if kind in ('note', 'note-remove') and {'statement.txt', 'name.txt'} - set(os.listdir(at(world, 'Originals'))):
        raise Broken('a text that was handed in is gone')
    if kind in ('export-file', 'export-dir'):
        for name in os.listdir(at(world, 'Road')):
            path = at(world, 'Road', name)
            if SEALED.match(name) and file_hash(path) + '.age' != name:
                raise Broken(f'a part of a file under its final name: {name}')
            if name == 'drops.tar':
                listed = subprocess.run(['tar', '-tf', path], capture_output=True, text=True)
                if listed.returncode != 0 or any(not SEALED.match(line) for line in listed.stdout.split()):
                    raise Broken(f'a part of an archive under its final name: {listed.stderr}')
    if kind == 'clean':
        # Nothing that is not safe is gone.
        there = kit.files()
        for drop in kit.drops():
            if len(drop['receipts']) < 2 and {name + '.age' for name in [drop['file'], *drop['files']]} - set(there):
                raise Broken(f'number {drop["number"]} is not safe, and files of it are gone')


def check_field(world, kind):
    """What must hold when the second run is over: the next note seals, all arrives once, and nothing is left."""
    kit = kit_of(world)
    if kind == 'kit-new':
        check_new_kit(world)
    if kind == 'kit-check':
        if world.must(*plan_field(world, kind)[0], who=UNUSED).data['opened'] != 0:
            raise Broken('it opens what it seals')
    before = [drop['number'] for drop in kit.drops()]
    kit_note(world, kit, random.Random(63), 1)
    numbers = kit.check_outbox()
    if len(numbers) != len(before) + 1 or numbers[-1] <= max(before):
        raise Broken(f'numbers {before}, then {numbers}')
    acknowledged = [note['number'] for note in world.said['notes']]
    if len(set(acknowledged)) != len(acknowledged) or set(acknowledged) - set(numbers):
        raise Broken(f'acknowledged {acknowledged}, listed {numbers}')
    for name in os.listdir(at(world, 'Sent')):
        os.unlink(at(world, 'Sent', name))
    kit.must('outbox', 'export', at(world, 'Sent') + '/')
    told = take_in(world, *((3,) if kind == 'kit-revoke' else (0,)))
    if told['torn'] or told['broken'] or told['foreign'] or told['refused'] or told['strangers']:
        raise Broken(f'intake: {told}')
    if any(one['missing'] or one['forked'] for one in told['workers']):
        raise Broken(f'numbers that are neither sealed nor void: {told["workers"]}')
    listed = next(one for one in world.must('kit', 'list', '--json').data['kits'] if one['worker'] == WORKER)
    if kind == 'kit-revoke':
        if not listed['revoked'] or listed['quarantined'] != numbers[-1:]:
            raise Broken(f'the end of the kit is lost: {listed}')
        numbers = numbers[:-1]
    if listed['filed'] != numbers or listed['missing'] or listed['forked']:
        raise Broken(f'filed {listed}, sealed {numbers}')
    entries = [one for one in world.must('log', '--json').data['entries'] if one['type'] == 'note']
    records = [record for one in entries for record in one['records']]
    if len(records) != len(set(records)):
        raise Broken(f'a note was filed twice: {sorted(records)}')
    for record in list(world.said['records'])[-2:]:
        world.read_back(record)
    if kind in ('receipts', 'clean') and not all(len(drop['receipts']) == 2 for drop in kit.drops()[:3]):
        raise Broken('a receipt that was taken is lost')
    if kind == 'kit-receipt' and not answers(world):
        raise Broken('there is no receipt')
    if world.leftovers():
        raise Broken(f'left behind: {[os.path.relpath(path, world.path) for path in world.leftovers()]}')


def is_whole(world):
    known = any(one['worker'] == 'temir' for one in world.must('kit', 'list', '--json').data['kits'])
    return known and all(os.path.exists(at(world, name)) for name in (
        'Kit-temir/temir.key', 'Kit-temir/temir.kit', 'Kit-temir/temir.drops', 'Kit-temir/card.txt', 'Kit-temir.tar'))


def check_new_kit(world):
    """The kit that was asked for seals what is taken in; or, where it was made in part, another one can be made."""
    path, words = at(world, 'Kit-temir'), plan_field(world, 'kit-new')[0]
    worker = 'temir'
    if not is_whole(world):
        known = any(one['worker'] == 'temir' for one in world.must('kit', 'list', '--json').data['kits'])
        # A name is used once, also by a kit that nobody has.
        worker = 'tolkyn' if known else 'temir'
        world.must(*[worker if word == 'temir' else word for word in words])
    new = Kit(path, worker)
    text, _ = world.text(random.Random(64))
    new.must('note', text)
    new.must('outbox', 'export', at(world, 'Road') + '/')
    told = world.must('intake', at(world, 'Road'), '--case', next(iter(world.said['cases'])), '--receipts', at(world, 'Answers'), '--json').data
    if [one['state'] for one in told['drops']] != ['filed']:
        raise Broken(f'what a new kit seals is not filed: {told}')
