"""Just enough reading of C++ for the checks: comments and texts away, functions found."""
import re

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F'])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)

_NOT_A_FUNCTION = re.compile(
    r'(^|[\s>\])])(namespace|class|struct|enum|union)\b'
    r'(?![^{]*\)\s*(const|noexcept|override)?\s*$)')


def without_comments(text, keep_strings=False):
    """The same text, same length and lines, comments (and texts in quotes) blanked."""
    def blank(match):
        found = match[0]
        if keep_strings and not found.startswith("/"):
            return found
        return re.sub(r"[^\n]", " ", found)
    return _TOKEN.sub(blank, text)


def _without_preprocessor(text):
    lines, going_on = text.split("\n"), False
    for number, line in enumerate(lines):
        if going_on or line.lstrip().startswith("#"):
            going_on = line.endswith("\\")
            lines[number] = " " * len(line)
    return "\n".join(lines)


def _opens_data(head):
    """`int table[] = {` and `constexpr Row kRow{` hold values, not statements."""
    head = head.rstrip()
    return head.endswith("=") or ("(" not in head and re.search(r"[\w\]>]$", head) is not None)


def functions(text):
    """-> [(first line, number of lines, the text before the brace)] of outermost functions.

    A brace at namespace or class level that opens neither a scope nor data is a function body.
    """
    code = _without_preprocessor(without_comments(text))
    found, stack, start = [], [], 0
    for match in re.finditer(r"[{};]", code):
        at, sign = match.start(), match[0]
        inside = any(kind != "scope" for kind, _, _ in stack)
        if sign == "{":
            head = code[start:at]
            begin = start + len(head) - len(head.lstrip())
            kind = "function"
            if inside:
                kind = "inner"
            elif _NOT_A_FUNCTION.search(head) or head.strip() in ('extern', 'extern "C"'):
                kind = "scope"
            elif _opens_data(head) and head.strip():
                kind = "data"
            stack.append((kind, begin, head.strip()))
            start = at + 1
        elif sign == "}":
            if stack:
                kind, begin, head = stack.pop()
                if kind == "function":
                    first = code.count("\n", 0, begin) + 1
                    last = code.count("\n", 0, at) + 1
                    found.append((first, last - first + 1, " ".join(head.split())))
            start = at + 1
        elif not inside:
            start = at + 1
    return found
