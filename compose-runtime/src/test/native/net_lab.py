#!/usr/bin/env python3
"""Networks of containers end to end, without containers: names, replicas, forwarding, published ports, crashes, teardown.

    net_lab.py LAB        LAB is net_lab, built from net_lab.c; needs root

Everything happens in a network namespace of its own that stands for the host, so nothing of the real host is touched."""

import ctypes
import os
import pickle
import random
import resource
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
random.seed(11)


def unshare_net():
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def end_with_parent():
    libc.prctl(1, 9)  # PR_SET_PDEATHSIG


def inside(ns_path, function, *args):
    """Runs a function in a child process in that namespace and returns its result."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            fd = os.open(ns_path, os.O_RDONLY)
            if libc.setns(fd, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            result = (True, function(*args))
        except BaseException as problem:  # noqa: to be told to the parent
            result = (False, f"{problem!r}\n{traceback.format_exc()}")
        with os.fdopen(write, "wb") as out:
            pickle.dump(result, out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as source:
        good, value = pickle.load(source)
    os.waitpid(pid, 0)
    if not good:
        raise AssertionError(value)
    return value


def serve(ns_path, function, *args):
    """A server in that namespace: a child process, killed at the end. Returns once it says it is ready."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            end_with_parent()
            fd = os.open(ns_path, os.O_RDONLY)
            libc.setns(fd, CLONE_NEWNET)
            function(lambda: os.write(write, b"+"), *args)
        except (OSError, EOFError):
            pass  # a client that has gone
        except BaseException:  # noqa
            traceback.print_exc()
        os._exit(0)
    os.close(write)
    assert os.read(read, 1) == b"+"
    os.close(read)
    servers.append(pid)
    return pid


servers = []


# ---- DNS ----


def wire(name):
    return b"".join(bytes([len(l)]) + l.encode() for l in name.split(".") if l) + b"\0"


def query(name, kind=1, edns=None, ident=None):
    ident = random.randrange(65536) if ident is None else ident
    extra = struct.pack(">BHHIH", 0, 41, edns, 0, 0) if edns else b""
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 1 if edns else 0) + wire(name) + struct.pack(">HH", kind, 1) + extra


class Answer:
    def __init__(self, data):
        self.data = data
        self.id, flags, self.questions, self.count, _, self.additional = struct.unpack(">HHHHHH", data[:12])
        self.code, self.truncated = flags & 15, bool(flags & 0x200)
        at = 12
        while data[at]:
            at += data[at] + 1
        self.question = data[12:at + 1]
        at += 5
        self.addresses, self.pointers, self.ttl = [], [], None
        for _ in range(self.count):
            kind, _, self.ttl, length = struct.unpack(">HHIH", data[at + 2:at + 12])
            body = data[at + 12:at + 12 + length]
            if kind == 1:
                self.addresses.append(socket.inet_ntoa(body))
            if kind == 12:
                self.pointers.append(name_of(body))
            at += 12 + length


def name_of(body):
    labels, at = [], 0
    while body[at]:
        labels.append(body[at + 1:at + 1 + body[at]].decode())
        at += body[at] + 1
    return ".".join(labels)


def ask(message, tcp=False, timeout=6):
    if not tcp:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(timeout)
        s.connect(("127.0.0.11", 53))
        s.send(message)
        return s.recv(65535)
    s = socket.create_connection(("127.0.0.11", 53), timeout)
    s.sendall(struct.pack(">H", len(message)) + message)
    return read_framed(s)


def read_framed(s):
    head = b""
    while len(head) < 2:
        got = s.recv(2 - len(head))
        if not got:
            raise EOFError("no answer")
        head += got
    want, data = struct.unpack(">H", head)[0], b""
    while len(data) < want:
        got = s.recv(want - len(data))
        if not got:
            raise EOFError("half an answer")
        data += got
    return data


