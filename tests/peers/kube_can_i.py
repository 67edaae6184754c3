#!/usr/bin/env python3
"""Compares `salvor audit FILE can-i` and `who-can` with kube-apiserver's own RBAC authorizer (the Go program kube_can_i/,
built with the release's k8s.io/kubernetes, over the values that etcdctl dumped): for sampled subjects, verbs, resources,
subresources, names, namespaces and URLs of the folder kube-1.36-etcd-3.7 in ../shared/data beside the checkout (or where
SALVOR_DATA names one), before and after. Half of the questions are made of a rule that somebody has, with parts of it
changed; half are guesses. who-can must name exactly the subjects of bindings to whom the authorizer says yes. Without the
folder, Go or its modules all is skipped. Ends with `N passed, N failed`.

usage: kube_can_i.py --salvor PATH [--count N] [--seed N]     N questions of each snapshot
"""
import argparse, concurrent.futures, json, os, pathlib, random, subprocess, sys, tempfile

import kube_convert

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or ROOT.parent / "shared" / "data") / "kube-1.36-etcd-3.7"
RELEASE = "1.36.3"
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate", "impersonate", "use", "approve", "*"]
URLS = ["/healthz", "/livez", "/version", "/version/", "/api", "/apis/apps", "/metrics", "/logs/a", "/openid/v1/jwks", "/x"]
USERS = [("jane", []), ("system:anonymous", []), ("system:node:n1", ["system:nodes"]), ("root", ["system:masters"]), ("bob", ["oidc:mercury"]),
         ("eve", ["system:unauthenticated"]), ("system:serviceaccount:a:b:c", [])]


