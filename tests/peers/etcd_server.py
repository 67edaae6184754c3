"""Real etcd servers for tests: started on free ports, asked over their JSON gateway, always ended."""
import atexit, base64, json, os, pathlib, re, shutil, signal, socket, subprocess, threading, time, urllib.error, urllib.request

LINES = ("3.4", "3.5", "3.6", "3.7")
READY_WITHIN = 25  # seconds
_running = set()
_ports = threading.Lock()
_next_port = int(os.environ.get("SALVOR_TEST_PORT", "0")) or 26000 + os.getpid() * 7 % 3000


def free_port():
    """Not taken twice by this process, nor by a sibling that starts elsewhere in the range."""
    global _next_port
    with _ports:
        while True:
            _next_port = _next_port + 1 if _next_port < 29900 else 26000
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", _next_port))
                    return _next_port
                except OSError:
                    continue


class Peers:
    """Where each line's programs are. 3.4 is Debian's, or a build of that line in the same folder."""
    def __init__(self):
        self.folder = pathlib.Path(os.environ.get("SALVOR_PEERS") or pathlib.Path.home() / ".cache/salvor/peers")

    def find(self, line, name):
        built = sorted(self.folder.glob(f"etcd-v{line}.*/{name}"))
        if built:
            return str(built[-1])
        found = shutil.which(name) if line == "3.4" else None
        if found and f" {line}." in subprocess.run([found, "--version"], capture_output=True, text=True).stdout:
            return found
        return None

    def bbolt(self):
        built = sorted(self.folder.glob("bbolt-v*/bbolt"))
        return str(built[-1]) if built else None


def plain_environment(**more):
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "ETCDCTL_API": "3", **more}


class Server:
    """One etcd on a data directory. `with Server(...) as server` waits until it serves."""
    def __init__(self, program, data_dir, name, peer_url, cluster, token="etcd-cluster", wal_dir=None, user=None,
                 log=None, wait=True, more=()):
        self.client = f"http://127.0.0.1:{free_port()}"
        self.log = log or f"{data_dir}.log"
        self.user, self.token, self.wait = user, None, wait
        self.data_dir = pathlib.Path(data_dir)
        self.command = [program, "--name", name, "--data-dir", str(data_dir), "--listen-client-urls", self.client,
                        "--advertise-client-urls", self.client, "--listen-peer-urls", peer_url,
                        "--initial-advertise-peer-urls", peer_url, "--initial-cluster", cluster,
                        "--initial-cluster-token", token, "--heartbeat-interval", "20", "--election-timeout", "200",
                        *(["--wal-dir", str(wal_dir)] if wal_dir else []), *more]

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env=plain_environment(ETCD_VERIFY="all"))
        _running.add(self.process)
        try:
            if self.wait:
                self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        _running.discard(self.process)

    def wait_ready(self):
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"etcd ended with {self.process.returncode}: {self.last_words()}")
            try:
                # A linearized read of nothing: answered only with a leader, also where an alarm is raised.
                if self.user and not self.token:
                    self.token = self.call("auth/authenticate", name=self.user[0], password=self.user[1])["token"]
                self.call("kv/range", key=b64(b"\x01"))
                return
            except (urllib.error.URLError, OSError, KeyError):
                time.sleep(0.05)
        raise RuntimeError(f"etcd does not serve after {READY_WITHIN} s: {self.last_words()}")

    def last_words(self):
        lines = pathlib.Path(self.log).read_text(errors="replace").splitlines()
        worst = [line for line in lines if re.search(r'panic|fatal|"level":"(error|panic|fatal)"', line)]
        return " | ".join((worst or lines)[-3:])[:900]

    def call(self, method, timeout=5, **body):
        request = urllib.request.Request(f"{self.client}/v3/{method}", json.dumps(body).encode())
        if self.token:
            request.add_header("Authorization", self.token)
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)

    def put(self, key, value, **more):
        return self.call("kv/put", key=b64(key), value=b64(value), **more)

    def state(self):
        """All that a client can ask for and that a restore must keep."""
        everything = self.call("kv/range", timeout=20, key=b64(b"\0"), range_end=b64(b"\0"))
        state = {"revision": everything["header"]["revision"], "keys": everything.get("kvs", [])}
        leases = sorted(lease["ID"] for lease in self.call("lease/leases").get("leases", []))
        state["leases"] = {}
        for lease in leases:
            told = self.call("lease/timetolive", ID=lease, keys=True)
            state["leases"][lease] = (told.get("grantedTTL"), sorted(told.get("keys", [])))
        for kind in ("user", "role"):
            names = self.call(f"auth/{kind}/list").get(f"{kind}s", [])
            get = {"user": "name", "role": "role"}[kind]
            state[f"{kind}s"] = {name: {k: v for k, v in self.call(f"auth/{kind}/get", **{get: name}).items() if k != "header"}
                                 for name in names}
        # Since 3.6 a server shows root's role with the rights that root has anyway.
        state["roles"].get("root", {}).pop("perm", None)
        state["members"] = sorted((m["ID"], m.get("name"), tuple(m["peerURLs"]), m.get("isLearner", False))
                                  for m in self.call("cluster/member/list")["members"])
        state["alarms"] = sorted(a.get("alarm") for a in self.call("maintenance/alarm").get("alarms", []))
        state["hashkv"] = self.hash_kv()
        return state

    def hash_kv(self):
        try:
            hashed = self.call("maintenance/hashkv", timeout=20)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            # 3.4's gateway has no path to it.
            tool = pathlib.Path(self.command[0]).with_name("etcdctl")
            user = ["--user", ":".join(self.user)] if self.user else []
            told = subprocess.run([tool, "--endpoints", self.client, *user, "--command-timeout", "60s", "endpoint", "hashkv", "-w", "json"],
                                  capture_output=True, check=True, timeout=90, env=plain_environment())
            hashed = json.loads(told.stdout)[0]["HashKV"]
        return int(hashed["hash"]), int(hashed.get("compact_revision", 0))


def b64(data):
    return base64.b64encode(data).decode()


@atexit.register
def _end_all():
    for process in list(_running):
        process.kill()
        process.wait()