def upstream(ready, address, behaviour):
    """A resolver outside: 'good' answers 9.9.9.9 to all (a large answer over TCP), 'silent', 'refusing', 'wrong' (another id and question first)."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((address, 53))
    tcp = socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tcp.bind((address, 53))
    tcp.listen()
    ready()

    def reply(q, count, truncated=0):
        end = q.index(b"\0", 12) + 5
        code = 2 if behaviour == "refusing" else 0
        head = q[:2] + struct.pack(">HHHHH", 0x8180 | truncated | code, 1, 0 if code else count, 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + b"\x09\x09\x09\x09"
        return head + q[12:end] + (b"" if code else record * count)

    def serve_tcp():
        while True:
            c, _ = tcp.accept()
            try:
                data = read_framed(c)
            except EOFError:
                continue
            out = reply(data, 1000)
            c.sendall(struct.pack(">H", len(out)) + out)
            c.close()

    threading.Thread(target=serve_tcp, daemon=True).start()
    while True:
        q, who = udp.recvfrom(4096)
        if behaviour == "silent":
            continue
        if behaviour == "wrong":
            bad = reply(q, 1)
            udp.sendto(bytes([bad[0] ^ 1]) + bad[1:], who)
            udp.sendto(bad[:13] + bytes([bad[13] ^ 7]) + bad[14:], who)
            udp.sendto(b"x", who)
        big = b"\x05large" in q
        udp.sendto(reply(q, 1, 0x200 if big else 0), who)


# ---- servers in containers ----


def echo_tcp(ready, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", port))
    s.listen(1024)
    ready()

    def one(c):
        try:
            while data := c.recv(1 << 16):
                c.sendall(data)
        except OSError:
            pass
        c.close()

    while True:
        c, _ = s.accept()
        threading.Thread(target=one, args=(c,), daemon=True).start()


def echo_many(ready, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", port))
    s.listen(4096)
    poll = select.epoll()
    poll.register(s, select.EPOLLIN)
    open_now = {}
    ready()
    while True:
        for fd, _ in poll.poll():
            if fd == s.fileno():
                c, _ = s.accept()
                open_now[c.fileno()] = c
                poll.register(c, select.EPOLLIN)
                continue
            data = open_now[fd].recv(4096)
            if data:
                open_now[fd].sendall(data)
            else:
                open_now.pop(fd).close()


def count_tcp(ready, port):
    """Reads to the end, then answers how many bytes came: needs half-close."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", port))
    s.listen(16)
    ready()
    while True:
        c, _ = s.accept()
        total, buffer = 0, bytearray(1 << 18)
        while True:
            got = c.recv_into(buffer)
            if not got:
                break
            total += got
        c.sendall(str(total).encode())
        c.close()


def echo_udp(ready, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("0.0.0.0", port))
    ready()
    while True:
        data, who = s.recvfrom(65535)
        s.sendto(data, who)


def reach(address, port, timeout=2):
    try:
        s = socket.create_connection((address, port), timeout)
        s.sendall(b"ping")
        data = s.recv(4)
        s.close()
        return data == b"ping"
    except OSError as problem:
        return type(problem).__name__


# ---- the lab ----


def without_nf_tables():
    """As on a kernel without them: sockets for them cannot be made. x86-64 only."""
    code = [(0x20, 0, 0, 0), (0x15, 0, 5, 41), (0x20, 0, 0, 16), (0x15, 0, 3, socket.AF_NETLINK), (0x20, 0, 0, 32), (0x15, 0, 1, 12),
            (0x06, 0, 0, 0x50000 | 93), (0x06, 0, 0, 0x7fff0000)]
    program = b"".join(struct.pack("HBBI", *line) for line in code)
    space = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(space))
    assert libc.prctl(22, 2, ctypes.create_string_buffer(header)) == 0  # PR_SET_SECCOMP


