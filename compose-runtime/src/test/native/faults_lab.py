#!/usr/bin/env python3
"""Kills each of our processes before each of its steps while a container is started, used, stopped and removed: every time the next command has
to converge, what the container wrote has to be there, and in the end nothing may be left.

    faults_lab.py JCR-FAULTS [role [first [last]]]     needs root and a static busybox; FAULTS_SHARE=3/40 does every 40th step from the third on"""

import ctypes
import mmap
import os
import subprocess
import sys
import tempfile
import time

import runtime_lab as lab

ROLES = ["jcr-ctl", "jcr-super", "jcr-mon", "jcr-payload", "jcr-holder", "jcr-dns", "jcr-port"]
SHARE = [int(part) for part in os.environ.get("FAULTS_SHARE", "1/1").split("/")]
COUNTING = "trap 'echo end; exit 3' TERM; nslookup one 127.0.0.11 > /dev/null; i=0; while :; do i=$((i+1)); echo line $i; echo $i >> /data/kept; [ $((i%10)) = 0 ] && sleep 0.01; done"
PORT_OF_CONTAINER = 80


class Faults(ctypes.Structure):
    _fields_ = [("role", ctypes.c_char * 16), ("at", ctypes.c_int), ("count", ctypes.c_int), ("fired", ctypes.c_int),
                ("where", ctypes.c_char * 40)]

    @classmethod
    def at_path(cls, path):
        with open(path, "w+b") as file:
            file.truncate(mmap.PAGESIZE)
            return cls.from_buffer(mmap.mmap(file.fileno(), mmap.PAGESIZE))

    def arm(self, role, step):
        self.at, self.count, self.fired, self.role = step, 0, 0, role.encode()


class Project:
    """A command and its container; a command that dies is run again, as a person would."""

    def __init__(self, name):
        self.name, self.control, self.data = name, None, f"{lab.BASE}/data-{name}"
        os.makedirs(self.data)
        self.container = lab.Container(name, "one", COUNTING, ("mount", "bind", self.data, "/data", "", ""), ("stop", 15, 5000),
                                       ("net", name, f"j{name}", "10.213.9.1/24", "10.213.9.2/24", "", "eth0", 1, 1), ("net-name", name, "one"),
                                       ("port", "127.0.0.1", 0, PORT_OF_CONTAINER, "tcp"), ("health", 20, 2000, 3, 0, 0), ("health-arg", "true"),
                                       log_max=1 << 24)

    def ask(self, *request):
        """The answer of the first command that is not killed."""
        for _ in range(3):
            try:
                self.control = self.control or lab.Control(self.name)
                return self.control.ask(*request)
            except (AssertionError, OSError):
                self.leave()
        raise AssertionError(f"{request}: no command is answered")

    def until_ok(self, *request):
        """An answer may tell of the death of another process than the command's: then the command, run again, has to do it."""
        for _ in range(3):
            answer = self.ask(*request)
            if answer[0] == "ok":
                return answer
            self.leave()
        raise AssertionError(f"{request}: {answer}")

    def leave(self):
        control, self.control = self.control, None
        if control:
            try:
                control.close()
            except OSError:
                control.process.wait(20)


def kernel_state(name):
    found = {f"link {link}" for link in os.listdir("/sys/class/net")}
    with open("/proc/self/mountinfo") as mounts:
        found |= {line for line in mounts if lab.BASE in line}
    found |= {f"cgroup {mount}" for mount in lab.CGROUPS.values() if os.path.exists(f"{mount}/jcompose-lab-{os.getpid()}/{name}")}
    for place in ("net", "projects"):
        for directory, _, files in os.walk(f"{lab.RUN}/{place}"):
            found |= {f"file {directory}/{file}" for file in files if file != "super.lock"}
    return found | {f"file {file}" for file in os.listdir(lab.RUN) if file in ("holder.sock", "holder.note")}


