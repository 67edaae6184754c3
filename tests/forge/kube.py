"""Kubernetes' objects as an apiserver stores them, and the encryption at rest around them, written by hand.

Sources: apimachinery pkg/runtime/serializer/protobuf/protobuf.go, pkg/apis/meta/v1/generated.proto, api
core/v1/generated.proto, apiserver pkg/storage/value/encrypt.
"""

import dataclasses
import hashlib
import json
import re

from forge.proto import field, message, message2

MAGIC = b"k8s\0"
CREATED = 1_767_225_600  # 2026-01-01T00:00:00Z
PREFIX = "/registry"

# Where objects of a kind stand, and their apiVersion; the group of a custom resource is in its place.
PLACES = {
    "Namespace": ("namespaces", "v1"),
    "ConfigMap": ("configmaps", "v1"),
    "Secret": ("secrets", "v1"),
    "Pod": ("pods", "v1"),
    "Service": ("services/specs", "v1"),
    "Deployment": ("deployments", "apps/v1"),
    "Node": ("minions", "v1"),
    "Role": ("roles", "rbac.authorization.k8s.io/v1"),
}
WIDGETS = ("widgets", "example.com/v1", "Widget")


def uid_of(words):
    """A random-looking UUID of its own for each object."""
    digits = hashlib.sha256(words.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:32]))


@dataclasses.dataclass
class Object:
    kind: str
    api_version: str
    namespace: str
    name: str
    uid: str
    body: bytes = b""  # the fields behind metadata

    def metadata(self):
        return message2((1, self.name), (2, ""), (3, self.namespace), (4, ""), (5, self.uid), (6, ""), (7, 0),
                        (8, message2((1, CREATED), (2, 0))))

    def stored(self):
        raw = field(1, self.metadata()) + self.body
        return MAGIC + message2((1, message2((1, self.api_version), (2, self.kind))), (2, raw), (3, ""), (4, ""))

    def stored_json(self, spec):
        meta = {"name": self.name, "namespace": self.namespace, "uid": self.uid, "creationTimestamp": "2026-01-01T00:00:00Z"}
        whole = {"apiVersion": self.api_version, "kind": self.kind, "metadata": {k: v for k, v in meta.items() if v}}
        return json.dumps(whole | spec, separators=(",", ":")).encode() + b"\n"


def new(kind, namespace, name, body=b""):
    return Object(kind, PLACES[kind][1], namespace, name, uid_of(f"{kind} {namespace} {name}"), body)


def key(place, namespace, name):
    return "/".join(part for part in (PREFIX, place, namespace, name) if part).encode()


def key_of(found):
    return key(PLACES[found.kind][0], found.namespace, found.name)


def entries(number, pairs):
    """A map<string, string or bytes>, sorted by key."""
    return b"".join(field(number, message2((1, name), (2, value))) for name, value in sorted(pairs.items()))


def fields_of(numbered):
    """A message told by field numbers: a dict is a message, a list a field several times, "uid of KIND NAMESPACE NAME" the
    uid of an object that is there, "9 bytes of x" nine."""
    out = b""
    for number, values in numbered.items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict):
                value = fields_of(value)
            elif isinstance(value, str) and value.startswith("uid of "):
                value = uid_of(value.removeprefix("uid of "))
            elif isinstance(value, str) and (long := re.fullmatch(r"(\d+) bytes of (.)", value)):
                value = long[2] * int(long[1])
            out += field(number, value)
    return out


def pod_body():
    container = message2((1, "app"), (2, "registry.example.com/app:1.0"), (6, message2((1, "http"), (2, 0), (3, 8080), (4, "TCP"))))
    return field(2, message2((2, container), (3, "Always"), (10, "node-1"))) + field(3, message2((1, "Running")))


def objects():
    """(key, value) of a small cluster."""
    for name in ("default", "kube-node-lease", "kube-system", "shop"):
        yield from stored(new("Namespace", "", name, field(2, message2((1, "kubernetes"))) + field(3, message2((1, "Active")))))
    yield from stored(new("ConfigMap", "shop", "settings", entries(2, {"color": "green", "size": "7"})))
    yield from stored(new("Secret", "shop", "login", entries(2, {"password": b"correct horse"}) + field(3, "Opaque")))
    for number in range(3):
        yield from stored(new("Pod", "shop", f"app-{number}", pod_body()))
    yield from stored(new("Node", "", "node-1"))
    yield from stored(new("Role", "shop", "reader"))
    yield from stored(new("Service", "default", "kubernetes", field(2, message2((3, "10.96.0.1"), (4, "ClusterIP")))))
    yield from stored(new("Service", "shop", "front", fields_of({2: {1: {3: 80, 5: 30080}, 3: "10.96.0.2", 4: "NodePort"}})))
    definition = Object("CustomResourceDefinition", "apiextensions.k8s.io/v1beta1", "", "widgets.example.com", uid_of("crd"))
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "version": "v1",
            "versions": [{"name": "v1", "served": True, "storage": True}]}
    whole = {"spec": spec, "status": {"storedVersions": ["v1"]}}
    yield key("apiextensions.k8s.io/customresourcedefinitions", "", definition.name), definition.stored_json(whole)
    yield widget("shop", "first")
    yield key("masterleases", "", "10.0.0.1"), Object("Endpoints", "v1", "", "", "").stored()
    yield key("ranges/serviceips", "", ""), range_allocation("10.96.0.0/12", b"\x03")
    yield key("ranges/servicenodeports", "", ""), range_allocation("30000-32767", b"\x01" + bytes(10))


def stored(found):
    yield key_of(found), found.stored()


def widget(namespace, name):
    plural, api_version, kind = WIDGETS
    found = Object(kind, api_version, namespace, name, uid_of(f"widget {name}"))
    return key(f"example.com/{plural}", namespace, name), found.stored_json({"spec": {"weight": 1.5, "note": "a\"b\\c"}})


def range_allocation(of, bits):
    """The bits are one big-endian number: bit n stands for the n-th address or port."""
    raw = field(1, message2((1, ""))) + field(2, of) + field(3, bits)
    return MAGIC + message2((1, message2((1, "v1"), (2, "RangeAllocation"))), (2, raw), (3, ""), (4, ""))


def sealed(provider, name, body):
    """The mark of a value encrypted at rest; what stands behind it opens with no key."""
    return f"k8s:enc:{provider}:v1:{name}:".encode() + body