def objects(salvor, snapshot, kinds):
    done = subprocess.run([salvor, "get", snapshot, kinds, "-A", "-o", "jsonl"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Cluster:
    """What questions are made of."""
    def __init__(self, salvor, snapshot):
        group = ".rbac.authorization.k8s.io"
        found = objects(salvor, snapshot, ",".join(kind + group for kind in ["roles", "clusterroles", "rolebindings", "clusterrolebindings"]))
        roles = {(o["kind"], o["metadata"].get("namespace"), o["metadata"]["name"]): o.get("rules") or [] for o in found if o["kind"].endswith("Role")}
        self.grants, self.subjects = [], set()
        for binding in found:
            home, ref = binding["metadata"].get("namespace"), binding.get("roleRef")
            for subject in binding.get("subjects") or [] if ref else []:
                self.subjects.add((subject["kind"], subject.get("namespace"), subject["name"]))
                for rule in roles.get((ref["kind"], home if ref["kind"] == "Role" else None, ref["name"]), []):
                    self.grants.append((subject, home, rule))
        self.rules = [rule for rules in roles.values() for rule in rules]
        self.namespaces = [o["metadata"]["name"] for o in objects(salvor, snapshot, "namespaces")]
        accounts = [(o["metadata"]["namespace"], o["metadata"]["name"]) for o in objects(salvor, snapshot, "serviceaccounts")]
        self.users = USERS + [(f"system:serviceaccount:{space}:{name}", []) for space, name in accounts]


def who(subject):
    kind, space, name = subject["kind"], subject.get("namespace"), subject["name"]
    if kind == "Group":
        return "somebody", [name]
    return (f"system:serviceaccount:{space}:{name}", []) if kind == "ServiceAccount" else (name, [])


def question(cluster, dice):
    subject, home, rule = dice.choice(cluster.grants)
    user, groups = who(subject) if dice.random() < 0.6 else dice.choice(cluster.users)
    if dice.random() < 0.2:
        rule = dice.choice(cluster.rules)
    asked = {"user": user, "groups": groups, "verb": dice.choice(rule["verbs"] if dice.random() < 0.7 else VERBS)}
    if "nonResourceURLs" in rule or dice.random() < 0.05:
        return asked | {"url": dice.choice(rule.get("nonResourceURLs", URLS) if dice.random() < 0.6 else URLS)}
    resource, _, subresource = dice.choice(rule["resources"]).partition("/")
    if dice.random() < 0.15:
        subresource = dice.choice(["", "status", "scale", "log", "exec"])
    asked |= {"group": dice.choice(rule["apiGroups"]), "resource": resource, "subresource": subresource}
    if asked["resource"] == "*" and dice.random() < 0.7:
        asked |= dice.choice([{"group": "", "resource": "secrets"}, {"group": "apps", "resource": "deployments"}, {"group": "shop.example.net", "resource": "x"}])
    asked["name"] = dice.choice(rule.get("resourceNames", [""])) if dice.random() < 0.7 else dice.choice(["", "storefront", "other"])
    asked["namespace"] = (home or "") if dice.random() < 0.6 else dice.choice([""] + cluster.namespaces)
    return asked


def on_what(asked):
    """The words behind the verb, and options."""
    if asked.get("url"):
        return [asked["url"]]
    words = [asked["resource"] + ("." + asked["group"] if asked["group"] else "")]
    words += [asked["name"]] if asked["name"] else []
    words += ["--subresource", asked["subresource"]] if asked["subresource"] else []
    return words + (["-n", asked["namespace"]] if asked["namespace"] else [])


def ours(salvor, snapshot, asked):
    command = [salvor, "audit", snapshot, "can-i", asked["verb"], *on_what(asked), "--as", "user:" + asked["user"]]
    for group in asked["groups"]:
        command += ["--as-group", group]
    done = subprocess.run(command + ["-o", "json"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return done.stderr
    answer = json.loads(done.stdout)["allowed"]
    return answer if answer == (done.returncode == 0) else f"says {answer}, exits with {done.returncode}"


def our_subjects(salvor, snapshot, asked):
    done = subprocess.run([salvor, "audit", snapshot, "who-can", asked["verb"], *on_what(asked), "-o", "json"], capture_output=True, text=True)
    rows = json.loads(done.stdout)["subjects"]
    # Grants for single objects are told as well where the question names none, and those of namespaces; the authorizer
    # says no to them.
    return {row["subject"] for row in rows if not row["pending"] and (asked.get("name") or not row["resourceNames"])
            and (asked.get("namespace") or not row["namespace"])}


def theirs(program, dump, questions):
    lines = "".join(json.dumps(asked) + "\n" for asked in questions)
    answers = subprocess.run([program, dump], input=lines, check=True, capture_output=True, text=True).stdout.split()
    assert len(answers) == len(questions)
    return [answer == "true" for answer in answers]


def one_by_one(cluster, asked):
    """(names, questions): the question of each subject of a binding by itself."""
    names, questions = [], []
    for kind, space, name in sorted(cluster.subjects | {("Group", None, "system:masters")}, key=str):
        user, group = {"Group": ("", [name]), "ServiceAccount": (f"system:serviceaccount:{space}:{name}", [])}.get(kind, (name, []))
        names.append({"Group": "group:", "User": "user:", "ServiceAccount": ""}[kind] + (user or name))
        # In this group a server adds none.
        questions.append(asked | {"user": user, "groups": group + ["system:unauthenticated"]})
    return names, questions


def compare(salvor, program, state, count, seed):
    """(passed, failed)"""
    folder, dice = SHARED / state, random.Random(seed)
    snapshot = folder / "snapshot.db"
    cluster = Cluster(salvor, snapshot)
    questions = [question(cluster, dice) for _ in range(count)]
    with tempfile.NamedTemporaryFile(suffix=".json") as dump, concurrent.futures.ThreadPoolExecutor(2) as pool:
        dump.write(subprocess.run(["zstd", "-dc", "--long=27", folder / "answers" / "raw.json.zst"], check=True, capture_output=True).stdout)
        dump.flush()
        right = theirs(program, dump.name, questions)
        answers = list(pool.map(lambda asked: ours(salvor, snapshot, asked), questions))
        wrong = [(asked, mine, his) for asked, mine, his in zip(questions, answers, right) if mine is not his]
        for asked, mine, his in wrong[:10]:
            print(f"{state}: {json.dumps(asked)}\n    salvor: {mine}, kube-apiserver: {his}")
        some = questions[:count // 20]
        everybody = [one_by_one(cluster, asked) for asked in some]
        flat = iter(theirs(program, dump.name, [asked for _, all in everybody for asked in all]))
        for asked, (names, _) in zip(some, everybody):
            his = {name for name in names if next(flat)}
            mine = our_subjects(salvor, snapshot, asked)
            # What a service account has only by a group that it is always in, who-can tells of the group.
            by_group = {name for name in his - mine if name.startswith("system:serviceaccount:") and any(
                group in mine for group in ("group:system:serviceaccounts", "group:system:serviceaccounts:" + name.split(":")[2]))}
            by_group |= {name for name in his - mine if "group:system:unauthenticated" in mine}
            if mine != his - by_group:
                wrong.append((asked, mine, his))
                print(f"{state}: who can {json.dumps(asked)}\n    only salvor: {sorted(mine - his)}, only kube-apiserver: {sorted(his - mine - by_group)}")
    print(f"{state}: of {count} questions {sum(right)} are answered with yes; {len(some)} on who can")
    return count + len(some) - len(wrong), len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    program = kube_convert.built(RELEASE, "kube_can_i") if SHARED.is_dir() else None
    if not program:
        print(f"SKIPPED: no {SHARED}, no Go, or no k8s.io/kubernetes v{RELEASE}\n0 passed, 0 failed, 1 skipped")
        return 0
    counts = [compare(arguments.salvor.resolve(), program, state, arguments.count, arguments.seed) for state in ("before", "after")]
    passed, failed = (sum(count[i] for count in counts) for i in range(2))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