def life(project, faults):
    container, known = project.container, None
    project.until_ok("start", container.id12)
    alive = container.state()
    lab.until(lambda: f"20 lines, but {container.text()[:100]} {container.state()}", lambda: counts(project, faults))
    survives = faults.role.decode() != "jcr-payload"
    if survives and not faults.fired:
        known = alive["pid"]
    lab.until(lambda: f"published: {project.ask('ports', container.id12)}", lambda: published(project))
    before = container.text()
    if known:
        assert container.state()["pid"] == known and container.state()["status"] == "running", container.state()
    project.leave()
    code = project.until_ok("stop", container.id12, "", "")[2]
    assert code == "3" or faults.fired, f"exit code {code}"
    text = container.text()
    assert text.startswith(before), "lines already logged were lost"
    check_lines(text)
    with open(f"{project.data}/kept") as file:
        written = file.read().split()
    assert written[-1] == str(max(map(int, written))) and "".join(written)
    project.until_ok("forget", container.id12)
    project.until_ok("drop-network", project.name, f"j{project.name}")
    project.leave()


def counts(project, faults):
    """A payload killed on its way to its command counts as one that has ended by itself: the next command starts it."""
    if faults.role == b"jcr-payload" and faults.fired and project.container.state()["status"] == "exited":
        project.until_ok("start", project.container.id12)
    return project.container.text().count("line") >= 20


def published(project):
    answer = project.ask("ports", project.container.id12)
    return answer[0] == "ok" and len(answer) > 3 and lab.answers(int(answer[3]))


def check_lines(text):
    """In order; a gap only where a monitor died with what it had just read, so one at most."""
    numbers = [int(line[5:]) for line in text.splitlines() if line.startswith("line ")]
    gaps = sum(1 for a, b in zip(numbers, numbers[1:]) if b not in (a + 1, 1))
    assert gaps <= 1, f"{gaps} gaps in the log"


def swept():
    """What the next command does first."""
    subprocess.run([lab.JCR, "sweep", lab.RUN], timeout=20, check=True)


def one(faults, role, step, serial):
    project = Project(f"f{serial}")
    before = kernel_state(project.name)
    faults.arm(role, step)
    began = time.monotonic()
    try:
        life(project, faults)
        fired, steps, where = faults.fired, faults.count, faults.where.decode()
        faults.arm("", 0)
        lab.until(lambda: f"the end of {lab.processes()}", lambda: not lab.processes())
        if fired:
            swept()
        lab.until(lambda: f"nothing left: {kernel_state(project.name) - before}", lambda: kernel_state(project.name) <= before, 5)
    except Exception as e:
        raise AssertionError(f"{role} killed at step {step} ({faults.where.decode()}): {str(e)[:300]}") from e
    return fired, steps, where, time.monotonic() - began


def main():
    wanted = sys.argv[1:2] or ROLES
    first, last = int(sys.argv[2]) if len(sys.argv) > 2 else 1, int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 30
    faults = Faults.at_path(f"{lab.BASE}/faults")
    os.environ["JCR_FAULTS"] = f"{lab.BASE}/faults"
    serial, failures = 0, []
    for role in wanted:
        done, slow, step = 0, (0, 0), first if sys.argv[2:] else SHARE[0]
        while step <= last:
            serial += 1
            try:
                fired, steps, where, seconds = one(faults, role, step, serial)
            except AssertionError as e:
                failures.append(str(e))
                print(f"FAILED {e}", flush=True)
                clear()
                fired, seconds = 1, 0
            if not fired:
                break
            done, slow = done + 1, max(slow, (round(seconds, 2), step))
            step += 1 if sys.argv[2:] else SHARE[1]
        print(f"{role}: killed at {done} of {steps} steps, slowest {slow[0]} s at step {slow[1]}", flush=True)
    sys.exit(1 if failures else 0)


def clear():
    lab.kill_all("")
    lab.until(lambda: f"{lab.processes()}", lambda: not lab.processes())
    swept()


if __name__ == "__main__":
    if os.geteuid() != 0 or not os.path.exists(lab.BUSYBOX):
        sys.exit("needs root and a static busybox (Debian: apt-get install busybox-static)")
    with tempfile.TemporaryDirectory(prefix="jcr-faults-") as lab.BASE:
        lab.RUN, lab.STATE = f"{lab.BASE}/run", f"{lab.BASE}/state"
        os.makedirs(lab.RUN)
        lab.make_layer()
        main()