class Lab:
    def __init__(self, binary, run, prepare=lambda: None):
        self.binary, self.run, self.boxes = binary, run, {}
        self.process = subprocess.Popen([binary, run], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: (end_with_parent(), prepare()))
        (self.gateway,) = self.expect()

    @property
    def holder(self):
        return self.path(self.say("holder")[0])

    def path(self, fd):
        return f"/proc/{self.process.pid}/fd/{fd}"

    def expect(self):
        line = self.process.stdout.readline().split()
        assert line and line[0] == "ok", " ".join(line)
        return line[1:]

    def say(self, *words):
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()
        return self.expect()

    def fails(self, *words):
        try:
            self.say(*words)
        except AssertionError as problem:
            return str(problem)
        raise AssertionError(f"{words} should have failed")

    def box(self, id, *networks, servers="-", internal=0, names=None, mac="-"):
        """networks: (network, number, host number); 10.<number>.0.0/24"""
        ns = self.path(self.say("box", id)[0])
        for i, (network, number, host) in enumerate(networks):
            only_internal = 1 if network.startswith("internal") else 0
            self.say("join", id, i, network, f"br{number}", f"10.{number}.0.1/24", f"10.{number}.0.{host}/24", mac, f"eth{i}",
                     1 if i == 0 else 0, only_internal)
            self.say("names", id, network, f"10.{number}.0.{host}/24", ",".join(names or [id]))
        self.say("dns", id, ",".join(n[0] for n in networks), servers, internal)
        self.boxes[id] = ns
        return ns

    def children(self, name):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                stat = open(f"/proc/{pid}/stat").read()
            except OSError:
                continue
            if f"({name})" in stat and int(stat.rsplit(")", 1)[1].split()[1]) == self.process.pid:
                found.append(int(pid))
        return found

    def close(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.flush()
        assert self.process.wait(10) == 0


def until(condition, what, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def sh(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout


# ---- tests ----


def lookup(lab, box, name, kind=1, tcp=False, edns=None, timeout=6):
    return Answer(inside(lab.boxes[box], ask, query(name, kind, edns), tcp, timeout))


def test_containers_talk_within_a_network_and_not_across(lab):
    lab.box("aaaaaaaaaaa1", ("p_front", 71, 2), names=["web", "p-web-1"])
    lab.box("aaaaaaaaaaa2", ("p_front", 71, 3), ("p_back", 72, 3), names=["api", "p-api-1", "Worker"])
    lab.box("aaaaaaaaaaa3", ("p_back", 72, 4), names=["db"])
    serve(lab.boxes["aaaaaaaaaaa2"], echo_tcp, 8000)
    serve(lab.boxes["aaaaaaaaaaa3"], echo_tcp, 8000)
    started = time.monotonic()
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "10.71.0.3", 8000) is True
    assert time.monotonic() - started < 0.5, "the first connection was delayed"
    assert inside(lab.boxes["aaaaaaaaaaa2"], reach, "10.72.0.4", 8000) is True
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "10.72.0.4", 8000, 0.5) is not True


def test_names_are_those_of_the_asking_containers_networks(lab):
    a = lookup(lab, "aaaaaaaaaaa1", "ApI")
    assert (a.code, a.addresses, a.ttl) == (0, ["10.71.0.3"], 5), a.__dict__
    assert a.question == wire("ApI"), "the case of the question is kept"
    assert lookup(lab, "aaaaaaaaaaa2", "db").addresses == ["10.72.0.4"]
    assert lookup(lab, "aaaaaaaaaaa2", "worker.p_front").addresses == ["10.71.0.3"]
    assert sorted(lookup(lab, "aaaaaaaaaaa2", "api").addresses) == ["10.71.0.3", "10.72.0.3"]
    assert lookup(lab, "aaaaaaaaaaa2", "db.p_front").addresses == []
    assert lookup(lab, "aaaaaaaaaaa1", "db").addresses == []


def test_a_successor_at_the_same_address_is_reached_at_once(lab):
    for i in range(8):
        lab.box(f"22222222222{i}", ("p_front", 71, 80), mac=f"02:00:00:00:00:0{i}" if i % 2 else "-")
        server = serve(lab.boxes[f"22222222222{i}"], echo_tcp, 8000)
        started = time.monotonic()
        assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "10.71.0.80", 8000) is True
        assert time.monotonic() - started < 0.5, "the neighbour did not learn of the successor"
        lab.say("remove", f"22222222222{i}")
        lab.say("end", f"22222222222{i}")
        lab.say("withdraw", f"22222222222{i}", "p_front")
        os.kill(server, 9)
        servers.remove(server)
        os.waitpid(server, 0)


def test_another_type_of_a_known_name_is_empty(lab):
    for kind in (28, 15, 16, 65):
        a = lookup(lab, "aaaaaaaaaaa1", "api", kind)
        assert (a.code, a.count) == (0, 0)
    assert lookup(lab, "aaaaaaaaaaa1", "api", 255).addresses == ["10.71.0.3"]


def test_addresses_have_names(lab):
    assert lookup(lab, "aaaaaaaaaaa1", "3.0.71.10.in-addr.arpa", 12).pointers == ["api.p_front"]


def test_replicas_take_turns_and_follow_changes(lab):
    for i in range(3):
        lab.box(f"bbbbbbbbbbb{i}", ("p_front", 71, 20 + i), names=["replica", f"replica-{i}"])
    firsts, everything = set(), ["10.71.0.20", "10.71.0.21", "10.71.0.22"]
    for _ in range(6):
        a = lookup(lab, "aaaaaaaaaaa1", "replica")
        assert sorted(a.addresses) == everything
        firsts.add(a.addresses[0])
    assert firsts == set(everything)
    lab.say("withdraw", "bbbbbbbbbbb1", "p_front")
    assert sorted(lookup(lab, "aaaaaaaaaaa1", "replica").addresses) == ["10.71.0.20", "10.71.0.22"]
    lab.say("names", "bbbbbbbbbbb1", "p_front", "10.71.0.99", "replica")
    assert "10.71.0.99" in lookup(lab, "aaaaaaaaaaa1", "replica").addresses


