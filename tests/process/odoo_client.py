"""A web client of a running server: logs in and calls methods as a browser does."""

import http.cookiejar
import itertools
import json
import urllib.request

COUNTER = itertools.count()
TIMEOUT = 120  # seconds; a lost race is tried again by the server, with pauses


class Refused(Exception):
    """The server answered with an error; `name` is that of the Python exception."""

    def __init__(self, error: dict):
        data = error.get("data") or {}
        super().__init__(data.get("message") or error.get("message"))
        self.name = data.get("name", "")
        self.arguments = data.get("arguments") or []


class Client:
    """One session on one server."""

    def __init__(self, port: int, database: str, login: str, password: str):
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._base = f"http://127.0.0.1:{port}"
        self._post(
            "/web/session/authenticate", {"db": database, "login": login, "password": password}
        )

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        """Call a public method and return its result; raises Refused."""
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _post(self, path: str, params: dict) -> object:
        body = json.dumps({"jsonrpc": "2.0", "id": next(COUNTER), "params": params})
        request = urllib.request.Request(
            self._base + path, body.encode(), {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            told = json.load(answer)
        if "error" in told:
            raise Refused(told["error"])
        return told.get("result")
