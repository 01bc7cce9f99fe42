"""Runs a command on a terminal of its own and types one line when it asks for a passphrase: answer.py PASSPHRASE COMMAND…"""
import os, pty, sys

passphrase, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, answered = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    os.write(1, chunk)
    if not answered and b"assphrase" in seen:
        answered = True
        os.write(terminal, passphrase.encode() + b"\n")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
