"""A real kube-apiserver for tests, on a real etcd on a data directory: started on free ports, asked over HTTPS, always ended.

    with KubeServer(data_dir) as kube:                       # what `salvor restore --name m1 ...` made, or an empty place
        kube.get("/api/v1/namespaces"), kube.post("/apis/...", {...}), kube.kubectl("get", "pods", "-A")

No controller, no scheduler and no kubelet runs beside it: what they would do is not done.
"""
import contextlib, http.client, json, pathlib, shutil, ssl, subprocess, tempfile, time
import etcd_server
from etcd_server import Peers, Server, free_port, plain_environment

READY_WITHIN = 90  # seconds; on two busy cores
NAME = "m1"
PEERS = Peers()
ADMIN = "salvor-admin-token"  # of a user in system:masters, who may everything in RBAC as well


def program(name):
    """kube-apiserver's or kubectl's path, of the newest release that tests/peers/build made; None: not here."""
    built = sorted(PEERS.folder.glob(f"kubernetes-v1.*/{name}"))
    return str(built[-1]) if built else None


def missing():
    """What of the programs is not here: a sentence, or None."""
    if not program("kube-apiserver") or not program("kubectl"):
        return "no kube-apiserver (tests/peers/build kubernetes)"
    return None if PEERS.find("3.7", "etcd") else "no etcd of 3.7 (tests/peers/build 3.7)"


def restore_flags(peer_url):
    """Of `salvor restore`, so that KubeServer(..., peer_url=peer_url) starts on it."""
    return ["--name", NAME, "--initial-cluster", f"{NAME}={peer_url}", "--initial-advertise-peer-urls", peer_url,
            "--initial-cluster-token", "etcd-cluster"]


class KubeServer:
    """`more`: further flags of kube-apiserver. What both servers say goes with the temporary folder that they have."""
    def __init__(self, data_dir, peer_url=None, authorization="RBAC", service_cidr="10.96.0.0/16", more=()):
        self.data_dir = pathlib.Path(data_dir)
        self.peer_url = peer_url or f"http://127.0.0.1:{free_port()}"
        self.authorization, self.service_cidr, self.more = authorization, service_cidr, list(more)
        self.connection = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.work = pathlib.Path(tempfile.mkdtemp(prefix="salvor-kube-"))
            stack.callback(shutil.rmtree, self.work, ignore_errors=True)
            self.etcd = stack.enter_context(Server(PEERS.find("3.7", "etcd"), self.data_dir, NAME, self.peer_url,
                                                   f"{NAME}={self.peer_url}", "etcd-cluster", log=self.work / "etcd.log"))
            self.start()
            stack.callback(self.stop)
            self.wait_ready()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start(self):
        key = self.work / "service-account.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        (self.work / "tokens.csv").write_text(f'{ADMIN},admin,admin,"system:masters"\n')
        self.port = free_port()
        self.write_kubeconfig()
        flags = {"etcd-servers": self.etcd.client, "bind-address": "127.0.0.1", "advertise-address": "198.51.100.10",
                 "secure-port": self.port, "cert-dir": self.work / "certs", "token-auth-file": self.work / "tokens.csv",
                 "service-account-key-file": key, "service-account-signing-key-file": key,
                 "service-account-issuer": "https://kubernetes.default.svc", "service-cluster-ip-range": self.service_cidr,
                 "authorization-mode": self.authorization, "runtime-config": "api/all=true",
                 # Those under which ../shared/data was made: other gates hide kinds and fields.
                 "feature-gates": "AllAlpha=true,AllBeta=true,CBORServingAndStorage=false",
                 "etcd-compaction-interval": "0", "event-ttl": "24h"}
        command = [program("kube-apiserver"), *(f"--{name}={value}" for name, value in flags.items()), *self.more]
        self.log = self.work / "kube-apiserver.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.work,
                                            env=plain_environment())
        etcd_server._running.add(self.process)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        etcd_server._running.discard(self.process)

    def wait_ready(self):
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"kube-apiserver ended with {self.process.returncode}: {self.last_words()}")
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.3)
        raise RuntimeError(f"kube-apiserver is not ready after {READY_WITHIN} s: {self.last_words()}")

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines()
        worst = [line for line in lines if line.startswith(("F", "panic", "Error", "E"))]
        return " | ".join((worst or lines)[-5:])[:1500]

    def write_kubeconfig(self):
        self.kubeconfig = self.work / "kubeconfig"
        self.kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}}],
            "users": [{"name": "it", "user": {"token": ADMIN}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}))

    def request(self, method, path, body=None, token=ADMIN, kind="application/json"):
        """(status, body); one connection for all of them."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Content-Type": kind}
        for attempt in (0, 1):
            if self.connection is None:
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it signs its own
                self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
            try:
                self.connection.request(method, path, None if body is None else json.dumps(body), headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if attempt:
                    raise

    def ask(self, method, path, body=None):
        status, text = self.request(method, path, body)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status}: {text.decode(errors='replace')[:500]}")
        return json.loads(text)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, body)

    def put(self, path, body):
        return self.ask("PUT", path, body)

    def may(self, user, groups, verb, group, resource, namespace="", name="", subresource=""):
        """What `kubectl auth can-i --as USER --as-group GROUP...` asks: whether the server allows it."""
        attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace, "name": name, "subresource": subresource}
        review = self.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": {"user": user, "groups": list(groups), "resourceAttributes": {k: v for k, v in attributes.items() if v}}})
        return review["status"]["allowed"]

    def kubectl(self, *words, stdin=None):
        """Its CompletedProcess, in text."""
        return subprocess.run([program("kubectl"), "--kubeconfig", self.kubeconfig, "--cache-dir", self.work / "cache", *map(str, words)],
                              input=stdin, capture_output=True, text=True, timeout=300, env=plain_environment(), errors="backslashreplace")
