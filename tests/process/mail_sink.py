"""A mail server that takes every message, remembers it, and can be slow."""

import socketserver
import threading
import time
from email import message_from_bytes


class MailSink:
    """Context manager; ``port`` to send to, ``taken`` the addresses of accepted messages."""

    def __init__(self, seconds: float = 0.0):
        self.taken: list[str] = []
        self.message_ids: list[str] = []
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                sink._talk(self.rfile, self.wfile, seconds)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, rfile, wfile, seconds):
        def answer(line: str):
            wfile.write(f"{line}\r\n".encode())

        answer("220 sink")
        recipients = []
        try:
            while line := rfile.readline():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    recipients.append(line.split(b"<")[1].split(b">")[0].decode())
                if verb == b"DATA":
                    answer("354 go on")
                    time.sleep(seconds)
                    if self._take(rfile, recipients):
                        answer("250 taken")
                    recipients = []
                elif verb == b"QUIT":
                    answer("221 bye")
                    return
                else:
                    answer("250 ok")
        except OSError:
            return  # the client was killed

    def _take(self, rfile, recipients: list[str]) -> bool:
        """Read a message up to its end; a message without an end was never sent."""
        lines = []
        while line := rfile.readline():
            if line == b".\r\n":
                self.taken.extend(recipients)
                self.message_ids.append(message_from_bytes(b"".join(lines))["Message-Id"])
                return True
            lines.append(line)
        return False
