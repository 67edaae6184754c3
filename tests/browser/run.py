#!/usr/bin/env python3
"""Opens the pages that `report` makes in a real Chromium, driven through chromedriver, and asks of them what a user would
see. Where there is no Chromium each claim counts as skipped. Ends with `N passed, N failed`.

usage: run.py --salvor PATH [--pictures FOLDER]
"""
import argparse, base64, json, pathlib, re, subprocess, sys, tempfile, time, traceback

HERE = pathlib.Path(__file__).resolve().parent
REAL = HERE.parent.parent / "build/testdata/real/kube-1.36"
sys.path.insert(0, str(HERE.parent))

from browser.webdriver import KEYS, Browser, is_there
from forge import bases, kube, making, output, words

CLAIMS = []
HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u2028\u2029<!--<script>&amp;"


def claim(function):
    CLAIMS.append(function)
    return function


class World:
    """The pages, each made once."""
    def __init__(self, salvor, folder):
        self.salvor, self.folder = salvor, folder

    def page(self, name, *sources):
        path = self.folder / name
        if not path.exists():
            done = subprocess.run([self.salvor, "report", *sources, "--to", path], capture_output=True, text=True)
            if done.returncode > 1:
                raise RuntimeError(done.stderr)
        return path

    def real(self):
        return self.page("real.html", REAL / "after.db", REAL / "before.db")

    def plain(self):
        """Of etcd without Kubernetes, as it is and as it was."""
        rich = REAL.parent / "etcd-3.6/rich.db"
        return self.page("plain.html", rich, f"{rich}@1000")

    def forged(self, name, objects):
        """A page of a small cluster and these objects beside it."""
        base = words.parse("base: snapshot 3.6\nwith: Kubernetes, one member\nfinds: nothing\n", name)
        plain = kube.objects
        kube.objects = lambda: [*plain(), *objects]
        try:
            forged, _ = making.make(base, 4096)
        finally:
            kube.objects = plain
        source = output.write(forged, self.folder / name)
        named = source.with_name("<b>&'\".db")
        source.rename(named)
        return self.page(name + ".html", named)

    def hostile(self):
        found = kube.new("ConfigMap", "shop", "<i>markup", kube.entries(2, {"html": HOSTILE, "</script>": HOSTILE}))
        return self.forged("hostile", list(kube.stored(found)))

    def large(self):
        return self.forged("large", [row for n in range(100_000) for row in kube.stored(
            kube.new("ConfigMap", f"space-{n % 97}", f"settings-{n:06}", kube.entries(2, {"number": str(n)})))])


TEXT = "return document.getElementById(arguments[0]).innerText"
FILL = "document.getElementById(arguments[0]).scrollIntoView(); return true"


@claim
def the_verdict_comes_first_and_the_findings_have_places(world, browser):
    browser.open(world.real())
    assert "Sound" in browser.run(TEXT, "backup-verdict") and "Concerns" in browser.run(TEXT, "cluster-verdict")
    assert browser.run("return document.querySelector('main section').id") == "verdict"
    found = browser.run(TEXT, "findings-list")
    assert "its owner Deployment storefront has another uid" in found and "page 69" in found, found[:300]


@claim
def a_box_of_the_map_opens_its_objects(world, browser):
    browser.open(world.real())
    browser.run(FILL, "contents")
    assert browser.until("return document.querySelectorAll('#map button').length") > 50
    browser.click("#map button")
    browser.until("return document.querySelectorAll('#object-list .item').length")
    assert browser.run("return document.getElementById('object-filter').value")


@claim
def an_object_is_found_and_read_by_keyboard_alone(world, browser):
    browser.open(world.real())
    browser.type("/")
    browser.until("return document.activeElement.id === 'object-filter'")
    browser.type("deployments payments/storefront".replace("/", " "))
    browser.until("return /^[1-9] object/.test(document.getElementById('object-count').textContent)")
    browser.type(KEYS["down"])
    yaml = browser.until("return document.querySelector('#object pre') && document.querySelector('#object pre').textContent")
    stored = subprocess.run([world.salvor, "get", REAL / "after.db", "deployment/storefront", "-n", "payments", "-o", "yaml"], capture_output=True, text=True).stdout
    assert yaml == stored, f"{yaml[:200]}\n{stored[:200]}"
    browser.click("#tab-history")
    assert "Last written at revision" in browser.run(TEXT, "object")