def test_long_answers_are_truncated_or_take_tcp_or_edns(lab):
    for i in range(100):
        lab.say("names", f"cccccccccc{i:02}", "p_front", f"10.71.1.{i}", "many")
    short = lookup(lab, "aaaaaaaaaaa1", "many")
    assert short.truncated and 20 < len(short.addresses) < 32 and len(short.data) <= 512
    assert len(lookup(lab, "aaaaaaaaaaa1", "many", tcp=True).addresses) == 100
    wide = lookup(lab, "aaaaaaaaaaa1", "many", edns=4096)
    assert len(wide.addresses) == 100 and wide.additional == 1 and not wide.truncated
    narrow = lookup(lab, "aaaaaaaaaaa1", "many", edns=1000)
    assert narrow.truncated and len(narrow.data) <= 1000


def test_other_names_are_forwarded(lab):
    here = "/proc/self/ns/net"
    for address, behaviour in (("127.77.0.1", "good"), ("127.77.0.2", "silent"), ("127.77.0.3", "refusing"), ("127.77.0.4", "wrong")):
        serve(here, upstream, address, behaviour)
    lab.box("ddddddddddd1", ("p_front", 71, 41), servers="127.77.0.1")
    lab.box("ddddddddddd2", ("p_front", 71, 42), servers="127.77.0.5,127.77.0.3,127.77.0.1")
    lab.box("ddddddddddd3", ("p_front", 71, 43), servers="127.77.0.2,127.77.0.1")
    lab.box("ddddddddddd4", ("p_front", 71, 44), servers="127.77.0.4")
    lab.box("ddddddddddd5", ("p_front", 71, 45), servers="127.77.0.3")
    lab.box("ddddddddddd6", ("p_front", 71, 46), servers="127.77.0.2")
    for box in ("ddddddddddd1", "ddddddddddd2", "ddddddddddd4"):
        started = time.monotonic()
        a = lookup(lab, box, "Example.org")
        assert a.addresses == ["9.9.9.9"] and a.question == wire("Example.org"), (box, a.__dict__)
        assert time.monotonic() - started < 1, box
        assert len(lookup(lab, box, "example.org", tcp=True).addresses) == 1000, box
    assert lookup(lab, "ddddddddddd1", "large.org").truncated
    started = time.monotonic()
    assert lookup(lab, "ddddddddddd3", "example.org").addresses == ["9.9.9.9"]
    assert 1.5 < time.monotonic() - started < 3.5, "the second server is asked after two seconds"
    assert lookup(lab, "ddddddddddd5", "example.org").code == 2
    assert lookup(lab, "ddddddddddd6", "example.org").code == 2


def test_internal_networks_forward_nothing(lab):
    lab.box("eeeeeeeeeee1", ("internal_a", 73, 2), servers="127.77.0.1", internal=1)
    a = lookup(lab, "eeeeeeeeeee1", "example.org")
    assert a.code == 3 and a.count == 0
    assert inside(lab.boxes["eeeeeeeeeee1"], reach, lab.gateway, 8000, 0.5) is not True


def test_nonsense_does_no_harm(lab):
    def flood():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(("127.0.0.11", 53))
        good = query("api", 1, 4096)
        for i in range(3000):
            data = bytearray(good)
            for _ in range(random.randrange(1, 6)):
                data[random.randrange(len(data))] = random.randrange(256)
            s.send(bytes(data[:random.randrange(len(data) + 1)]))
        for data in (b"\0", b"\0\1", b"\xff\xff" + b"x" * 500, struct.pack(">H", 12) + b"\0" * 12):
            t = socket.create_connection(("127.0.0.11", 53), 2)
            t.sendall(data)
            t.close()
        hanging = [socket.create_connection(("127.0.0.11", 53), 2) for _ in range(40)]
        return len(hanging)

    before = lab.children("jcr-dns")
    inside(lab.boxes["aaaaaaaaaaa1"], flood)
    assert lookup(lab, "aaaaaaaaaaa2", "db").addresses == ["10.72.0.4"]
    assert lab.children("jcr-dns") == before


def test_port_53_stays_free_in_the_container(lab):
    def bind():
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            s = socket.socket(socket.AF_INET, kind)
            s.bind(("0.0.0.0", 53))
    inside(lab.boxes["aaaaaaaaaaa1"], bind)


