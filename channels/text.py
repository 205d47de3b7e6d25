"""Text as people write it, in any script: kept byte-exact in the store, made safe and short where it is shown or searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise

MAX_TOKENS = 4_000
MAX_TOKEN_CHARS = 64
MAX_FILENAME_CHARS = 120

_MAX_MARKS = 6
"""More stacked marks than any living orthography needs: what is above is an attack on the layout."""
_MAX_CLUSTER = 32
"""Code points in one visible sign; the longest emoji families have 11."""
_ZWJ = "\u200d"
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """What every text from outside passes once: U+0000 → U+FFFD (PostgreSQL refuses it), line ends → LF, the rest byte-exact.

    Raises ValueError with a sentence when the text holds half a surrogate pair, which no database and no UTF-8 can carry.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"The text is not valid Unicode: half a character at position {error.start}.") from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def check(text: str, *, max_chars: int, max_bytes: int | None = None) -> None:
    """Raises ValueError with a sentence when `text` is longer than `max_chars` code points or `max_bytes` bytes of UTF-8."""
    if len(text) > max_chars:
        raise ValueError(f"The text is too long: {len(text):,} characters where {max_chars:,} are allowed.")
    if max_bytes is not None and (size := len(text.encode(errors="surrogatepass"))) > max_bytes:
        raise ValueError(f"The text is too long: {size:,} bytes where {max_bytes:,} are allowed.")


def preview(text: str, length: int = 140) -> str:
    """One line of at most `length` code points for lists and notifications; "…" at the end when something was left out.

    Cuts between visible signs only, keeps at most six stacked marks on a sign, and drops the controls that turn the direction
    of the rest of the page (UAX #9 embeddings, overrides, isolates).
    """
    text = text.lstrip()
    scanned = text[: length * 16]
    line = " ".join(scanned.split())
    if not line.isprintable():
        line = " ".join("".join(map(_visible, line.translate(_BIDI_CONTROLS))).split())
    if len(line) <= length and len(scanned) == len(text) and (line.isascii() or not _crowded(line)):
        return line
    if line.isascii() and len(line) >= length:
        return line[: length - 1].rstrip() + "…"
    kept, used, left_out = [], 0, len(scanned) < len(text)
    for cluster in map(_thinned, _clusters(line)):
        if used + len(cluster) > length:
            left_out = True
            break
        kept.append(cluster)
        used += len(cluster)
    while left_out and kept and used > length - 1:
        used -= len(kept.pop())
    return "".join(kept).rstrip() + ("…" if left_out else "")


def filename(name: str) -> str:
    """A name safe to show and to offer for a download: at most 120 code points, never empty, never a path. Idempotent.

    NFKC and the removal of invisible characters come before any other check, because a zero-width space or a full-width slash
    otherwise hides what is checked for. The name is never used on our disk.
    """
    name = _settled(name[: MAX_FILENAME_CHARS * 8])
    stem, dot, extension = name.rpartition(".")
    if dot and stem and len(extension) <= 16:
        room = MAX_FILENAME_CHARS - len(extension) - 1
        name = f"{stem[:room].rstrip(' .')}.{extension}"
    else:
        name = name[:MAX_FILENAME_CHARS].rstrip(" .")
    return name or "file"