@claim
def the_timeline_is_filtered_by_text_and_by_verb(world, browser):
    browser.open(world.real())
    browser.run(FILL, "timeline-part")
    everything = int(browser.until("return parseInt(document.getElementById('event-count').textContent)"))
    browser.run("const box = document.getElementById('event-filter'); box.value = 'flipflop'; box.dispatchEvent(new Event('input'))")
    some = browser.run("return parseInt(document.getElementById('event-count').textContent)")
    assert 0 < some < everything
    browser.click("#verbs .created")
    assert browser.run("return parseInt(document.getElementById('event-count').textContent)") < some
    browser.run("document.getElementById('events').focus()")
    browser.type(KEYS["down"])
    assert "flipflop" in browser.until("return document.getElementById('event').textContent")


@claim
def changes_and_the_audit_are_told(world, browser):
    browser.open(world.real())
    browser.run(FILL, "changes")
    assert "differ from" in browser.until("return document.getElementById('diff-count').textContent")
    browser.run(FILL, "audit")
    assert "mercury-admins" in browser.until("return document.getElementById('powers-table').innerText")
    assert "Secrets" in browser.run(TEXT, "exposure-words")


@claim
def nothing_out_of_a_snapshot_is_markup(world, browser):
    browser.open(world.hostile())
    for part in ("contents", "timeline-part", "objects", "audit"):
        browser.run(FILL, part)
        browser.until("return document.getElementById(arguments[0]).children.length > 1", part)
    browser.type("/")
    browser.type("markup")
    browser.until("return document.querySelectorAll('#object-list .item').length")
    browser.type(KEYS["down"])
    assert "onerror" in browser.until("return document.querySelector('#object pre') && document.querySelector('#object pre').textContent")
    assert browser.run("return document.querySelectorAll('img, iframe, object, embed, i, script:not([type]), link').length") == 1
    assert "owned" not in browser.run("return document.title") and "<b>&'" in browser.run(TEXT, "title")


@claim
def the_page_runs_its_own_script_and_fetches_nothing(world, browser):
    page = world.real()
    browser.open(page)
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    assert not browser.complaints()
    text = page.read_text()
    assert not re.search(r"(?:src|href)=\"(?!#)", text.split("<script", 1)[0])
    assert browser.run("const made = document.createElement('script'); made.textContent = 'window.strange = 1'; document.body.append(made); return window.strange === undefined")


@claim
def no_secret_is_in_the_page(world, browser):
    text = world.real().read_text()
    shown = subprocess.run([world.salvor, "get", REAL / "after.db", "secrets", "-A", "--show-secrets", "-o", "json"], capture_output=True, text=True).stdout
    # A certificate is public, and stands in webhooks as well.
    values = {value for item in json.loads(shown)["items"] for name, value in item.get("data", {}).items()
              if len(value) > 24 and not name.endswith(".crt")}
    assert len(values) > 20
    for value in values:
        assert value not in text
        plain = base64.b64decode(value).decode(errors="ignore")
        assert len(plain) < 24 or json.dumps(plain)[1:-1] not in text


@claim
def a_hundred_thousand_objects_are_no_stall(world, browser):
    page = world.large()
    start = time.monotonic()
    browser.open(page)
    browser.type("/")
    browser.until("return document.querySelectorAll('#object-list .item').length > 5 && document.getElementById('object-count').textContent.startsWith('100,')")
    opened = time.monotonic() - start
    assert browser.run("return document.querySelectorAll('#object-list .item').length") < 60
    spent = browser.run("const box = document.getElementById('object-filter'), start = performance.now(); box.value = 'settings-0777'; box.dispatchEvent(new Event('input')); return performance.now() - start")
    assert browser.run("return document.getElementById('object-count').textContent") == "100 objects"
    browser.run("const box = document.getElementById('object-filter'); box.value = ''; box.dispatchEvent(new Event('input')); document.getElementById('object-list').focus()")
    browser.type(KEYS["end"])
    assert "apiVersion" in browser.until("return document.querySelector('#object pre') && document.querySelector('#object pre').textContent")
    print(f"    {page.stat().st_size / 1e6:.0f} MB: open {opened:.1f} s, filter {spent:.0f} ms")
    assert opened < 60 and spent < 1000, f"open {opened:.1f} s, filter {spent:.0f} ms"


