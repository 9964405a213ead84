#!/usr/bin/env python3
"""Containers end to end, driven by frames: life cycle, isolation, probes, exec, and what survives whom when processes are killed.

    runtime_lab.py JCR [test ...]        needs root and a static busybox; everything lives below a temporary directory of its own"""

import ctypes
import hashlib
import os
import pty
import random
import select
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unittest

JCR = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else ""
BUSYBOX = shutil.which("busybox") or "/bin/busybox"
LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
BASE = RUN = STATE = ""
NODES = [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)]
DEVICE_RULES = ["c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm"]
COUNT_TO_400 = "i=0; while [ $i -lt 400 ]; do echo line $i; echo err $i >&2; i=$((i+1)); [ $((i%20)) = 0 ] && sleep 0.02; done; exit 21"


def frame(key, *fields, data=b""):
    body = b"".join(str(field).encode() + b"\0" for field in (key, *fields)) + data
    return struct.pack("<I", len(body)) + body


def frames(data):
    found = []
    while len(data) >= 4 and len(data) >= 4 + struct.unpack("<I", data[:4])[0]:
        length = struct.unpack("<I", data[:4])[0]
        found.append([text.decode() for text in data[4:4 + length].split(b"\0")[:-1]])
        data = data[4 + length:]
    return found, data


