"""The age v1 file format (c2sp.org/age): header, payload, and how the programs beside it read and write files.

Small enough to be read before it is trusted, together with agekeys.py. It opens no network connection and starts no program.
Refused: armor, a passphrase stanza that is not alone, a header above 1 MiB.
"""
import contextlib, errno, hmac, os, re, resource, signal, sys, tempfile
from agekeys import Fault, HeaderFault, MacFault, NoMatch, PayloadFault, aead_open, aead_seal, b64, hkdf, hmac_sha256, unb64

CHUNK = 64 * 1024
MAX_HEADER = 1024 * 1024            # bytes; a vault's own files have one stanza, less than 2 KB


# -- stanzas and the header ---------------------------------------------------------------------------------------------

def stanza(arguments, body):
    """One stanza as bytes: the argument line, full lines of 64 columns, one shorter line (which may be empty)."""
    text = b64(body)
    lines = [text[i:i + 64] for i in range(0, len(text) + 1, 64)]
    return b"-> " + " ".join(arguments).encode() + b"\n" + b"\n".join(lines) + b"\n"

def read_line(source):
    line = source.readline(MAX_HEADER)
    if not line.endswith(b"\n"):
        raise HeaderFault("the header is cut off, or this is not an age file")
    return line[:-1]

def read_stanza(line, source):
    """(arguments, body, its exact bytes) of the stanza whose first line has just been read."""
    arguments = line.split(b" ")[1:]
    if not line.startswith(b"-> ") or not all(re.fullmatch(rb"[\x21-\x7e]+", argument) for argument in arguments):
        raise HeaderFault("a line of the header is not a stanza")
    lines = [read_line(source)]
    while len(lines[-1]) == 64 and 64 * len(lines) < MAX_HEADER:
        lines.append(read_line(source))
    if len(lines[-1]) >= 64:
        raise HeaderFault("a line of the header is too long")
    return [a.decode() for a in arguments], unb64(b"".join(lines)), b"\n".join([line] + lines) + b"\n"

def read_header(source):
    """([(arguments, body)], MAC, the bytes it covers); the source then stands at the payload."""
    covered, stanzas = b"age-encryption.org/v1\n", []
    first = source.readline(len(covered))
    if first.startswith(b"-----BEGIN AGE"):
        raise HeaderFault("this age file is armored; decode what is between its first and last line with base64 first")
    if first != covered:
        raise HeaderFault("this is not an age v1 file")
    while True:
        line = read_line(source)
        if line.startswith(b"---"):
            break
        arguments, body, exact = read_stanza(line, source)
        covered += exact
        stanzas.append((arguments, body))
        if len(covered) > MAX_HEADER:
            raise HeaderFault("the header is larger than 1 MiB")
    if not re.fullmatch(rb"--- [A-Za-z0-9+/]{43}", line) or not stanzas:
        raise HeaderFault("the header's last line is malformed")
    if len(stanzas) > 1 and any(arguments[0] == "scrypt" for arguments, _ in stanzas):
        raise HeaderFault("a passphrase stanza does not stand alone")
    return stanzas, unb64(line[4:]), covered + b"---"


# -- files --------------------------------------------------------------------------------------------------------------

def decrypt(source, identities):
    """Yields the plaintext in chunks, each authenticated. Only when this ends without a fault is it whole: hold it until then."""
    stanzas, mac, covered = read_header(source)
    keys = (i.unwrap(*s) for i in identities for s in stanzas if s[0][0] == i.kind)
    file_key = next((key for key in keys if key is not None), None)
    if file_key is None and stanzas[0][0][0] == "scrypt" and any(i.kind == "scrypt" for i in identities):
        raise NoMatch("the passphrase does not open it", 12)
    if file_key is None:
        kinds = sorted({arguments[0][:32] for arguments, _ in stanzas})
        raise NoMatch("none of the given keys opens it; it is sealed by " + ", ".join(kinds[:4]))
    if not hmac.compare_digest(mac, hmac_sha256(hkdf(file_key, b"", b"header"), covered)):
        raise MacFault("the header was altered after sealing")
    nonce = source.read(16)
    if len(nonce) != 16:
        raise HeaderFault("the file ends before its content")
    key = hkdf(file_key, nonce, b"payload")
    counter, chunk = 0, source.read(CHUNK + 16)
    while True:
        following = source.read(CHUNK + 16) if len(chunk) == CHUNK + 16 else b""
        plain = aead_open(key, counter.to_bytes(11, "big") + (b"\x00" if following else b"\x01"), chunk)
        if plain is None or (not plain and counter):
            raise PayloadFault("the content was altered or cut off")
        yield plain
        if not following:
            return
        counter, chunk = counter + 1, following

def encrypt(source, recipients):
    """Yields an age file, sealed to the recipients, in pieces."""
    if len({kind for kind, _ in recipients}) > 1:
        raise Fault("hybrid and classic recipients are never mixed in one file", 64)
    file_key, nonce = os.urandom(16), os.urandom(16)
    header = b"age-encryption.org/v1\n" + b"".join(stanza(*kind.wrap(public, file_key)) for kind, public in recipients) + b"---"
    yield header + b" " + b64(hmac_sha256(hkdf(file_key, b"", b"header"), header)) + b"\n" + nonce
    key, counter, chunk = hkdf(file_key, nonce, b"payload"), 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK) if len(chunk) == CHUNK else b""
        yield aead_seal(key, counter.to_bytes(11, "big") + (b"\x00" if following else b"\x01"), chunk)
        if not following:
            return
        counter, chunk = counter + 1, following


# -- for the programs ---------------------------------------------------------------------------------------------------

@contextlib.contextmanager
def new_file(path):
    """A file that appears under its name only when the block ends without a fault; it never replaces another."""
    if os.path.lexists(path):
        raise Fault(f"{path!r} exists already", 31)
    folder = os.path.dirname(path) or "."
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")      # mode 0600
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise Fault(f"{path!r} exists already", 31)
        except OSError as problem:                  # FAT and exFAT have no links
            if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS) or os.path.lexists(path):
                raise
            os.rename(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    parent = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):
        os.fsync(parent)
    os.close(parent)

def source_named(path):
    """The named file, or standard input for None and `-`."""
    return open(0, "rb", closefd=False) if path in (None, "-") else open(path, "rb")

def _stop(number, _frame):
    raise SystemExit(128 + number)                  # so that `finally` runs and no .part file stays

def run(name, main, arguments):
    """Runs a program's main; every failure is one sentence on stderr and an exit status that is not 0."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        main(arguments)
        return 0
    except Fault as fault:
        problem, status = str(fault), fault.status
    except OSError as fault:
        problem = f"{fault.strerror or 'input or output failed'}" + (f": {fault.filename!r}" if fault.filename else "")
        status = 4 if isinstance(fault, FileNotFoundError) else 31
    except Exception as fault:                      # a mistake in this program: its kind, never its content
        problem, status = f"internal error ({type(fault).__name__})", 1
    print(f"{name}: {problem}", file=sys.stderr)
    return status