def test_published_tcp_port(lab):
    port = int(lab.say("port", "aaaaaaaaaaa2", "0.0.0.0", 0, "tcp", "10.71.0.3", 8000)[0])
    assert reach("127.0.0.1", port) is True
    assert reach(lab.gateway, port) is True
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, lab.gateway, port) is True, "through the host's address, from a container"
    problem = lab.fails("port", "aaaaaaaaaaa2", "0.0.0.0", port, "tcp", "10.71.0.3", 8000)
    assert f"error port-in-use listen on 0.0.0.0:{port}/tcp" in problem, problem
    connections = []
    for _ in range(400):
        connections.append(socket.create_connection(("127.0.0.1", port), 5))
    for i, c in enumerate(connections):
        c.sendall(b"%d" % i)
    for i, c in enumerate(connections):
        assert c.recv(16) == b"%d" % i
    c = connections[0]
    c.shutdown(socket.SHUT_WR)
    assert c.recv(1) == b""
    lab.say("remove", "aaaaaaaaaaa2")
    until(lambda: reach("127.0.0.1", port) == "ConnectionRefusedError", "the port is closed")
    try:
        assert connections[1].recv(1) == b""
    except ConnectionResetError:
        pass
    again = int(lab.say("port", "aaaaaaaaaaa2", "0.0.0.0", port, "tcp", "10.71.0.3", 8000)[0])
    assert again == port and reach("127.0.0.1", port) is True


def test_thousands_of_connections(lab):
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    serve(lab.boxes["aaaaaaaaaaa1"], echo_many, 8005)
    port = int(lab.say("port", "aaaaaaaaaaa1", "127.0.0.1", 0, "tcp", "10.71.0.2", 8005)[0])
    started = time.monotonic()
    connections = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(4000)]
    for c in connections:
        c.sendall(b"ping")
    for c in connections:
        assert c.recv(4) == b"ping"
    (pid,) = lab.children("jcr-port")
    status = dict(l.split(":\t", 1) for l in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in l)
    print(f"      {time.monotonic() - started:.2f} s, {status['VmRSS'].strip()}, {len(os.listdir(f'/proc/{pid}/fd'))} descriptors")
    for c in connections:
        c.close()
    until(lambda: len(os.listdir(f"/proc/{pid}/fd")) < 200, "connections end")


def test_half_close_and_throughput(lab):
    serve(lab.boxes["aaaaaaaaaaa2"], count_tcp, 8001)
    port = int(lab.say("port", "aaaaaaaaaaa2", "127.0.0.1", 0, "tcp", "10.71.0.3", 8001)[0])
    s = socket.create_connection(("127.0.0.1", port), 5)
    chunk, total, started = b"x" * (1 << 18), 0, time.monotonic()
    while total < 1 << 30:
        s.sendall(chunk)
        total += len(chunk)
    s.shutdown(socket.SHUT_WR)
    assert int(s.recv(64)) == total
    print(f"      {total / (time.monotonic() - started) * 8 / 1e9:.1f} Gbit/s")


def test_a_port_nobody_listens_on_resets(lab):
    port = int(lab.say("port", "aaaaaaaaaaa2", "127.0.0.1", 0, "tcp", "10.71.0.3", 8999)[0])
    try:
        assert socket.create_connection(("127.0.0.1", port), 5).recv(1) != b"", "an orderly end instead of a reset"
    except ConnectionResetError:
        pass


def test_published_udp_port(lab):
    serve(lab.boxes["aaaaaaaaaaa2"], echo_udp, 8002)
    port = int(lab.say("port", "aaaaaaaaaaa2", "0.0.0.0", 0, "udp", "10.71.0.3", 8002)[0])
    clients = []
    for i in range(50):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(3)
        s.connect(("127.0.0.1" if i % 2 else lab.gateway, port))  # connected: only answers from that address are taken
        clients.append(s)
    for _ in range(3):
        for i, s in enumerate(clients):
            s.send(b"%d" % i)
        for i, s in enumerate(clients):
            assert s.recv(16) == b"%d" % i
    clients[0].send(b"y" * 60000)
    assert len(clients[0].recv(65535)) == 60000
    problem = lab.fails("port", "aaaaaaaaaaa2", "0.0.0.0", port, "udp", "10.71.0.3", 8002)
    assert f"port-in-use listen on 0.0.0.0:{port}/udp" in problem, problem


def test_ipv6_on_the_host(lab):
    port = int(lab.say("port", "aaaaaaaaaaa2", "::", 0, "tcp", "10.71.0.3", 8000)[0])
    assert reach("::1", port) is True
    assert reach("127.0.0.1", port) == "ConnectionRefusedError"
    same = int(lab.say("port", "aaaaaaaaaaa2", "0.0.0.0", port, "tcp", "10.71.0.3", 8000)[0])
    assert same == port and reach("127.0.0.1", port) is True


