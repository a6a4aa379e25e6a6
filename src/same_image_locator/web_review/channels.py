"""What stands between a connection and the guard: how long a request may take, and its framing."""

import time

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask

from same_image_locator.web_review.security import HEADERS

REQUEST_SECONDS = 15.0  # the page's requests are of one packet; a byte now and then is an attack
# After a refusal the connection ends: what was sent behind it is no request of the page.
_FINAL = frozenset({"400", "401", "403", "405", "413", "415", "421"})


class _Parser(HTTPRequestParser):
    """Knows one framing only, so that nobody can disagree on where a request ends."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # an address or a length that Python itself cannot read
            raise ParsingError("This is no request") from error
        if self.chunked or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Only Content-Length is understood")


class _Answer(WSGITask):
    """An answer of the guard or the application."""

    def build_response_header(self) -> bytes:
        if self.status[:3] in _FINAL:
            self.set_close_on_finish()
        return super().build_response_header()


class _ParserAnswer(ErrorTask):
    """An answer to what is no request at all, which therefore never reaches the guard."""

    def build_response_header(self) -> bytes:
        self.response_headers = [*self.response_headers, *HEADERS, ("Cache-Control", "no-store")]
        return super().build_response_header()


class Channel(HTTPChannel):
    """A connection that must send each request whole within ``REQUEST_SECONDS``.

    One that sends nothing is closed by waitress, whose timeout begins anew with each byte.
    """

    task_class = _Answer
    error_task_class = _ParserAnswer
    parser_class = _Parser
    since: float | None = None  # when the request began that is not here in full

    @property
    def late(self) -> bool:
        """Whether the request that is not here in full has taken too long."""
        return self.since is not None and time.monotonic() - self.since > REQUEST_SECONDS

    def handle_read(self) -> None:
        """Read on, unless this request has taken too long."""
        if self.late:
            self.handle_close()
        else:
            super().handle_read()

    def received(self, data: bytes) -> bool:
        """Take in a part of a request, and note whether more of it has to come."""
        more = super().received(data)
        if self.request is None:
            self.since = None
        elif self.since is None:
            self.since = time.monotonic()
        return more
