import re


def show(pattern: str, text: str) -> None:
    m = re.search(pattern, text)
    if m is None:
        print(repr(pattern), repr(text), "no match")
    else:
        print(repr(pattern), repr(text), m.span(), m.groups(), m.lastindex)
    f = re.fullmatch(pattern, text)
    print("   ", re.match(pattern, text) is not None, f is not None, [x.span() for x in re.finditer(pattern, text)])


for pattern, text in [
    ("a", "bab"), ("", "ab"), ("a*", "baac"), ("a*?", "aa"), ("(a*)*", "b"), ("(a*)+", "aab"), ("(a|b*)*", "abb"), ("(a|ab)(c|bcd)(d*)", "abcd"),
    ("a+?b", "aaab"), ("(a+)(b+)?", "aac"), ("x|y|z", "ayz"), ("^ab$", "ab\n"), ("^ab\\Z", "ab\n"), ("\\bfoo\\b", "a foo b"), ("\\Boo", "foo"), ("\\B", ""), ("\\b", ""),
    ("[a-c]+", "xxabcabc"), ("[^a-c]+", "abxyz"), ("[]a]+", "a]]b"), ("[a\\]-]+", "a-]x"), ("[\\d.]+", "v1.25b"), ("\\w+", "häßlich_9 x"), ("\\W+", "ab, c"), ("\\s+", "a \t\nb"),
    ("\\S+", " ab c"), ("\\D+", "12ab3"), (".", "\n"), ("(?s).", "\n"), ("(?i)HeLLo", "say hello"), ("(?i)[a-f]+", "xABCx"), ("(?m)^b", "a\nb"), ("(?m)a$", "a\nb"),
    ("a{2}", "aaaa"), ("a{2,}", "aaaa"), ("a{1,2}?", "aaaa"), ("a{,2}b", "aaab"), ("a{x", "a{x"), ("(ab){2,3}", "abababab"), ("(?:ab)+c", "ababc"),
    ("(?P<year>\\d{4})-(?P<month>\\d\\d)", "on 2024-05-06"), ("(a)|(b)", "b"), ("((a)|b)+", "ab"), ("a(?=b)", "acab"), ("a(?!b)", "abac"), ("(?<=x)a", "axa"), ("(?<!x)a", "xaa"),
    ("\\.", "a.b"), ("\\x41\\u0042\\t", "AB\t"), ("a.c", "abc"), ("(?x) a b  # comment\n c", "abc"), ("(?i:A)b", "ab"), ("(?#note)a", "a"), ("[\\w-]+@[\\w.]+", "mail x-y@ab.co now"),
    ("(\\d+)\\s*(?:px|em)?", "12 px"), ("[+-]?\\d+(?:\\.\\d*)?", "x -3.14"), ("(.*?),(.*)", "a,b,c"), ("(a?)*?b", "aab"), ("(?:a?){3}a{3}", "aaa"), ("[é-ü]+", "aéüb"), ("😀+", "x😀😀"),
    ("$", "a\n"), ("(?m)$", "a\nb\n"), ("(?m)^", "a\nb\n"), ("a|", "ba"), ("(|a)+", "aa"), ("(a|b|)+c", "abc"), ("\\d{3,4}?", "12345"),
]:
    show(pattern, text)

m = re.search(r"(?P<first>\w+) (?P<second>\w+)(!)?", "well hello world")
if m:
    print(m, m.group(), m.group(0), m.group(1), m["second"], m.group("first"), m.group(1, 2), m.groups(), m.groups("-"))
    print(m.start(), m.end(), m.span("second"), m.start(3), m.groupdict(), m.lastgroup, m.expand(r"\2-\1-\g<first>"), m.string, m.pos, m.endpos)
    print(m.re.pattern, m.re.groups, dict(m.re.groupindex))
print(re.findall(r"\d+", "1 22 333"), re.findall(r"(\w)=", "a=1 b=2"), re.findall("a|b*", "abb"), re.findall("", "ab"))
print(re.split(r",\s*", "a, b,c"), re.split(r"(-)", "1-2-3"), re.split(r"\s", "a b c", maxsplit=1), re.split("x*", "axbc"), re.split(r"\W+", " a b "))
print(re.sub(r"\s+", " ", "a  b   c"), re.sub("a", "b", "aaa", count=2), re.sub(r"(\w+) (\w+)", r"\2 \1", "one two"), re.sub("x*", "-", "abxd"))
print(re.sub(r"(?P<n>\d+)", r"<\g<n>>", "1 and 22"), re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "1 and 22"), re.subn("a", "b", "banana"), re.sub(r"\.", r"\\n\n", "a.b"))
word = re.compile(r"[a-z]+", re.IGNORECASE | re.MULTILINE)
print(word, word.pattern, word.findall("Ab 1 cD"), word.match("  x", 2), word.search("12ab", 0, 3), word.fullmatch("abc"), word.sub("_", "a1b"), word.groups)
for found in word.finditer("one Two"):
    print(found.group(), found.start())
print(re.escape("a.b*c [x]"), re.match(re.escape("1+1=2?"), "1+1=2?") is not None)
print(re.search("A", "cba", re.I), re.search("a.b", "a\nb", flags=re.S | re.I), re.I, re.I | re.M, re.findall("^x", "x\nx", re.M))
print(re.sub(r"(a)|(b)", r"[\1\2]", "abc"), re.sub("(?i)HELLO", "bye", "Hello hello"))
tokens = re.compile(r"\s*(?:(\d+\.?\d*)|(.))")
for t in tokens.finditer("3 + 4.5*(2-x)"):
    if t.start(1) >= 0:
        print("number", t.group(1))
    else:
        print("operator", t.group(2))


def bad(pattern: str) -> None:
    try:
        re.compile(pattern)
        print("fine", pattern)
    except re.error as error:
        print(repr(pattern), error)


for pattern in ["(", "a)", "[a", "*a", "a**", "a{3,2}", "\\", "(?P<n>a)(?P<n>b)", "[z-a]", "(?P<1>a)", "\\q", "(?<=a*)b", "\\x1", "(?z)"]:
    bad(pattern)
try:
    re.sub("a", r"\2", "a")
except re.error as error:
    print(error)
for key, value in re.findall(r"(\w+)=(\d*)", "a=1, bc=22, d="):
    print(key, value)
print(re.findall(r"(a)(b)?", "abaab"))