def test_containers_reach_the_world(lab):
    """Another namespace stands for a host outside."""
    assert "0\n" != open("/proc/sys/net/ipv4/ip_forward").read()
    serve(OUTSIDE, echo_tcp, 8003)
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "198.51.100.2", 8003) is True
    assert inside(lab.boxes["eeeeeeeeeee1"], reach, "198.51.100.2", 8003, 0.5) is not True, "internal networks do not"
    serve("/proc/self/ns/net", echo_tcp, 8004)
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, lab.gateway, 8004) is True


def test_containers_may_go_in_the_middle_of_things(lab):
    def leave_queries_open():
        for i in range(50):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.connect(("127.0.0.11", 53))
            s.send(query(f"q{i}.org"))
            kept.append(s)
        for i in range(10):
            s = socket.create_connection(("127.0.0.11", 53), 2)
            message = query(f"t{i}.org")
            s.sendall(struct.pack(">H", len(message)) + message)
            kept.append(s)

    def stream(port):
        s = socket.create_connection(("127.0.0.1", port), 5)
        try:
            while True:
                s.sendall(b"x" * 65536)
        except OSError:
            pass

    kept = []
    before = lab.children("jcr-dns") + lab.children("jcr-port")
    for i in range(5):
        id = f"11111111111{i}"
        lab.box(id, ("p_front", 71, 90 + i), servers="127.77.0.2,127.77.0.9")
        serve(lab.boxes[id], count_tcp, 8006)
        port = int(lab.say("port", id, "127.0.0.1", 0, "tcp", f"10.71.0.{90 + i}", 8006)[0])
        threads = [threading.Thread(target=stream, args=(port,)) for _ in range(8)]
        for t in threads:
            t.start()
        inside(lab.boxes[id], leave_queries_open)
        lab.say("remove", id)
        lab.say("end", id)
        for t in threads:
            t.join(5)
            assert not t.is_alive(), "the stream was cut"
    assert lookup(lab, "aaaaaaaaaaa1", "web").addresses == ["10.71.0.2"]
    assert lab.children("jcr-dns") + lab.children("jcr-port") == before


def test_killed_dns_and_port_processes_come_back(lab):
    port = int(lab.say("port", "aaaaaaaaaaa3", "127.0.0.1", 0, "tcp", "10.72.0.4", 8000)[0])
    for name in ("jcr-dns", "jcr-port"):
        for _ in range(3):
            (pid,) = lab.children(name)
            os.kill(pid, 9)
            until(lambda: open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] == "Z", "it ends")
            lab.say("nothing")
            until(lambda: len(lab.children(name)) == 1, "its successor runs")
    assert lookup(lab, "aaaaaaaaaaa3", "db").addresses == ["10.72.0.4"]
    assert reach("127.0.0.1", port) is True


def test_the_processes_are_confined(lab):
    for name in ("jcr-dns", "jcr-port"):
        (pid,) = lab.children(name)
        status = dict(l.split(":\t", 1) for l in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in l)
        assert status["Uid"].split() == ["65534"] * 4 and status["Gid"].split() == ["65534"] * 4
        assert status["CapEff"] == status["CapPrm"] == status["CapBnd"] == status["CapAmb"] == "0" * 16
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2" and status["Groups"].strip() == ""
        assert os.readlink(f"/proc/{pid}/root") == os.path.join(lab.run, "net")
        print(f"      {name}: {status['VmRSS'].strip()}, {len(os.listdir(f'/proc/{pid}/fd'))} descriptors")


def test_changes_of_the_hosts_resolvers_arrive(lab):
    lab.box("666666666661", ("p_front", 71, 51))
    for text, code, addresses in (("127.77.0.1", 0, ["9.9.9.9"]), ("127.77.0.3", 2, []), ("127.77.0.3\nnameserver 127.77.0.1", 0, ["9.9.9.9"])):
        with open(RESOLVERS, "w") as file:
            file.write(f"# comment\nsearch x\nnameserver {text}\n")
        lab.say("refresh")
        a = lookup(lab, "666666666661", "example.org")
        assert (a.code, a.addresses) == (code, addresses), text
    with open(RESOLVERS, "w"):
        pass
    lab.say("refresh")
    assert lookup(lab, "666666666661", "example.org").code == 2
    assert lookup(lab, "666666666661", "web").addresses == ["10.71.0.2"]


