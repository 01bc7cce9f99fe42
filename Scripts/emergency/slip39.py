"""SLIP-39 (github.com/satoshilabs/slips, slip-0039): words back into the secret that was split, for sets of one group.

Small enough to be read before it is trusted. A share is a line of words, ten bits each: the identifier of the set (15 bits),
whether it is extendable (1), the iteration exponent (4), then the group's index, the groups needed, the groups there are, the
share's index and the shares needed (4 each), the share's value with zeros in front, and a checksum of three words.
Refused: several groups. A passphrase is taken to be empty, which is what the vault uses.
Python cannot wipe its memory: use this on a machine you trust, and turn the machine off afterwards.
"""
import collections, functools, hashlib, hmac
from agekeys import Fault

Share = collections.namedtuple("Share", "identifier extendable exponent group_index groups_needed groups index needed value")


# -- reading a share ----------------------------------------------------------------------------------------------------

def parse(line, name):
    """The share in a line of words, whole or by their first four letters. Faults name the share and the place, no content."""
    values = []
    for place, word in enumerate(line.lower().split(), 1):
        if word not in VALUES:
            raise Fault(f"{name}, word {place} is not in the list of SLIP-39", 64)
        values.append(VALUES[word])
    bits = 10 * (len(values) - 7)
    if bits < 128 or bits % 16 > 8:
        raise Fault(f"{name} has {len(values)} words, and no share has so many: one is missing or too much", 64)
    number = functools.reduce(lambda number, value: number << 10 | value, values)
    extendable = number >> 10 * len(values) - 16 & 1
    if checksum(values, extendable) != 1:
        raise Fault(f"{name} does not fit its own checksum: one or more of its words are wrong", 64)
    fields, value = number >> 30 + bits, (number >> 30) & (1 << bits) - 1
    group_index, groups_needed, groups, index, needed = (fields >> shift & 15 for shift in (16, 12, 8, 4, 0))
    if value >> bits - bits % 16:
        raise Fault(f"{name} has bits set that must be zero", 64)
    return Share(fields >> 25, extendable, fields >> 20 & 15, group_index, groups_needed + 1, groups + 1, index, needed + 1,
                 value.to_bytes(bits // 16 * 2, "big"))

def checksum(values, extendable):
    """1 where the last three words fit the others (RS1024)."""
    state = 1
    for value in [*(b"shamir_extendable" if extendable else b"shamir"), *values]:
        top, state = state >> 20, (state & 0xFFFFF) << 10 ^ value
        for bit, generator in enumerate((0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009,
                                         0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120)):
            state ^= generator if top >> bit & 1 else 0
    return state


# -- combining shares ---------------------------------------------------------------------------------------------------

def combine(shares):
    """The secret, from exactly as many shares as are needed, in any order."""
    if not shares:
        raise Fault("there is no share here: one a line", 64)
    first = shares[0]
    if any((share.groups_needed, share.groups) != (1, 1) for share in shares):
        raise Fault("these shares are of a set with several groups; this program combines sets of one group only", 64)
    if any(share._replace(index=first.index, value=b"") != first._replace(value=b"") or
           len(share.value) != len(first.value) for share in shares):
        raise Fault("the shares are not all of one set", 64)
    if len({share.index for share in shares}) < len(shares):
        raise Fault("one share was given twice", 64)
    if len(shares) < first.needed:
        raise Fault(f"too few shares: {first.needed} are needed, and {len(shares)} given", 13)
    if len(shares) > first.needed:
        raise Fault(f"too many shares: give {first.needed} of these {len(shares)}", 64)
    return decrypt(recover(shares), first)

def recover(shares):
    """The encrypted secret: where the polynomials through the shares pass x = 255. At 254 stands its digest."""
    if len(shares) == 1:
        return shares[0].value
    secret, digest = interpolate(shares, 255), interpolate(shares, 254)
    if not hmac.compare_digest(hmac.new(digest[4:], secret, "sha256").digest()[:4], digest[:4]):
        raise Fault("the shares do not fit together: at least one of them is false", 20)
    return secret

def interpolate(shares, x):
    """Lagrange's formula over GF(256), for each byte of the shares."""
    result = bytes(len(shares[0].value))
    for share in shares:
        weight = 1
        for other in shares:
            if other.index != share.index:
                weight = times(weight, times(x ^ other.index, inverse(share.index ^ other.index)))
        result = bytes(byte ^ times(weight, own) for byte, own in zip(result, share.value))
    return result

def times(left, right):
    """The product in GF(256) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left, right = left << 1 ^ (0x11B if left & 0x80 else 0), right >> 1
    return product

def inverse(element):
    return functools.reduce(times, [element] * 254)

def decrypt(secret, share):
    """Four Feistel rounds backwards, each with PBKDF2 over the other half."""
    half = len(secret) // 2
    left, right = secret[:half], secret[half:]
    salt = b"" if share.extendable else b"shamir" + share.identifier.to_bytes(2, "big")
    for number in (3, 2, 1, 0):
        key = hashlib.pbkdf2_hmac("sha256", bytes([number]), salt + right, 2500 << share.exponent, half)
        left, right = right, bytes(a ^ b for a, b in zip(left, key))
    return right + left


# -- the words, in the order of their values (slip-0039/wordlist.txt) ----------------------------------------------------

WORDS = """
academic acid acne acquire acrobat activity actress adapt adequate adjust admit adorn adult advance advocate afraid again
agency agree aide aircraft airline airport ajar alarm album alcohol alien alive alpha already alto aluminum always amazing
ambition amount amuse analysis anatomy ancestor ancient angel angry animal answer antenna anxiety apart aquatic arcade arena
argue armed artist artwork aspect auction august aunt average aviation avoid award away axis axle beam beard beaver become
bedroom behavior being believe belong benefit best beyond bike biology birthday bishop black blanket blessing blimp blind
blue body bolt boring born both boundary bracelet branch brave breathe briefing broken brother browser bucket budget
building bulb bulge bumpy bundle burden burning busy buyer cage calcium camera campus canyon capacity capital capture carbon
cards careful cargo carpet carve category cause ceiling center ceramic champion change charity check chemical chest chew
chubby cinema civil class clay cleanup client climate clinic clock clogs closet clothes club cluster coal coastal coding
column company corner costume counter course cover cowboy cradle craft crazy credit cricket criminal crisis critical crowd
crucial crunch crush crystal cubic cultural curious curly custody cylinder daisy damage dance darkness database daughter
deadline deal debris debut decent decision declare decorate decrease deliver demand density deny depart depend depict deploy
describe desert desire desktop destroy detailed detect device devote diagnose dictate diet dilemma diminish dining diploma
disaster discuss disease dish dismiss display distance dive divorce document domain domestic dominant dough downtown dragon
dramatic dream dress drift drink drove drug dryer duckling duke duration dwarf dynamic early earth easel easy echo eclipse
ecology edge editor educate either elbow elder election elegant element elephant elevator elite else email emerald emission
emperor emphasis employer empty ending endless endorse enemy energy enforce engage enjoy enlarge entrance envelope envy
epidemic episode equation equip eraser erode escape estate estimate evaluate evening evidence evil evoke exact example
exceed exchange exclude excuse execute exercise exhaust exotic expand expect explain express extend extra eyebrow facility
fact failure faint fake false family famous fancy fangs fantasy fatal fatigue favorite fawn fiber fiction filter finance
findings finger firefly firm fiscal fishing fitness flame flash flavor flea flexible flip float floral fluff focus forbid
force forecast forget formal fortune forward founder fraction fragment frequent freshman friar fridge friendly frost froth
frozen fumes funding furl fused galaxy game garbage garden garlic gasoline gather general genius genre genuine geology
gesture glad glance glasses glen glimpse goat golden graduate grant grasp gravity gray greatest grief grill grin grocery
gross group grownup grumpy guard guest guilt guitar gums hairy hamster hand hanger harvest have havoc hawk hazard headset
health hearing heat helpful herald herd hesitate hobo holiday holy home hormone hospital hour huge human humidity hunting
husband hush husky hybrid idea identify idle image impact imply improve impulse include income increase index indicate
industry infant inform inherit injury inmate insect inside install intend intimate invasion involve iris island isolate item
ivory jacket jerky jewelry join judicial juice jump junction junior junk jury justice kernel keyboard kidney kind kitchen
knife knit laden ladle ladybug lair lamp language large laser laundry lawsuit leader leaf learn leaves lecture legal legend
legs lend length level liberty library license lift likely lilac lily lips liquid listen literary living lizard loan lobe
location losing loud loyalty luck lunar lunch lungs luxury lying lyrics machine magazine maiden mailman main makeup making
mama manager mandate mansion manual marathon march market marvel mason material math maximum mayor meaning medal medical
member memory mental merchant merit method metric midst mild military mineral minister miracle mixed mixture mobile modern
modify moisture moment morning mortgage mother mountain mouse move much mule multiple muscle museum music mustang nail
national necklace negative nervous network news nuclear numb numerous nylon oasis obesity object observe obtain ocean often
olympic omit oral orange orbit order ordinary organize ounce oven overall owner paces pacific package paid painting pajamas
pancake pants papa paper parcel parking party patent patrol payment payroll peaceful peanut peasant pecan penalty pencil
percent perfect permit petition phantom pharmacy photo phrase physics pickup picture piece pile pink pipeline pistol pitch
plains plan plastic platform playoff pleasure plot plunge practice prayer preach predator pregnant premium prepare presence
prevent priest primary priority prisoner privacy prize problem process profile program promise prospect provide prune public
pulse pumps punish puny pupal purchase purple python quantity quarter quick quiet race racism radar railroad rainbow raisin
random ranked rapids raspy reaction realize rebound rebuild recall receiver recover regret regular reject relate remember
remind remove render repair repeat replace require rescue research resident response result retailer retreat reunion revenue
review reward rhyme rhythm rich rival river robin rocky romantic romp roster round royal ruin ruler rumor sack safari salary
salon salt satisfy satoshi saver says scandal scared scatter scene scholar science scout scramble screw script scroll
seafood season secret security segment senior shadow shaft shame shaped sharp shelter sheriff short should shrimp sidewalk
silent silver similar simple single sister skin skunk slap slavery sled slice slim slow slush smart smear smell smirk smith
smoking smug snake snapshot sniff society software soldier solution soul source space spark speak species spelling spend
spew spider spill spine spirit spit spray sprinkle square squeeze stadium staff standard starting station stay steady step
stick stilt story strategy strike style subject submit sugar suitable sunlight superior surface surprise survive sweater
swimming swing switch symbolic sympathy syndrome system tackle tactics tadpole talent task taste taught taxi teacher
teammate teaspoon temple tenant tendency tension terminal testify texture thank that theater theory therapy thorn threaten
thumb thunder ticket tidy timber timely ting tofu together tolerate total toxic tracks traffic training transfer trash
traveler treat trend trial tricycle trip triumph trouble true trust twice twin type typical ugly ultimate umbrella uncover
undergo unfair unfold unhappy union universe unkind unknown unusual unwrap upgrade upstairs username usher usual valid
valuable vampire vanish various vegan velvet venture verdict verify very veteran vexed victim video view vintage violence
viral visitor visual vitamins vocal voice volume voter voting walnut warmth warn watch wavy wealthy weapon webcam welcome
welfare western width wildlife window wine wireless wisdom withdraw wits wolf woman work worthy wrap wrist writing wrote
year yelp yield yoga zero
""".split()
VALUES = {name: value for value, word in enumerate(WORDS) for name in (word, word[:4])}