@claim
def without_kubernetes_it_shows_keys_values_and_their_history(world, browser):
    browser.complaints()  # those of pages before
    browser.open(world.plain())
    assert "No Kubernetes" in browser.run(TEXT, "cluster-verdict")
    browser.run(FILL, "contents")
    assert browser.until("return document.querySelectorAll('#map button').length") > 5
    assert "/etcd/" in browser.run(TEXT, "shares") and "(no prefix)" in browser.run(TEXT, "shares")
    browser.type("/")
    browser.type("counter")
    browser.until("return /^[1-9][0-9]* keys?$/.test(document.getElementById('object-count').textContent)")
    browser.type(KEYS["down"])
    assert browser.until("return document.querySelector('#object pre') && document.querySelector('#object pre').textContent")
    browser.click("#tab-history")
    assert "at revision" in browser.run(TEXT, "object") and "not known" not in browser.run(TEXT, "object")
    browser.run(FILL, "changes")
    assert "keys differ from" in browser.until("return document.getElementById('diff-count').textContent")
    assert not browser.complaints() and not browser.run("return document.getElementById('audit') !== null")
    assert browser.run("return document.querySelector('nav').innerText").split() == "Verdict Findings What is inside Timeline Keys Changes".split()


@claim
def it_prints_with_all_its_parts(world, browser):
    browser.open(world.real())
    pdf = browser.pages()
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000
    assert browser.run("return document.querySelectorAll('#powers-table tr').length") > 1


@claim
def it_is_readable_in_a_narrow_window(world, browser):
    browser.call("POST", "/window/rect", {"width": 520, "height": 900})
    try:
        browser.open(world.real())
        assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
    finally:
        browser.call("POST", "/window/rect", {"width": 1280, "height": 900})


def take_parts(browser, page, words, folder, name):
    browser.open(page)
    browser.picture(folder / f"{name}-verdict.png")
    for part in ("contents", "timeline-part", "objects", "changes", "audit"):
        if not browser.run("return document.getElementById(arguments[0]) !== null", part):
            continue
        browser.run(FILL, part)
        time.sleep(0.7)
        browser.run(FILL, part)
        if part == "objects":
            browser.type(words)
            browser.type(KEYS["down"])
            time.sleep(0.3)
        browser.picture(folder / f"{name}-{part}.png")


def take_pictures(world, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, width, dark in (("light", 1280, False), ("dark", 1280, True), ("narrow", 520, False)):
        browser = Browser(width, 1000, dark)
        try:
            take_parts(browser, world.real(), "/storefront", folder, name)
            if name == "light":
                (folder / "print.pdf").write_bytes(browser.pages())
            take_parts(browser, world.plain(), "/counter", folder, f"plain-{name}")
        finally:
            browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--pictures", type=pathlib.Path, help="keep pictures of a page here, to look at")
    args = parser.parse_args()
    if not is_there():
        print("SKIPPED: there is no chromium with its chromedriver (Debian's packages chromium, chromium-driver)")
        print(f"browser: 0 passed, 0 failed, {len(CLAIMS)} skipped")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="salvor-browser-") as folder:
        world = World(pathlib.Path(args.salvor).resolve(), pathlib.Path(folder))
        if args.pictures:
            take_pictures(world, args.pictures)
            return 0
        browser = Browser()
        try:
            for one in CLAIMS:
                try:
                    one(world, browser)
                except Exception:
                    failed += 1
                    print(f"FAILED {one.__name__}\n{traceback.format_exc(limit=-2)}")
        finally:
            browser.close()
    print(f"browser: {len(CLAIMS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