def test_a_firewall_that_drops_by_default_is_passed(lab):
    rules = sh("iptables -S FORWARD")
    sh("iptables -P FORWARD DROP")
    if "-P FORWARD DROP" not in sh("nft list ruleset | grep -q 'policy drop' && iptables -S FORWARD"):
        print("      skipped: iptables is not the one that speaks nf_tables")
        return
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "198.51.100.2", 8003, 0.5) is not True
    for _ in range(2):
        other = Lab(lab.binary, lab.run)
        other.close()
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "198.51.100.2", 8003) is True
    assert sh("iptables -S FORWARD").count("jc") >= 2
    assert sh("nft list chain ip filter FORWARD").count('comment "jc') == 2
    with tempfile.TemporaryDirectory() as directory:
        other = Lab(lab.binary, directory)
        other.box("555555555551", ("p_front", 71, 2))
        assert inside(other.boxes["555555555551"], reach, "198.51.100.2", 8003) is True
        assert sh("nft list chain ip filter FORWARD").count('comment "jc') == 4
        other.close()
    until(lambda: sh("nft list chain ip filter FORWARD").count('comment "jc') == 2, "the other's rules are gone")
    sh("iptables -P FORWARD ACCEPT")
    global FIREWALL
    FIREWALL = rules


def test_a_killed_holder_is_replaced_and_the_namespace_kept(lab):
    (pid,) = lab.children("jcr-holder")
    os.kill(pid, 9)
    until(lambda: open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] == "Z", "it ends")
    lab.say("nothing")
    assert len(lab.children("jcr-holder")) == 1
    lab.box("fffffffffff1", ("p_front", 71, 61))
    assert inside(lab.boxes["fffffffffff1"], reach, "10.71.0.3", 8000) is True
    assert inside(lab.boxes["fffffffffff1"], reach, "198.51.100.2", 8003) is True


def test_a_second_supervisor_shares_the_holder(lab):
    other = Lab(lab.binary, lab.run)
    assert os.stat(other.holder).st_ino == os.stat(lab.holder).st_ino
    assert other.gateway == lab.gateway
    other.box("99999999999a", ("p_front", 71, 71))
    assert inside(other.boxes["99999999999a"], reach, "10.71.0.3", 8000) is True
    other.close()
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "10.71.0.3", 8000) is True


def test_two_run_directories_live_side_by_side(lab):
    with tempfile.TemporaryDirectory() as directory:
        deep = os.path.join(directory, "a" * 100, "b" * 100)  # longer than a socket's address
        os.makedirs(deep)
        other = Lab(lab.binary, deep)
        assert other.gateway != lab.gateway
        other.box("888888888881", ("p_front", 71, 2))
        assert inside(other.boxes["888888888881"], reach, "198.51.100.2", 8003) is True
        other.close()
        until(lambda: sh("ip -br link").count("jc") == 1, "the other uplink is gone")
    assert inside(lab.boxes["aaaaaaaaaaa1"], reach, "198.51.100.2", 8003) is True
    assert open("/proc/sys/net/ipv4/ip_forward").read() == "1\n"


def test_bridges_can_be_dropped(lab):
    lab.say("drop", "br73")
    lab.say("drop", "br73")
    assert "br73" not in sh(f"nsenter --net={lab.holder} ip -br link")


def test_without_nf_tables_all_but_the_world_works(lab):
    if os.uname().machine != "x86_64":
        return
    with tempfile.TemporaryDirectory() as run:
        bare = Lab(lab.binary, run, without_nf_tables)
        bare.box("444444444441", ("p_front", 71, 2), names=["one"])
        bare.box("444444444442", ("p_front", 71, 3), ("p_back", 72, 3), names=["two"])
        bare.box("444444444443", ("p_back", 72, 4), names=["three"])
        for box in ("444444444442", "444444444443"):
            serve(bare.boxes[box], echo_tcp, 8000)
        assert lookup(bare, "444444444441", "two").addresses == ["10.71.0.3"]
        assert lookup(bare, "444444444441", "two", tcp=True).addresses == ["10.71.0.3"]
        assert inside(bare.boxes["444444444441"], reach, "10.71.0.3", 8000) is True
        assert inside(bare.boxes["444444444441"], reach, "10.72.0.4", 8000, 0.5) is not True, "networks stay apart"
        assert inside(bare.boxes["444444444441"], reach, "198.51.100.2", 8003, 0.5) is not True
        port = int(bare.say("port", "444444444443", "127.0.0.1", 0, "tcp", "10.72.0.4", 8000)[0])
        assert reach("127.0.0.1", port) is True
        print("      " + open(os.path.join(run, "holder.note")).read().strip())
        bare.close()


