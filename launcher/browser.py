"""A very small browser for checks over HTTP: pages, cookies, forms; no scripts."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

SKIPPED = {"script", "style", "head"}
VOID = {"input", "br", "img", "meta", "link", "hr", "col", "source", "wbr", "area", "base"}


class PageError(AssertionError):
    """A page is not what was expected; the message has what it says."""


@dataclass
class Form:
    """A form as it stands on a page: what would be sent, and what may be chosen."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    text: str = ""

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Values and labels of a select, of radios or of checkboxes, without the empty one."""
        return [(value, label) for value, label in self.options.get(name, []) if value]

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self.values or name in self.options

    def fill(self, **values: "str | list[str]") -> "Form":
        """Put values in. Raises PageError for a field that the form does not have."""
        for name, value in values.items():
            if not self.has(name):
                raise PageError(
                    f"The form {self.action} has no field '{name}': {sorted(self.values)}"
                )
            self.values[name] = value if isinstance(value, list) else [value]
        return self

    def fill_date(self, name: str, day: int, month: int, year: int) -> "Form":
        """Put a date in the three fields of a date input."""
        for part, value in zip(("day", "month", "year"), (day, month, year), strict=True):
            for written in (f"{name}-{part}", f"{name}_{part}"):
                if self.has(written):
                    self.values[written] = [str(value)]
                    break
            else:
                number = {"day": 0, "month": 1, "year": 2}[part]
                self.fill(**{f"{name}_{number}": str(value)})
        return self


class _Reader(HTMLParser):
    """Collects text, links and forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.title = ""
        self._form: Form | None = None
        self._open: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self._option: tuple[str, list[str]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._link: tuple[str, list[str]] | None = None
        self._labels: dict[str, str] = {}
        self._label: tuple[str, list[str]] | None = None
        self._boxes: list[tuple[Form, str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, told))
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and told.get("href"):
            self._link = (told["href"], [])
        elif tag == "label":
            self._label = (told.get("for", ""), [])
        elif self._form is not None and "disabled" not in told:
            self._field(tag, told, self._form)

    def _field(self, tag: str, told: dict[str, str], form: Form) -> None:
        name = told.get("name", "")
        if tag == "input" and name:
            self._input(told, form, name)
        elif tag == "select" and name:
            self._select = name
            form.options[name] = []
        elif tag == "option" and self._select:
            self._option = (told.get("value", ""), [])
            if "selected" in told:
                form.values[self._select] = [told.get("value", "")]
        elif tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "button" and name and told.get("type", "submit") == "submit":
            form.options.setdefault(name, []).append((told.get("value", ""), "button"))

    def _input(self, told: dict[str, str], form: Form, name: str) -> None:
        kind, value = told.get("type", "text"), told.get("value", "")
        if kind in ("radio", "checkbox"):
            value = value or "on"
            self._boxes.append((form, name, value, told.get("id", "")))
            form.options.setdefault(name, [])
            if "checked" in told:
                form.values.setdefault(name, []).append(value)
        elif kind not in ("submit", "button", "file", "reset"):
            form.values.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1][0] != tag:
            self._open.pop()
        if self._open:
            self._open.pop()
        if tag == "form":
            self._form = None
        elif tag == "select":
            if self._form is not None and self._form.options.get(self._select):
                first = self._form.options[self._select][0][0]
                self._form.values.setdefault(self._select, [first])
            self._select = ""
        elif tag == "option" and self._option and self._form is not None:
            label = " ".join("".join(self._option[1]).split())
            self._form.options[self._select].append((self._option[0], label))
            self._option = None
        elif tag == "textarea" and self._area and self._form is not None:
            self._form.values[self._area[0]] = ["".join(self._area[1]).removeprefix("\n")]
            self._area = None
        elif tag == "a" and self._link:
            self.links.append((self._link[0], " ".join("".join(self._link[1]).split())))
            self._link = None
        elif tag == "label" and self._label:
            self._labels[self._label[0]] = " ".join("".join(self._label[1]).split())
            self._label = None

    def handle_data(self, data: str) -> None:
        inside = {name for name, _ in self._open}
        if "title" in inside and "svg" not in inside:
            self.title += data
        for collecting in (self._option, self._area, self._link, self._label):
            if collecting is not None:
                collecting[1].append(data)
        if not inside & SKIPPED:
            self.text.append(data)
            if self._form is not None:
                self._form.text += data

    def close(self) -> None:
        super().close()
        for form, name, value, identifier in self._boxes:
            form.options[name].append((value, self._labels.get(identifier, "")))
        for form in self.forms:
            form.text = " ".join(form.text.split())


@dataclass
class Page:
    """What came back: where from, how, what it says, what can be done on it."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    text: str = ""
    title: str = ""
    forms: list[Form] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    def form(self, *, action: str = "", text: str = "") -> Form:
        """The first form with this in its address and in its words. Raises PageError."""
        for form in self.forms:
            if action in (form.action or self.path) and text in form.text:
                return form
        raise PageError(f"{self.path} has no form '{action}{text}': {self.said}")

    def link(self, pattern: str) -> str:
        """The address of the first link that matches a regular expression. Raises PageError."""
        for address, _ in self.links:
            if re.search(pattern, address):
                return address
        raise PageError(f"{self.path} has no link {pattern}: {self.said}")

    @property
    def said(self) -> str:
        """The words of the page, from its heading on, shortened."""
        words = self.text
        place = words.find("There is a problem")
        return words[place if place >= 0 else 0 :][:600]


class Browser:
    """One person's browser."""

    def __init__(self, base_url: str, seconds: float = 30) -> None:
        self.base_url = base_url
        self.seconds = seconds
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )

    def get(self, address: str) -> Page:
        """The page at an address of the product, redirections followed."""
        return self._ask(urllib.request.Request(self._whole(address)))

    def send(self, page: Page, form: Form, **values: "str | list[str]") -> Page:
        """Send a form with these values put in."""
        form.fill(**values)
        pairs = [(name, value) for name, all_ in form.values.items() for value in all_]
        encoded = urllib.parse.urlencode(pairs)
        address = urllib.parse.urldefrag(urllib.parse.urljoin(page.url, form.action)).url
        if form.method == "get":
            return self.get(address.split("?")[0] + "?" + encoded)
        request = urllib.request.Request(address, data=encoded.encode())
        request.add_header("Referer", page.url)
        return self._ask(request)

    def _whole(self, address: str) -> str:
        return urllib.parse.urljoin(self.base_url + "/", address)

    def _ask(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept", "text/html,*/*;q=0.8")
        try:
            with self._opener.open(request, timeout=self.seconds) as response:
                return self._page(response.url, response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return self._page(error.url or "", error.code, error.headers, error.read())
        except OSError as error:
            raise PageError(f"{request.full_url} does not answer: {error}") from None

    @staticmethod
    def _page(url: str, status: int, headers: object, body: bytes) -> Page:
        told = {name.lower(): value for name, value in headers.items()}  # type: ignore[attr-defined]
        page = Page(url, status, told, body)
        if told.get("content-type", "").startswith("text/html"):
            reader = _Reader()
            reader.feed(body.decode())
            reader.close()
            page.text = " ".join(" ".join(reader.text).split())
            page.title = " ".join(reader.title.split())
            page.forms, page.links = reader.forms, reader.links
        return page
