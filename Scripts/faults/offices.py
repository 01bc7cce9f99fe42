"""The verbs about a source's name and about a key's paper: what each needs before it, how it is asked for, and what the
program acknowledged by it. A custodian's office is made once, from the template, and copied for each trial."""
import os, random, subprocess, time
from harness import *

QUORUM, NEXT, UNTIL = ['bakyt', 'cholpon', 'daniyar'], 'erkin', 9 * 86_400
# Kinds, with the verb that each needs.
OFFICES = {
    'quorum-set': ('quorum', 'set'), 'quorum-accept': ('quorum', 'accept'), 'quorum-confirm': ('quorum', 'confirm'),
    'hand-on': ('quorum', 'replace'), 'split': ('quorum', 'replace'), 'ask': ('identity', 'request'),
    'approve': ('identity', 'approve'), 'deny': ('identity', 'deny'), 'cancel': ('identity', 'cancel'),
    'identity-open': ('identity', 'open'), 'open-out': ('identity', 'open'), 'drill': ('drill',), 'backup': ('key', 'backup'),
    'restore': ('key', 'restore'), 'forget': ('key', 'forget'),
}
# What the second run says where the first, unfinished, has done the work. An identity is shown once: the key is destroyed
# before it is shown.
OFFICES_DONE = {'quorum-accept': {14}, 'cancel': {14}, 'deny': {14}, 'identity-open': {14}, 'open-out': {14}, 'forget': {11}}
OFFICES_IN_PARTS = {'split', 'forget'}
_offices = {}


def office_of(base):
    """A copy of the template in which two of three open identities, with one more custodian who is in no quorum yet."""
    if base.path not in _offices:
        path = os.path.join(scratch(), f'office-{os.urandom(4).hex()}')
        subprocess.run(['cp', '-a', base.path, path], check=True)
        world = base.at(path)
        for name in [*QUORUM, NEXT]:
            world.must('key', 'new', name, '--work-factor', '10', who=None)
            world.said['keys'][name] = PASSPHRASE
            world.must('member', 'admit', os.path.join(world.keys, name + '.card'), '--role', 'custodian', '--confirm', name)
            world.said['members'].append(name)
        world.must('quorum', 'set', '2', 'of', *QUORUM)
        for name in QUORUM:
            # Aigul, the outgoing quorum, accepted by stating it.
            world.must('quorum', 'accept', who=name)
            world.own(name)
        for name in QUORUM:
            for counsel in ('aigul', 'marat'):
                world.must('quorum', 'confirm', name, *check_words(world, name), who=counsel)
        world.said['approvers'] = ['aigul', *QUORUM]
        case = next(iter(world.said['cases']))
        path, body = world.text(random.Random(31))
        sealed = world.must('seal', '--case', case, '--testimony', path, '--identity', path, '--identity-attach', path, '--json')
        world.said['records'][sealed.data['records'][0]['record']] = {'testimony': body, 'identity': body}
        _offices[base.path] = world
    return _offices[base.path]


def check_words(world, name):
    return world.must('member', 'check', os.path.join(world.keys, name + '.card'), '--json', who=None, asking=False).data['check-words']


def until():
    return time.strftime('%Y-%m-%d', time.gmtime(time.time() + UNTIL))


def newest(world):
    return list(world.said['records'])[-1]


def asked(world, *approvers, record=None):
    """Has marat ask for the name in the newest record, or in this one, and these approve."""
    world.own('marat')
    request = world.must('identity', 'request', record or newest(world), '--purpose', 'a trial', '--until', until(), '--json', who='marat').data['request']
    for name in approvers:
        world.must('identity', 'approve', request, '--confirm', request, who=name)
    world.said['request'] = request


