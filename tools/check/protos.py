"""Just enough reading of .proto files for the checks: what is declared, where, and its comment."""
import re
from collections import namedtuple

# kind: message, enum, service, rpc, field, value. name is full (`rapport.v1.Event.event_id`);
# comment is what stands above or behind; options the text in brackets or, for an rpc, its body.
Declaration = namedtuple("Declaration", "kind name number type options comment path line")
# A range of numbers or a name that a message or enum will not use again.
Reserved = namedtuple("Reserved", "owner first last name")

_OPEN = re.compile(r"(message|enum|service|oneof|extend)\s+([\w.]+)\s*\{(\s*\})?")
_RPC = re.compile(r"rpc\s+(\w+)\s*\(\s*(stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?"
                  r"([\w.]+)\s*\)\s*(\{|;)", re.DOTALL)
_FIELD = re.compile(r"((?:optional|repeated)\s+)?(map\s*<[^>]*>|[\w.]+)\s+(\w+)\s*=\s*(\d+)\s*"
                    r"(\[[^\]]*\])?\s*;", re.DOTALL)
_VALUE = re.compile(r"(\w+)\s*=\s*(-?\d+)\s*(\[[^\]]*\])?\s*;")
_RESERVED = re.compile(r"reserved\s+([^;]*);")
_OTHER = re.compile(r"option\s*\([^)]*\)\s*=\s*\{[^}]*\}\s*;"
                    r"|(syntax|package|import|option)\b[^;]*;")


class ProtoFile:
    """declarations and reserved numbers of one file, in order."""

    def __init__(self, path, text):
        self.path, self.declarations, self.reserved = path, [], []
        package = re.search(r"^package\s+([\w.]+);", text, re.MULTILINE)
        self.package = package[1] if package else ""
        self._lines = text.split("\n")
        self._code = re.sub(r"//[^\n]*", lambda m: " " * len(m[0]), text)
        self._read()

    def _read(self):
        at, scopes = 0, []
        while True:
            at = at + len(self._code[at:]) - len(self._code[at:].lstrip())
            if at >= len(self._code):
                return
            if self._code[at] in "};":
                if self._code[at] == "}" and scopes:
                    scopes.pop()
                at += 1
                continue
            at = self._take(at, scopes)

    def _take(self, at, scopes):
        """Reads the one declaration that starts at `at`; returns where the next may start."""
        match = _OPEN.match(self._code, at)
        if match:
            name = self._full(scopes, match[2])
            if match[1] in ("message", "enum", "service"):
                self._add(match[1], name, 0, "", "", at)
            if not match[3]:
                scopes.append((match[1], match[2]))
            return match.end()
        match = _RPC.match(self._code, at)
        if match:
            end = self._body_end(match.end()) if match[6] == "{" else match.end()
            asks, answers = (match[2] or "") + match[3], (match[4] or "") + match[5]
            self._add("rpc", self._full(scopes, match[1]), 0, f"{asks} -> {answers}",
                      self._code[match.end():end], at)
            return end
        match = _RESERVED.match(self._code, at)
        if match:
            self._reserve(self._full(scopes, ""), match[1])
            return match.end()
        match = _OTHER.match(self._code, at)
        if match:
            return match.end()
        return self._take_member(at, scopes)

    def _take_member(self, at, scopes):
        if scopes and scopes[-1][0] == "enum":
            match = _VALUE.match(self._code, at)
            if match:
                self._add("value", self._full(scopes, match[1]), int(match[2]), "", match[3] or "",
                          at)
                return match.end()
        match = _FIELD.match(self._code, at)
        if match:
            kind = "option" if scopes and scopes[-1][0] == "extend" else "field"
            self._add(kind, self._full(scopes, match[3]), int(match[4]),
                      " ".join(((match[1] or "") + match[2]).split()), match[5] or "", at)
            return match.end()
        line = self._code.count("\n", 0, at) + 1
        raise ValueError(f"{self.path}:{line}: cannot read {self._lines[line - 1].strip()!r}")

    def _body_end(self, at):
        depth = 1
        while depth and at < len(self._code):
            depth += {"{": 1, "}": -1}.get(self._code[at], 0)
            at += 1
        return at

    @staticmethod
    def _inside(scopes):
        return [name for kind, name in scopes if kind not in ("oneof", "extend")]

    def _full(self, scopes, name):
        return ".".join(filter(None, [self.package, *self._inside(scopes), name]))

    def _add(self, kind, name, number, type_name, options, at):
        line = self._code.count("\n", 0, at) + 1
        self.declarations.append(Declaration(kind, name, number, type_name, options,
                                             self._comment(line), self.path, line))

    def _comment(self, line):
        """The // lines right above, and what stands behind on the line itself."""
        above, number = [], line - 2
        while number >= 0 and self._lines[number].strip().startswith("//"):
            above.insert(0, self._lines[number].strip().lstrip("/ "))
            number -= 1
        behind = self._lines[line - 1].partition("//")[2].strip()
        return " ".join(filter(None, [*above, behind]))

    def _reserve(self, owner, text):
        for part in text.split(","):
            part = part.strip()
            numbers = re.fullmatch(r"(\d+)(?:\s+to\s+(\d+|max))?", part)
            if numbers:
                last = numbers[2] or numbers[1]
                self.reserved.append(Reserved(owner, int(numbers[1]),
                                              2**29 if last == "max" else int(last), ""))
            else:
                self.reserved.append(Reserved(owner, -1, -1, part.strip('"')))