def until(what, reached, seconds=20):
    """Waits for something that has no event of its own."""
    deadline = time.monotonic() + seconds
    while not (value := reached()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached within {seconds} s: {what()}")
        time.sleep(0.005)
    return value


def cgroup_mounts():
    """Mount points of the hierarchies that are used here, by controller."""
    found = {}
    with open("/proc/self/mountinfo") as lines:
        for line in lines:
            place, (kind, _, options) = line.split()[4], line.split(" - ")[1].split(" ", 2)
            if kind == "cgroup2":
                found["unified"] = place
            elif kind == "cgroup":
                found.update({name: place for name in options.strip().split(",") if name in ("memory", "devices", "freezer")})
    return found


CGROUPS = cgroup_mounts()


def make_layer():
    layer = f"{STATE}/layers/base"
    for directory in ("bin", "etc", "tmp"):
        os.makedirs(f"{layer}/{directory}")
    shutil.copy(BUSYBOX, f"{layer}/bin/busybox")
    for applet in subprocess.check_output([BUSYBOX, "--list"], text=True).split():
        if applet != "busybox":
            os.symlink("busybox", f"{layer}/bin/{applet}")
    os.symlink("/etc", f"{layer}/to-etc")
    os.symlink("../../../../../../etc/escaped", f"{layer}/to-missing")
    os.symlink("/proc/self/fd/3", f"{layer}/to-descriptor")
    return layer


def processes():
    """Ours: whose arguments name our RUN directory."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if RUN in command and "runtime_lab" not in command:
            found[int(pid)] = command
    return found


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return file.read().split()


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def processor_time(pid):
    """In hundredths of a second."""
    with open(f"/proc/{pid}/stat") as file:
        return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))


def memory(pid):
    """In kilobytes, what is shared counted in proportion; 0 when it has just ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def bound(port):
    """A socket on that port, or None when somebody has it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        return listener
    except OSError:
        listener.close()
        return None


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def kill_all(word):
    for pid, command in processes().items():
        if word in command:
            kill(pid)


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Container:
    def __init__(self, project, name, command, *frames_of_test, log_max=1 << 20, groups=("unified", "freezer", "devices")):
        self.id = hashlib.sha256(f"{project}/{name}".encode()).hexdigest()
        self.id12 = self.id[:12]
        self.dir, self.run = f"{STATE}/projects/{project}/{self.id12}", f"{RUN}/projects/{project}/{self.id12}"
        shutil.rmtree(self.dir, ignore_errors=True)
        for directory in ("upper", "work", "merged"):
            os.makedirs(f"{self.dir}/{directory}")
        places = [f"{self.dir}/{directory}" for directory in ("upper", "work", "merged")]
        plan = [frame("plan", 1), frame("id", self.id), frame("name", name), frame("project", project), frame("hostname", name),
                frame("rootfs", f"{STATE}/layers", *places), frame("layer", "base"), frame("env", "PATH=/bin"),
                frame("log-max", log_max), frame("log-files", 3), frame("caps", "a80425fb", "a80425fb", "0")]
        plan += [frame("arg", word) for word in (command if isinstance(command, list) else ["sh", "-c", command])]
        plan += [frame("mount", kind, kind, target, options, data) for kind, target, options, data in (
            ("proc", "/proc", "nosuid,nodev,noexec", ""), ("sysfs", "/sys", "ro,nosuid,nodev,noexec", ""),
            ("tmpfs", "/dev", "nosuid,noexec", "mode=755,size=65536k"),
            ("devpts", "/dev/pts", "nosuid,noexec", "newinstance,ptmxmode=0666,mode=0620,gid=5"),
            ("tmpfs", "/dev/shm", "nosuid,nodev,noexec", "mode=1777,size=65536k"))]
        plan += [frame("device", f"/dev/{name}", "c", major, minor, "666", 0, 0) for name, major, minor in NODES]
        plan += [frame("link", "/dev/stdout", "/proc/self/fd/1"), frame("mask", "/proc/keys"), frame("protect", "/proc/sys")]
        plan += [frame("cgroup", group, f"{CGROUPS[group]}/jcompose-lab-{os.getpid()}/{project}/{self.id12}")
                 for group in groups if group in CGROUPS]
        plan += [frame("device-rule", rule) for rule in DEVICE_RULES if "devices" in CGROUPS]
        plan += [extra if isinstance(extra, bytes) else frame(*extra) for extra in frames_of_test]
        with open(f"{self.dir}/plan", "wb") as file:
            file.write(b"".join(plan) + frame("end", len(plan)))

    def state(self):
        try:
            with open(f"{self.run}/state") as file:
                return dict(line.split("=", 1) for line in file.read().splitlines())
        except FileNotFoundError:
            return {}

    def wait(self, **wanted):
        def reached():
            state = self.state()
            return state if all(state.get(key) == str(value) for key, value in wanted.items()) else None
        return until(lambda: f"{wanted}, but {self.state()}", reached)

    def text(self, stream="oe"):
        """What came out, parts put together."""
        try:
            with open(f"{self.dir}/log/0.log", newline="\n") as file:
                records = [line.split(" ", 3) for line in file.read().split("\n")[:-1]]
        except FileNotFoundError:
            return ""
        return "".join(text + ("\n" if kind == "F" else "") for _, name, kind, text in records if name in stream)

    def shows(self, text):
        until(lambda: f"{text!r} in {self.text()!r}", lambda: text in self.text())

    def request(self, command, *extra):
        file = tempfile.NamedTemporaryFile(dir=BASE, delete=False)
        with file:
            file.write(frame("plan", f"{self.dir}/plan") + frame("state", f"{self.run}/state"))
            file.write(b"".join([frame("arg", word) for word in command] + [frame(*one) for one in extra]))
        return file.name

    def exec(self, command, *extra, given=""):
        done = subprocess.run([JCR, "exec", self.request(command, *extra)], input=given, capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout, done.stderr


class Control:
    def __init__(self, project):
        self.process = subprocess.Popen([JCR, "ctl", RUN, STATE, project], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count, self.rest, self.answers = 0, b"", {}

    def send(self, key, *fields):
        self.count += 1
        self.process.stdin.write(frame(key, self.count, *fields))
        self.process.stdin.flush()
        return str(self.count)

    def answer(self, number):
        while number not in self.answers:
            if not select.select([self.process.stdout], [], [], 30)[0]:
                raise AssertionError("ctl says nothing")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise AssertionError("ctl has ended")
            found, self.rest = frames(self.rest + data)
            self.answers.update({one[1]: one for one in found})
        return self.answers[number]

    def ask(self, key, *fields):
        return self.answer(self.send(key, *fields))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(20)


class Lab(unittest.TestCase):
    def setUp(self):
        self.project = self._testMethodName[:40]
        self.control = Control(self.project)

    def tearDown(self):
        if self.control.process.poll() is not None:
            self.control.process.stdin.close()
            self.control.process.stdout.close()
            self.control = Control(self.project)
        for id12 in os.listdir(f"{RUN}/projects/{self.project}"):
            if len(id12) == 12:
                self.control.ask("stop", id12, 0, "")
                self.assertEqual("ok", self.control.ask("forget", id12)[0])
        self.assertEqual(0, self.control.close())
        self.assertEqual({}, processes())
        for mount in CGROUPS.values():
            self.assertFalse(os.path.exists(f"{mount}/jcompose-lab-{os.getpid()}"), mount)

    def make(self, *args, name="one", **settings):
        return Container(self.project, name, *args, **settings)

    def start(self, *args, **settings):
        container = self.make(*args, **settings)
        self.assertEqual("ok", self.control.ask("start", container.id12)[0])
        return container

    def run_to_end(self, *args, **settings):
        container = self.start(*args, **settings)
        return int(container.wait(status="exited")["exit"]), container.text()

    def refused(self, *args, **settings):
        answer = self.control.ask("start", self.make(*args, **settings).id12)
        self.assertEqual("error", answer[0])
        return " ".join(answer[2:])


class LifeCycle(Lab):
    def test_output_and_exit_code_are_kept(self):
        self.assertEqual((7, "out\nerr\n"), self.run_to_end("echo out; sleep 0.05; echo err >&2; exit 7"))

    def test_a_command_that_is_not_there_is_named(self):
        self.assertIn("command-not-found execute nonexisting", self.refused(["nonexisting"]))
        self.assertIn("command-not-found execute nonexisting", self.refused(["nonexisting"], ("init", 1)))
        self.assertIn("not-executable execute /etc", self.refused(["/etc"]))

    def test_a_container_that_ignores_the_stop_signal_is_killed_after_its_grace(self):
        container = self.start("trap : TERM; while :; do sleep 0.05; done")
        self.assertEqual("137", self.control.ask("stop", container.id12, 200, "")[2])
        self.assertEqual("stopped", container.state()["want"])

    def test_a_container_that_heeds_the_stop_signal_tells_its_own_exit_code(self):
        container = self.start("trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done")
        container.shows("up")
        self.assertEqual("3", self.control.ask("stop", container.id12, "", "")[2])
        self.assertEqual("3", self.control.ask("stop", container.id12, "", "")[2])

    def test_a_start_that_comes_during_a_stop_follows_it(self):
        container = self.start("trap 'sleep 0.2; exit 3' TERM; echo up; while :; do sleep 0.05; done")
        container.shows("up")
        numbers = [self.control.send("stop", container.id12, "", ""), self.control.send("start", container.id12)]
        answers = [self.control.answer(number)[2] for number in numbers]
        self.assertEqual(["3", container.state()["pid"]], answers)
        self.assertEqual("running", container.state()["status"])

    def test_on_failure_restarts_at_most_that_often(self):
        container = self.start("echo run; exit 1", ("restart", "on-failure", 3))
        self.assertEqual(("3", "4"), tuple(container.wait(status="exited")[key] for key in ("restarts", "gen")))
        self.assertEqual("run\n" * 4, container.text())

    def test_a_stop_ends_restarts(self):
        container = self.start("exit 0", ("restart", "always", 0))
        until(container.state, lambda: int(container.state()["restarts"]) >= 2)
        self.assertEqual("0", self.control.ask("stop", container.id12, "", "")[2])
        self.assertEqual("exited", container.state()["status"])

    def test_a_killed_container_is_not_restarted(self):
        container = self.start(["sleep", "100"], ("restart", "always", 0))
        self.control.ask("kill", container.id12, 9)
        self.assertEqual(("137", "0"), tuple(container.wait(status="exited")[key] for key in ("exit", "restarts")))

    def test_a_stop_signal_ends_restarts_too(self):
        container = self.start("exit 1", ("restart", "always", 0))
        until(container.state, lambda: int(container.state()["restarts"]) >= 3 and container.state()["status"] == "restarting")
        self.assertEqual("ok", self.control.ask("kill", container.id12, 15)[0])
        self.assertEqual("stopped", container.wait(status="exited")["want"])

    def test_health_follows_the_probe(self):
        container = self.start("sleep 0.5; touch /tmp/ok; sleep 100", ("health", 100, 2000, 2, 0, 0),
                               *[("health-arg", word) for word in ("sh", "-c", "echo probed; test -e /tmp/ok")])
        for health in ("starting", "unhealthy", "healthy"):
            container.wait(health=health)
        container.exec(["rm", "/tmp/ok"])
        container.wait(health="unhealthy")
        with open(f"{container.run}/health", "rb") as file:
            probes, _ = frames(file.read().replace(b"probed\n", b"probed\0"))
        self.assertLessEqual(len(probes), 5)

    def test_a_probe_that_takes_too_long_fails(self):
        container = self.start(["sleep", "100"], ("health", 100, 200, 1, 0, 0), ("health-arg", "sleep"), ("health-arg", "5"))
        container.wait(health="unhealthy")

    def test_a_probe_that_cannot_be_executed_leaves_nothing_behind(self):
        container = self.start(["sleep", "100"], ("health", 20, 1000, 3, 0, 0), ("health-arg", "nope"))
        container.wait(health="unhealthy", streak=20)
        self.assertEqual("137", self.control.ask("stop", container.id12, 0, "")[2])

    def test_a_probe_that_is_traced_holds_nobody_up(self):
        container = self.start(["sleep", "100"], ("health", 50, 200, 1, 0, 0), ("health-arg", "sleep"), ("health-arg", "5"))
        monitor, payload = container.state()["mon"], container.state()["pid"]
        probe = until(lambda: "a probe", lambda: [pid for pid in children(monitor) if pid != payload and command_of(pid) == "sleep 5 "])[0]
        self.assertEqual(0, LIBC.ptrace(PTRACE_SEIZE, int(probe), None, None))
        container.wait(health="unhealthy", streak=3)
        began = processor_time(monitor)
        for _ in range(3):
            container.wait(streak=int(container.state()["streak"]) + 2)
            self.assertEqual("ok", self.control.ask("kill", container.id12, signal.SIGWINCH)[0])
        self.assertLess(processor_time(monitor) - began, 20)
        os.waitpid(int(probe), 0x40000000)
        self.assertEqual("137", self.control.ask("stop", container.id12, 0, "")[2])

    def test_a_paused_container_waits(self):
        if not {"unified", "freezer"} & CGROUPS.keys():
            self.skipTest("no freezer cgroup on this machine")
        container = self.start("while :; do echo tick; sleep 0.02; done")
        container.shows("tick")
        self.assertEqual("ok", self.control.ask("pause", container.id12)[0])
        before = len(until(container.state, lambda: len(set((container.text(), time.sleep(0.2), container.text())) - {None}) == 1 and container.text()))
        self.assertEqual("paused", container.state()["status"])
        self.assertIn("is paused", container.exec(["true"])[2])
        self.assertEqual("ok", self.control.ask("resume", container.id12)[0])
        until(container.text, lambda: len(container.text()) > before)

    def test_init_reaps_and_passes_signals_on(self):
        container = self.start("(sleep 0.05 &); trap 'echo got; exit 4' TERM; echo up; while :; do sleep 0.05; done", ("init", 1))
        container.shows("up")
        self.assertEqual("4", self.control.ask("stop", container.id12, "", "")[2])
        self.assertIn("got", container.text())

    def test_a_terminal_has_its_size_and_its_console(self):
        container = self.start("tty; stty size; test -c /dev/console && echo console; sleep 100", ("tty", 1))
        container.shows("/dev/pts/0\r\n24 80\r\nconsole\r\n")

    def test_input_reaches_the_container(self):
        container = self.start(["cat"], ("stdin", 1))
        with open(f"{container.run}/in", "w") as file:
            file.write("hello\n")
        container.shows("hello\n")

    def test_logs_are_rotated(self):
        container = self.make("for i in $(seq 300); do echo a line of some length $i; done", log_max=4000)
        self.assertEqual("ok", self.control.ask("start", container.id12)[0])
        container.wait(status="exited")
        self.assertEqual(["0.log", "1.log", "2.log"], sorted(os.listdir(f"{container.dir}/log")))
        self.assertTrue(container.text().endswith("length 300\n"))

    def test_broken_requests_do_no_harm(self):
        container = self.start(["sleep", "100"])
        directory = os.open(f"{RUN}/projects/{self.project}", os.O_PATH)
        for junk in (b"\xff" * 100, b"\0\0\0\0", random.randbytes(5000), frame("start"), frame("start", 1, "../../etc"),
                     frame("monitor", container.id12, 1, -1), frame("kill", "n" * 500, container.id12, 0)):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(5)
                client.connect(f"/proc/self/fd/{directory}/ctl.sock")
                client.sendall(junk)
                client.shutdown(socket.SHUT_WR)
                while client.recv(1000):
                    pass
        os.close(directory)
        self.assertEqual("running", container.state()["status"])

    def test_a_container_nobody_knows_is_refused(self):
        self.assertEqual("no-such-container", self.control.ask("start", "abcdefabcdef")[2])
        self.assertEqual("no-such-container", self.control.ask("kill", "abcdefabcdef", 9)[2])


class Isolation(Lab):
    def test_only_what_is_given_is_seen(self):
        code, text = self.run_to_end("hostname; echo $$; ls /proc/self/fd | wc -l; grep Cap /proc/self/status; cat /proc/keys")
        self.assertEqual(["one", "1", "4", "CapInh:\t0000000000000000"], text.split("\n")[:4])
        self.assertEqual("CapBnd:\t00000000a80425fb", text.split("\n")[6])

    def test_an_ordinary_user_has_no_capabilities(self):
        code, text = self.run_to_end("id; grep CapEff /proc/self/status; echo out > /dev/stdout",
                                     ("user", 1000, 1001), ("group", 7), ("group", 8))
        self.assertEqual("uid=1000 gid=1001 groups=7,8\nCapEff:\t0000000000000000\nout\n", text)

    def test_filters_hold_with_and_without_no_new_privileges(self):
        allow, errno = 0x7FFF0000, 0x00050001
        numbers = {"x86_64": (83, 258), "aarch64": (34, 34)}[os.uname().machine]
        program = [(0x20, 0, 0, 0)] + [one for n in numbers for one in ((0x15, 0, 1, n), (0x06, 0, 0, errno))] + [(0x06, 0, 0, allow)]
        seccomp = frame("seccomp", data=b"".join(struct.pack("<HBBI", *one) for one in program))
        for more in ([], [("user", 1000, 1000)], [("user", 1000, 1000), ("no-new-privs", 1)]):
            _, text = self.run_to_end("mkdir /tmp/x; grep Seccomp: /proc/self/status", seccomp, *more, name=f"n{len(more)}")
            self.assertIn("Operation not permitted", text)
            self.assertIn("Seccomp:\t2", text)

    def test_mount_points_stay_inside_the_root(self):
        source = f"{BASE}/source"
        os.makedirs(f"{source}/sub", exist_ok=True)
        with open(f"{source}/file", "w") as file:
            file.write("F\n")
        mounts = [("bind", source, "/a", "ro,rprivate,recursive"), ("bind", f"{source}/file", "/b/c", "file"),
                  ("volume", f"{source}/sub", "/v", ""), ("tmpfs", "tmpfs", "/t/u", "nosuid"),
                  ("bind", f"{source}/file", "/to-etc/inside", ""), ("bind", f"{source}/file", "/to-missing", "")]
        container = self.start("cat /a/file /b/c /etc/inside /etc/escaped; echo x > /a/file; echo y > /v/new; touch /t/u/z && echo done",
                               *[("mount", *one, "") for one in mounts])
        container.wait(status="exited")
        self.assertEqual("F\nF\nF\nF\ndone\n", container.text("o"))
        self.assertIn("can't create /a/file: Read-only file system", container.text("e"))
        self.assertTrue(os.path.exists(f"{source}/sub/new"))
        self.assertFalse(os.path.exists("/etc/inside") or os.path.exists("/etc/escaped"))
        self.assertIn("make mount point /to-descriptor", self.refused("true", ("mount", "bind", source, "/to-descriptor", "", "")))
        self.assertIn(f"open mount source {source}/none", self.refused("true", ("mount", "bind", f"{source}/none", "/a", "", "")))

    def test_no_working_directory_leads_out(self):
        for descriptor in range(3, 20):
            self.assertIn("enter working directory", self.refused("pwd", ("cwd", f"/proc/self/fd/{descriptor}")))
        self.assertEqual("/new/one\n", self.run_to_end("pwd", ("cwd", "/new/one"))[1])

    def test_settings_arrive(self):
        _, text = self.run_to_end("cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/self/oom_score_adj /cfg; ulimit -n; umask",
                                  ("sysctl", "net/ipv4/ip_unprivileged_port_start", 0), ("oom-score-adj", 300), ("rlimit", 7, 100, 200),
                                  frame("file", "/cfg", "444", 0, 0, data=b"config\n"))
        self.assertEqual("0\n300\nconfig\n100\n0022\n", text)

    def test_a_read_only_root_stays_so(self):
        _, text = self.run_to_end("touch /x; touch /dev/x && echo dev", ("readonly", 1))
        self.assertIn("/x: Read-only file system", text)
        self.assertIn("dev\n", text)

    def test_devices_that_are_not_allowed_cannot_be_used(self):
        if "devices" not in CGROUPS:
            self.skipTest("no devices cgroup on this machine")
        _, text = self.run_to_end("mknod /tmp/disk b 254 0; head -c1 /tmp/disk; head -c1 /dev/zero | wc -c")
        self.assertIn("Operation not permitted", text)
        self.assertIn("1\n", text)

    def test_without_device_rules_only_nodes_that_we_make_can_be_used(self):
        os.mknod(f"{BASE}/disk", 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        os.makedirs(f"{BASE}/volume", exist_ok=True)
        os.mknod(f"{BASE}/volume/full", 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        mounts = [("mount", "bind", *one, "") for one in ((f"{BASE}/disk", "/disk", ""), (f"{BASE}/volume", "/volume", "recursive"),
                                                          ("/dev/null", "/hidden", ""))]
        container = self.make("mknod /tmp/full c 1 7; for i in /full /disk /volume/full /hidden /dev/zero; do head -c1 $i | wc -c; done",
                              ("device-rule", "c 1:3 rwm"), ("device-rule", "c 1:5 rwm"), *mounts, groups=("freezer",))
        os.mknod(f"{container.dir}/upper/full", 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        self.control.ask("start", container.id12)
        container.wait(status="exited")
        self.assertEqual("0\n0\n0\n0\n1\n", container.text("o"))
        self.assertEqual(["mknod: /tmp/full: Operation not permitted"] + [f"head: {i}: Permission denied" for i in ("/full", "/disk", "/volume/full")],
                         container.text("e").splitlines())

    def test_running_out_of_memory_is_told(self):
        if "memory" not in CGROUPS:
            self.skipTest("no memory cgroup of version 1 on this machine")
        container = self.start(["tail", "/dev/zero"], ("cgroup-set", "memory", "memory.limit_in_bytes", 20 << 20, 1),
                               groups=("unified", "memory"))
        self.assertEqual(("137", "1"), tuple(container.wait(status="exited")[key] for key in ("exit", "oom")))

    def test_memory_that_ran_out_is_forgotten_with_the_next_run(self):
        if "memory" not in CGROUPS:
            self.skipTest("no memory cgroup of version 1 on this machine")
        container = self.start("test -e /tmp/again && exit 0; touch /tmp/again; tail /dev/zero", ("restart", "on-failure", 1),
                               ("cgroup-set", "memory", "memory.limit_in_bytes", 20 << 20, 1), groups=("unified", "memory"))
        self.assertEqual(("0", "0", "1"), tuple(container.wait(status="exited")[key] for key in ("exit", "oom", "restarts")))

    def test_a_process_namespace_can_be_shared(self):
        donor = self.start(["sleep", "1000"], name="donor")
        _, text = self.run_to_end("ps", ("namespace", "pid", f"container:{donor.run}"))
        self.assertIn("sleep 1000", text)


    def test_a_network_is_shared_with_whoever_runs_now(self):
        donor = self.start(["sleep", "1000"], ("restart", "always", 0), name="donor")
        container = self.start("readlink /proc/self/ns/net; sleep 0.1", ("namespace", "net", f"container:{donor.run}"), ("restart", "always", 0))
        place = lambda one: os.readlink(f"/proc/{one.state()['pid']}/ns/net")
        container.shows(place(donor) + "\n")
        for _ in range(3):
            runs = int(donor.state()["gen"])
            kill(int(donor.state()["pid"]))
            donor.wait(status="running", gen=runs + 1)
        runs = int(container.state()["gen"])
        until(container.state, lambda: int(container.state()["gen"]) > runs + 1)
        self.assertEqual({place(donor)}, set(container.text("o").split()))
        self.control.ask("stop", donor.id12, 0, "")
        self.control.ask("stop", container.id12, 0, "")
        answer = self.control.ask("start", container.id12)
        self.assertIn("which is not running", " ".join(answer))


class Exec(Lab):
    def test_streams_and_exit_code_are_its_own(self):
        container = self.start(["sleep", "1000"], ("env", "A=1"), ("env", "B=1"))
        self.assertEqual((5, "uid=1000 gid=1000 groups=7\n1 2\n/tmp\nin\n", "err\n"),
                         container.exec(["sh", "-c", "id; echo $A $B; pwd; cat; echo err >&2; exit 5"], ("env", "B=2"), ("cwd", "/tmp"),
                                        ("user", 1000, 1000), ("group", 7), ("stdin", 1), given="in\n"))

    def test_failures_have_the_codes_of_a_shell(self):
        container = self.start(["sleep", "1000"])
        self.assertEqual(127, container.exec(["nope"])[0])
        self.assertEqual(126, container.exec(["/etc"])[0])
        self.assertEqual(137, container.exec(["sh", "-c", "kill -9 $$"])[0])
        self.control.ask("stop", container.id12, 0, "")
        self.assertEqual((125, "", "jcompose: container one is not running\n"), container.exec(["true"]))

    def test_signals_are_passed_on(self):
        container = self.start(["sleep", "1000"])
        command = ["sh", "-c", "trap 'echo int; exit 9' INT; echo up; while :; do sleep 0.05; done"]
        with subprocess.Popen([JCR, "exec", container.request(command)], stdout=subprocess.PIPE, text=True) as process:
            self.assertEqual("up\n", process.stdout.readline())
            process.send_signal(signal.SIGINT)
            self.assertEqual("int\n", process.stdout.readline())
            self.assertEqual(9, process.wait(10))

    def test_a_terminal_is_raw_and_interrupts(self):
        container = self.start(["sleep", "1000"])
        command = "stty -echo; trap 'echo interrupted; exit 3' INT; read x; echo got $x; while :; do sleep 0.05; done"
        request = container.request(["sh", "-c", command], ("tty", 1), ("stdin", 1))
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(JCR, [JCR, "exec", request])
        for given, expected in ((b"word\n", b"got word\r\n"), (b"\x03", b"interrupted\r\n")):
            os.write(terminal, given)
            seen = b""
            while expected not in seen:
                self.assertTrue(select.select([terminal], [], [], 10)[0], seen)
                seen += os.read(terminal, 4096)
        while select.select([terminal], [], [], 10)[0]:
            try:
                os.read(terminal, 4096)
            except OSError:
                break
        self.assertEqual(3, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os.close(terminal)


class Killed(Lab):
    def check_counted(self, container):
        self.assertEqual("21", container.wait(status="exited")["exit"])
        for stream, word in (("o", "line"), ("e", "err")):
            lines = container.text(stream).splitlines()
            wanted = [f"{word} {i}" for i in range(400)]
            # what a monitor had read and not yet written when it died is lost: never more than once per kill
            self.assertLessEqual(len(wanted) - len(lines), 60)
            self.assertEqual([line for line in wanted if line in set(lines)], lines)

    def test_containers_survive_their_monitors(self):
        container = self.start(COUNT_TO_400)
        for _ in range(6):
            monitor = container.wait(status="running")["mon"] if container.state()["status"] != "exited" else 0
            kill(int(monitor)) if monitor else None
            until(container.state, lambda: container.state()["mon"] != monitor or container.state()["status"] == "exited")
        self.check_counted(container)

    def test_containers_survive_the_supervisor(self):
        containers = [self.start(COUNT_TO_400, name=f"c{i}") for i in range(3)]
        kill_all("jcr-super")
        for container in containers:
            self.check_counted(container)

    def test_the_next_command_adopts_what_lost_both(self):
        container = self.start("trap 'exit 6' TERM; echo up; while :; do sleep 0.05; done")
        container.shows("up")
        kill_all("jcr-")
        self.control.process.wait(10)
        self.control.process.stdin.close()
        self.control.process.stdout.close()
        self.control = Control(self.project)
        self.assertEqual("6", self.control.ask("stop", container.id12, "", "")[2])

    def test_a_taken_port_neither_ends_a_container_nor_leads_it_to_the_host(self):
        container = self.start(["sleep", "1000"], ("net", "lab", "jlab0", "10.213.7.1/24", "10.213.7.2/24", "", "eth0", 1, 1),
                               ("port", "127.0.0.1", 0, 80, "tcp"), ("restart", "always", 0))
        port, own = int(self.control.ask("ports", container.id12)[3]), os.readlink(f"/proc/{container.state()['pid']}/ns/net")
        kill_all("jcr-")
        self.control.process.wait(10)
        self.control.process.stdin.close()
        self.control.process.stdout.close()
        taken = until(lambda: "the port", lambda: bound(port))
        self.control = Control(self.project)
        self.control.ask("ports", container.id12)
        kill(int(container.state()["pid"]))
        again = container.wait(status="running", restarts=1)["pid"]
        self.assertEqual(own, os.readlink(f"/proc/{again}/ns/net"))
        taken.close()
        until(lambda: "published again", lambda: answers(port))
        self.assertEqual(str(port), self.control.ask("ports", container.id12)[3])

    def test_a_monitor_that_dies_before_it_is_heard_of_leaves_the_container_its_network(self):
        container = self.start(["sleep", "1000"], ("net", "lab", "jlab0", "10.213.7.1/24", "10.213.7.2/24", "", "eth0", 1, 1), ("restart", "always", 0))
        state = container.state()
        own = os.readlink(f"/proc/{state['pid']}/ns/net")
        os.kill(int(state["mon"]), signal.SIGSTOP)
        kill_all("jcr-super")
        self.control.process.wait(10)
        self.control.process.stdin.close()
        self.control.process.stdout.close()
        self.control = Control(self.project)
        self.control.ask("ports", container.id12)
        kill(int(state["mon"]))
        until(container.state, lambda: container.state()["mon"] != state["mon"])
        self.control.ask("ports", container.id12)
        kill(int(state["pid"]))
        again = container.wait(status="running", restarts=1)["pid"]
        self.assertEqual(own, os.readlink(f"/proc/{again}/ns/net"))

    def test_hundreds_of_ports_survive_the_supervisor(self):
        container = self.start(["sleep", "1000"], ("net", "lab", "jlab1", "10.213.8.1/24", "10.213.8.2/24", "", "eth0", 1, 1),
                               *[("port", "127.0.0.1", 0, 1000 + i, "tcp") for i in range(400)])
        ports = self.control.ask("ports", container.id12)[2:]
        self.assertEqual(4 * 400, len(ports))
        kill_all("jcr-super")
        self.control.process.wait(10)
        self.control.process.stdin.close()
        self.control.process.stdout.close()
        self.control = Control(self.project)
        for port in ports[1::4]:
            until(lambda: f"port {port}", lambda: answers(int(port)))
        self.assertEqual(ports, self.control.ask("ports", container.id12)[2:])

    def test_a_restart_to_come_survives_the_monitor(self):
        container = self.start("exit 1", ("restart", "always", 0))
        until(container.state, lambda: int(container.state()["restarts"]) >= 3 and container.state()["status"] == "restarting")
        kill(int(container.state()["mon"]))
        until(container.state, lambda: int(container.state()["restarts"]) >= 5)
        self.assertEqual("1", container.state()["exit"])

    def test_health_survives_the_monitor(self):
        container = self.start(["sleep", "1000"], ("health", 100, 2000, 1, 0, 0), ("health-arg", "true"))
        monitor = container.wait(health="healthy")["mon"]
        kill(int(monitor))
        until(container.state, lambda: container.state()["mon"] != monitor)
        self.assertEqual("healthy", container.wait(status="running")["health"])

    def test_a_stop_under_way_survives_the_monitor(self):
        container = self.start("trap 'sleep 0.3; exit 3' TERM; echo up; while :; do sleep 0.05; done")
        container.shows("up")
        number = self.control.send("stop", container.id12, "", "")
        kill(int(container.wait(status="stopping")["mon"]))
        self.assertEqual("3", self.control.answer(number)[2])

    def test_random_kills_leave_nothing_behind(self):
        random.seed(5)
        containers = [self.start(COUNT_TO_400, name=f"c{i}") for i in range(4)]
        for _ in range(6):
            time.sleep(random.random() * 0.05)
            kill_all("jcr-super") if random.random() < 0.4 else kill(int(random.choice(containers).state().get("mon", 0)) or 2**22)
        for container in containers:
            self.check_counted(container)

    def test_sweep_notes_what_died_unseen(self):
        container = self.start(["sleep", "1000"])
        pid, ours = int(container.state()["pid"]), [pid for pid, command in processes().items() if "jcr-" in command]
        for one in ours:
            os.kill(one, signal.SIGSTOP)
        ends = [os.pidfd_open(one) for one in [pid, *ours]]
        for one, end in zip([pid, *ours], ends):
            kill(one)
            select.select([end], [], [], 10)
            os.close(end)
        self.control.process.wait(10)
        until(processes, lambda: not processes())
        self.assertEqual(0, subprocess.run([JCR, "sweep", RUN], timeout=20).returncode)
        self.assertEqual(("exited", "255"), tuple(container.state()[key] for key in ("status", "exit")))


class Scale(Lab):
    def used(self):
        """Descriptors, kilobytes of memory that are its own, and mounts of everything of ours: the least of some looks, as a start may be under way."""
        return tuple(map(min, zip(*(self.look() for _ in range(10)))))

    def look(self):
        descriptors = kilobytes = 0
        for pid in [pid for pid, command in processes().items() if command.startswith("jcr-")]:
            try:
                opened, own = len(os.listdir(f"/proc/{pid}/fd")), memory(pid)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
            descriptors, kilobytes = descriptors + opened, kilobytes + own
        with open("/proc/self/mountinfo") as mounts:
            return descriptors, kilobytes, len(mounts.readlines())

    def test_restarts_without_end_take_no_more_and_more(self):
        container = self.start("echo run", ("restart", "always", 0), ("restart-timing", 1, 0), ("port", "127.0.0.1", 0, 80, "tcp"),
                               ("net", "lab", "jlab2", "10.213.9.1/24", "10.213.9.2/24", "", "eth0", 1, 1), log_max=1 << 16)
        found = []
        for runs in (50, 400):
            until(container.state, lambda: int(container.state()["restarts"]) >= runs, 60)
            found.append(self.used())
        (descriptors, kilobytes, mounts), (descriptors_later, kilobytes_later, mounts_later) = found
        self.assertLessEqual(descriptors_later, descriptors + 8)  # of a start that is under way
        self.assertLessEqual(kilobytes_later, kilobytes + 100)
        self.assertEqual(mounts, mounts_later)

    def test_two_hundred_containers_take_little_each(self):
        times, containers, before = [], [], self.used()
        for i in range(200):
            container = self.make(["sleep", "1000"], ("net", "lab", "jlab3", "10.213.10.1/24", f"10.213.10.{i + 2}/24", "", "eth0", 1, 1),
                                  name=f"c{i}")
            began = time.monotonic()
            self.assertEqual("ok", self.control.ask("start", container.id12)[0])
            times.append(time.monotonic() - began)
            containers.append(container)
        each = (self.used()[1] - before[1]) / len(containers)
        median = lambda some: 1000 * sorted(some)[len(some) // 2]
        print(f"200 containers: {each:.0f} KB of ours each; start of the first 25 {median(times[:25]):.1f} ms, of the last {median(times[-25:]):.1f} ms")
        self.assertLess(each, 300)
        self.assertLess(median(times[-25:]), 4 * median(times[:25]))
        self.assertEqual({"running"}, {container.state()["status"] for container in containers})
        numbers = [self.control.send("stop", container.id12, 0, "") for container in containers]
        self.assertEqual({"ok"}, {self.control.answer(number)[0] for number in numbers})


if __name__ == "__main__":
    if os.geteuid() != 0 or not os.path.exists(BUSYBOX):
        sys.exit("needs root and a static busybox (Debian: apt-get install busybox-static)")
    with tempfile.TemporaryDirectory(prefix="jcr-lab-") as BASE:
        RUN, STATE = f"{BASE}/run", f"{BASE}/state"
        make_layer()
        done = unittest.main(exit=False, verbosity=1)
    sys.exit(not done.result.wasSuccessful())