def prepare_office(world, kind):
    if kind == 'quorum-accept':
        world.must('quorum', 'set', '2', 'of', 'bakyt', 'cholpon', NEXT)
        world.own(NEXT)
    if kind == 'hand-on':
        # What is sealed later goes to the old custodians until the founder states others.
        world.said['handed'] = newest(world)
    if kind in ('hand-on', 'split'):
        who = 'bakyt' if kind == 'hand-on' else 'aigul'
        world.must('quorum', 'confirm', NEXT, *check_words(world, NEXT), who=who)
    if kind == 'split':
        world.must('quorum', 'set', '2', 'of', 'bakyt', 'cholpon', NEXT)
        for name in ('bakyt', 'cholpon', NEXT):
            world.must('quorum', 'accept', who=name)
            world.own(name)
        requests = world.must('quorum', 'replace', 'daniyar', NEXT, '--json').data['records']
        ids = [one['request'] for one in requests]
        for name in ('bakyt', 'cholpon'):
            world.must('identity', 'approve', *ids, '--confirm', ' '.join(ids), who=name)
        world.said['approvers'].append(NEXT)
    if kind in ('approve', 'deny', 'cancel'):
        asked(world)
    if kind in ('identity-open', 'open-out'):
        asked(world, 'bakyt', 'cholpon')
    if kind == 'restore':
        done = world.run('key', 'backup', '--shares', '2', 'of', '3', who='dana')
        lines = [re.sub(r'[^a-z ]', ' ', line).split() for line in done.out.splitlines() if re.fullmatch(r' +(\d+ [a-z]+ *)+', line)]
        words = [word for line in lines for word in line]
        world.said['cards'] = os.path.join(scratch(), f'cards-{os.urandom(4).hex()}')
        with open(world.said['cards'], 'w') as file:
            for start in (0, 33):
                file.write(' '.join(words[start:start + 33]) + '\n')
    if kind == 'forget':
        # It may be gone at any moment from now on.
        for name in ('sara', *[name for name in world.said['keys'] if name.startswith('person-')]):
            world.said['keys'].pop(name, None)
        world.must('list', who='sara')


def plan_office(world, kind):
    """The words, who, and how to note what was acknowledged."""
    nothing = lambda result: None
    request = world.said.get('request')
    if kind == 'quorum-set':
        return ['quorum', 'set', '2', 'of', 'bakyt', 'cholpon', NEXT, '--json'], 'aigul', nothing
    if kind == 'quorum-accept':
        return ['quorum', 'accept', '--json'], NEXT, nothing
    if kind == 'quorum-confirm':
        return ['quorum', 'confirm', NEXT, *check_words(world, NEXT), '--json'], 'aigul', nothing
    if kind == 'hand-on':
        return ['quorum', 'replace', 'bakyt', NEXT, '--confirm', NEXT, '--json'], 'bakyt', nothing
    if kind == 'split':
        return ['quorum', 'replace', 'daniyar', NEXT, '--json'], 'aigul', nothing
    if kind == 'ask':
        world.own('marat')
        path, _ = world.text(random.Random(32))
        words = ['identity', 'request', newest(world), '--purpose', 'a trial', '--until', until(), '--order', path, '--json']
        return words, 'marat', nothing
    if kind == 'approve':
        return ['identity', 'approve', request, '--confirm', request, '--json'], 'bakyt', nothing
    if kind == 'deny':
        return ['identity', 'deny', request, '--reason', 'not now', '--json'], 'bakyt', nothing
    if kind == 'cancel':
        return ['identity', 'cancel', request, '--json'], 'marat', nothing
    if kind == 'identity-open':
        return ['identity', 'open', request, '--json'], 'marat', nothing
    if kind == 'open-out':
        output = os.path.join(scratch(), f'named-{os.urandom(6).hex()}')
        world.said['output'] = output
        return ['identity', 'open', request, '--output', output, '--json'], 'marat', nothing
    if kind == 'drill':
        return ['drill', '--json'], 'aigul', nothing
    if kind == 'backup':
        return ['key', 'backup', '--shares', '2', 'of', '3'], 'dana', nothing
    if kind == 'restore':
        return (['key', 'restore', 'restored', '--cards', world.said['cards'], '--work-factor', '10', '--json'], None,
                lambda result: world.said['keys'].update(restored=world.said['keys'].get('aigul', PASSPHRASE)))
    return ['key', 'forget', 'sara', '--confirm', 'sara', '--json'], None, nothing


def check_office(world, kind):
    """What must hold when the second run is over."""
    if kind == 'forget':
        left = [name for name in os.listdir(world.keys) if name.startswith('sara.')]
        if left:
            raise Broken(f'a key that was forgotten is still here: {left}')
    if kind == 'hand-on':
        asked(world, NEXT, 'cholpon', record=world.said['handed'])
        world.must('identity', 'open', world.said['request'], who='marat')
    if kind in ('quorum-set', 'quorum-accept'):
        shown = json.dumps(world.must('quorum', 'show', '--json').data)
        if NEXT not in shown:
            raise Broken(f'the quorum that was stated is lost: {shown}')


def partial_output(world):
    """Documents of an identity that a failed run has left: some of them, or none in a folder of their own."""
    output = world.said.get('output')
    if not output or not os.path.isdir(output):
        return None
    names = sorted(os.listdir(output))
    return None if len(names) == 2 and not any(name.startswith('.') for name in names) else names
