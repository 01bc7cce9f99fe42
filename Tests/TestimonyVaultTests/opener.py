"""Opens with the emergency opener all that one person's keys open in a vault, by the walk of Docs/Recovery.md: lock files for
the person, the circle keys in them, lock files of records, the layer keys in those, everything. Nothing is left out for
being old or of another's: each file is tried with every key that was found.

    opener.py OPENER VAULT KEYS     KEYS: age identities, one a line: the person's own first, then those held from before

Prints JSON: `opened`, the files that some key opens, each with the type of its entry or nothing; `own`, the lock files that
the person's own key opens; `circles`, the names of the circles whose keys these hold; `keys`, all keys. Whatever else than "no key
fits" happens to a file ends it.
"""
import base64, importlib.machinery, importlib.util, json, os, shutil, sys, tempfile


def loaded(path):
    """The opener, as it stands, in this process: it has no suffix."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    loader = importlib.machinery.SourceFileLoader("opener", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("opener", loader))
    loader.exec_module(module)
    return module


def main(path, vault, given):
    opener = loaded(path)
    work = tempfile.mkdtemp()
    held, out = os.path.join(work, "keys"), os.path.join(work, "out")

    def opens(file, keys):
        """What the file holds; None where none of the keys fits."""
        with open(held, "w") as lines:
            lines.write("\n".join(keys) + "\n")
        try:
            opener.main(["-i", held, "-o", out, file])
        except opener.Fault as fault:
            if fault.status == 11:
                return None
            raise
        with open(out, "rb") as found:
            content = found.read()
        os.unlink(out)
        return content

    def note(content):
        return json.loads(content.split(b"\n")[1])

    def files(kind):
        found = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(vault, kind)) for name in names]
        assert all(name.endswith(".age") for name in found)
        return sorted(found)

    def key(lock):
        file = os.path.join(work, "lock")
        with open(file, "wb") as whole:
            whole.write(base64.b64decode(lock["file"]))
        content = opens(file, keys)
        return [] if content is None else content.decode().split()

    with open(given) as lines:
        keys = lines.read().split()
    own = [file for file in files("locks") if opens(file, keys[:1]) is not None]
    circles, before = set(), None
    while before != len(keys):
        before = len(keys)
        for file in files("locks"):
            content = opens(file, keys)
            for lock in note(content)["locks"] if content else []:
                found = key(lock)
                if found and "key" in lock:
                    circles.add(lock["key"]["circle"])
                keys += [one for one in found if one not in keys]
    opened = {}
    for kind in ("log", "locks", "sealed"):
        for file in files(kind):
            content = opens(file, keys)
            if content is not None:
                opened[os.path.relpath(file, vault)] = note(content)["type"] if kind == "log" else ""
    shutil.rmtree(work)
    json.dump({"opened": opened, "own": [os.path.relpath(file, vault) for file in own], "circles": sorted(circles),
               "keys": keys}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