def fold_subject(subject: str) -> str:
    """The subject without reply and forward prefixes, case and spacing: equal results mean "the same subject"."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", subject[:1_000]).casefold())
    folded = " ".join("".join(c for c in folded if unicodedata.category(c) != "Cf").split())
    prefixes = _PREFIXES.match(folded)
    return folded[prefixes.end() :] if prefixes else folded


def tokens(text: str, limit: int = MAX_TOKENS) -> list[str]:
    """Search tokens of a text, each once, in order of appearance; used for indexing and for querying alike.

    Words of scripts that write spaces (combining marks stay inside the word); single signs and pairs of neighbours where none
    are written (Han, kana, Thai, Lao, Khmer, Burmese), so that a search for one or for many characters finds. NFKC, casefolded,
    at most 64 code points each and `limit` of them.
    """
    if text.isascii():
        found: Iterator[str] = (match[0][:MAX_TOKEN_CHARS] for match in _ASCII_WORD.finditer(text.lower()))
    else:
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).replace("i\u0307", "i")
        found = _words(text)
    unique: dict[str, None] = {}
    for token in found:
        unique[token] = None
        if len(unique) >= limit:
            break
    return list(unique)


_ASCII_WORD = re.compile(r"[a-z0-9]+")
_SEPARATOR, _WORD, _SIGN, _MARK, _NOTHING = range(5)
_UNSPACED = re.compile(
    "[\u0e00-\u0e30\u0e32-\u0eff\u0e31\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_POINTING = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
"""Hebrew and Arabic vowel points and the Arabic stretching stroke: written or not, it is the same word."""


@lru_cache(maxsize=16_384)
def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if category[0] == "M":
        return _NOTHING if _POINTING.match(char) else _MARK
    if category[0] in "LN":
        return _SIGN if _UNSPACED.match(char) else _NOTHING if char == "\u0640" else _WORD
    return _NOTHING if category == "Cf" and char != "\u200b" else _SEPARATOR


def _words(text: str) -> Iterator[str]:
    for kind, run in groupby(_pieces(text), key=lambda piece: piece[0]):
        if kind == _SIGN:
            yield from _signs([sign for _, sign in run])
        elif kind == _WORD:
            yield "".join(char for _, char in run)[:MAX_TOKEN_CHARS]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Letters one by one; signs of unspaced scripts together with their marks."""
    held = ""
    before = _SEPARATOR
    for char in text:
        kind = _kind(char)
        if kind == _NOTHING:
            continue
        if kind == _MARK and before == _SIGN:
            held = held + char if len(held) < MAX_TOKEN_CHARS // 2 else held
            continue
        if held:
            yield _SIGN, held
            held = ""
        if kind == _MARK:
            kind = before
        if kind == _SIGN:
            held = char
        else:
            yield kind, char
        before = kind
    if held:
        yield _SIGN, held


def _signs(signs: list[str]) -> Iterator[str]:
    yield from signs
    for left, right in pairwise(signs):
        yield left + right


def _visible(char: str) -> str:
    return " " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char


def _crowded(line: str) -> bool:
    marks = 0
    for char in line:
        marks = marks + 1 if _extends(char) else 0
        if marks > _MAX_MARKS:
            return True
    return _ZWJ in line


@lru_cache(maxsize=16_384)
def _extends(char: str) -> bool:
    """May not be parted from what stands before it: marks, variation selectors, ZWJ, skin tones, tags, conjoining jamo (UAX #29)."""
    return (
        unicodedata.category(char)[0] == "M"
        or char in "\u200c\u200d\u200e\u200f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or "\u1160" <= char <= "\u11ff"
    )


def _clusters(line: str) -> Iterator[str]:
    start, flags = 0, 0
    for at in range(1, len(line) + 1):
        if at < len(line):
            flag = "\U0001f1e6" <= line[at] <= "\U0001f1ff" and "\U0001f1e6" <= line[at - 1] <= "\U0001f1ff"
            flags = flags + 1 if flag else 0
            if flags % 2 or _extends(line[at]) or line[at - 1] == _ZWJ:
                continue
        yield line[start:at]
        start = at


def _thinned(cluster: str) -> str:
    """A sign with no more marks and parts than can be drawn."""
    if len(cluster) <= _MAX_MARKS:
        return cluster
    kept, marks = [], 0
    for char in cluster:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept[:_MAX_CLUSTER]).rstrip(_ZWJ)


_UNSAFE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")


def _settled(name: str) -> str:
    """Repeats the steps until none of them changes anything: each can undo what another has settled."""
    for _ in range(8):
        before = name
        name = unicodedata.normalize("NFKC", name)
        name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
        name = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1])
        name = " ".join(name.split()).strip(" .")
        if _RESERVED.match(name):
            name = f"_{name}"
        if name == before:
            break
    return name


_PREFIX_WORDS = (
    "re fw fwd aw antw wg sv vs vb vl fs res enc rv tr ref rif ynt ilt odp pd bls atb doorst "
    "r i na sk vá továbbítás ответ пересл на απ σχετ πρθ השב הועבר رد ردّ توجيه "
    "回复 答复 回覆 转发 轉寄 轉發 返信 転送 답장 회신 전달 ตอบ ตอบกลับ ส่งต่อ trả·lời"
)
_PREFIXES = re.compile(
    r"(?:(?:"
    + "|".join(
        sorted(
            (re.escape(unicodedata.normalize("NFKC", word.replace("·", " "))) for word in [*_PREFIX_WORDS.split(), "İLT".casefold()]),
            key=len,
            reverse=True,
        )
    )
    + r") ?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^?\d{1,3})? ?: ?)+"
)
"""Reply and forward marks of common mail programs in some thirty languages, repeated and numbered ("Re[2]:")."""