def test_nothing_stays_behind(lab):
    lab.close()
    until(lambda: not os.path.exists(os.path.join(lab.run, "holder.sock")), "the holder ends")
    until(lambda: "jc" not in sh("ip -br link"), "the uplink is gone")
    until(lambda: open("/proc/sys/net/ipv4/ip_forward").read() == "0\n", "forwarding is as it was")
    assert "jcompose" not in sh("nft list tables")
    assert FIREWALL is None or sh("iptables -S FORWARD") == FIREWALL


def test_even_without_its_directory_the_holder_cleans_up(lab):
    with tempfile.TemporaryDirectory() as run:
        other = Lab(lab.binary, run)
    assert open("/proc/sys/net/ipv4/ip_forward").read() == "1\n"
    other.close()
    until(lambda: "jc" not in sh("ip -br link"), "the uplink is gone")
    until(lambda: open("/proc/sys/net/ipv4/ip_forward").read() == "0\n", "forwarding is as it was")
    assert "jcompose" not in sh("nft list tables")


def test_a_directory_made_again_gets_a_network_that_stays(lab):
    with tempfile.TemporaryDirectory() as top:
        run = os.path.join(top, "run")
        os.mkdir(run)
        old = Lab(lab.binary, run)
        shutil.rmtree(run)
        os.mkdir(run)
        new = Lab(lab.binary, run)
        (holder,) = old.children("jcr-holder")
        old.close()
        until(lambda: not os.path.exists(f"/proc/{holder}"), "the old holder ends")
        new.box("333333333331", ("p_front", 71, 2))
        assert inside(new.boxes["333333333331"], reach, "198.51.100.2", 8003) is True
        new.close()
        until(lambda: "jc" not in sh("ip -br link"), "the uplink is gone")


def test_a_sweep_removes_what_killed_processes_leave(lab):
    lab = Lab(lab.binary, lab.run)
    lab.box("777777777771", ("p_front", 71, 2))
    (holder,) = lab.children("jcr-holder")
    os.kill(holder, 9)
    os.kill(lab.process.pid, 9)
    lab.process.wait()
    until(lambda: "jc" not in sh("ip -br link"), "the namespace dies with its last user")
    assert "jcompose_" in sh("nft list tables")
    assert subprocess.run([lab.binary, lab.run, "sweep"]).returncode == 0
    assert "jcompose_" not in sh("nft list tables")
    assert open("/proc/sys/net/ipv4/ip_forward").read() == "0\n"
    assert sorted(os.listdir(lab.run)) == ["holder.lock", "net"]
    assert os.listdir(os.path.join(lab.run, "net", "p_front")) == []


OUTSIDE = FIREWALL = RESOLVERS = None


def make_world():
    """The host: loopback, and a link to a namespace that stands for another host."""
    global OUTSIDE, RESOLVERS
    unshare_net()
    RESOLVERS = tempfile.mkstemp()[1]
    assert libc.unshare(0x20000) == 0  # mounts of our own, for resolvers of our own
    sh(f"mount --make-rprivate / && mount --bind {RESOLVERS} /etc/resolv.conf")
    sh("ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_forward")
    keeper = serve("/proc/self/ns/net", lambda ready: (unshare_net(), ready(), time.sleep(3600)))
    OUTSIDE = f"/proc/{keeper}/ns/net"
    sh(f"ip link add wan type veth peer name eth0 netns {keeper}; ip addr add 198.51.100.1/24 dev wan; ip link set wan up")
    sh(f"nsenter --net={OUTSIDE} sh -c 'ip link set lo up; ip addr add 198.51.100.2/24 dev eth0; ip link set eth0 up'")
    until(lambda: "UP" in sh("ip -br link show wan"), "the link to the world is up")


def main():
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 1 if os.environ.get("CI") == "true" else 0
    only = sys.argv[2:]
    make_world()
    failed = 0
    with tempfile.TemporaryDirectory() as run:
        os.chmod(run, 0o700)
        lab = Lab(sys.argv[1], run)
        for name, test in list(globals().items()):
            if not name.startswith("test_") or (only and not any(o in name for o in only)):
                continue
            started = time.monotonic()
            try:
                test(lab)
                print(f"ok    {name[5:].replace('_', ' ')} ({time.monotonic() - started:.2f} s)")
            except Exception:  # noqa: one failed test does not keep the others from running
                failed += 1
                print(f"FAIL  {name[5:].replace('_', ' ')}")
                traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
        if lab.process.poll() is None:
            lab.close()
    os.unlink(RESOLVERS)
    for pid in servers:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
