"""As much of the WebDriver protocol as the tests of the page need, over HTTP alone. Source: https://www.w3.org/TR/webdriver2/"""
import base64, json, shutil, subprocess, time, urllib.error, urllib.request

KEYS = {"down": "\ue015", "end": "\ue010", "home": "\ue011"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def is_there():
    return shutil.which("chromedriver") and (shutil.which("chromium") or shutil.which("google-chrome"))


class Browser:
    """One window of a Chromium without a network."""
    def __init__(self, width=1280, height=900, dark=False):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if "on port" in line and "successfully" in line:
                self.base = f"http://127.0.0.1:{line.split('on port')[1].strip(' .' + chr(10))}"
                break
        switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--window-size={width},{height}", "--proxy-server=127.0.0.1:9"]
        if dark:
            switches.append("--force-dark-mode")
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": switches, "binary": shutil.which("chromium") or shutil.which("google-chrome")},
                  "goog:loggingPrefs": {"browser": "ALL"}}
        self.session = ""
        self.session = "/session/" + self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + self.session + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from None

    def open(self, path):
        self.call("POST", "/url", {"url": path.as_uri()})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script, *arguments):
        """Waits until a script gives what is true, and gives that."""
        end = time.monotonic() + 30
        while not (found := self.run(script, *arguments)) and time.monotonic() < end:
            time.sleep(0.05)
        if not found:
            raise RuntimeError(f"never true: {script}")
        return found

    def type(self, text):
        """Into whatever has the focus."""
        actions = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def click(self, selector):
        element = self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.call("POST", f"/element/{element}/click", {})

    def complaints(self):
        """What the console was told, but for what a browser says of a page without an icon."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"}) if "favicon" not in entry["message"]]

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def pages(self):
        """The printed page, as PDF."""
        return base64.b64decode(self.call("POST", "/print", {"background": True}))

    def close(self):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            self.driver.kill()
            self.driver.wait()
            self.driver.stdout.close()
