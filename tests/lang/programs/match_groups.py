# %% references
import re
print(re.findall(r"\b(\w+) \1\b", "the the cat sat sat on on the mat"))
print(re.sub(r"(.)\1+", lambda m: f"{len(m.group(0))}{m.group(1)}", "aaabccdddd"))
print(re.match(r"(?P<q>['\"])(.*?)(?P=q)", "'it\"s' x").group(2))
print(re.search(r"<(\w+)>.*?</\1>", "<p>a <b>bold</b> word</p>").group())
print(re.findall(r"(?i)(ab)-\1", "ab-AB Ab-aB xx"))
print([m.span() for m in re.finditer(r"(a|b)*\1", "aabbab")])
print(re.fullmatch(r"(a+)(b+)\1\2", "aabbbaabbb"), re.fullmatch(r"(a+)(b+)\1\2", "aabbbaab"))
print(re.split(r"(-)\1", "a--b-c--d"))
print(re.match(r"(a)?(b)?\2", "bb"), re.match(r"(a)?\1b", "b"))
m = re.match(r"(\d+)(\.\d+)?", "42")
print(m.group(2), m.group(2) is None, m.group(1), m.group(2) or "none", m.group("x") if False else 0)
for bad in (r"(a\1)", r"\2(a)", r"(?P=n)"):
    try:
        re.compile(bad)
    except re.error as e:
        print(e)
print(re.findall(r"(?:(x)|y)*\1", "yxyxx"))
print(re.sub(r"(\w+) (\w+) \1", r"[\2:\1]", "a b a c d c"))
def check(text):
    m = re.match(r"(?P<user>\w+)@(?P<host>\w+)(?::(?P<port>\d+))?", text)
    if m:
        port = m.group("port")
        return m.group("user"), m.group("host"), int(port) if port else 80
    return None
print(check("me@x:81"), check("me@x"), check("-"))
# %% annotated
import re


def fields(text: str) -> dict[str, str]:
    match = re.match(r"(?P<key>\w+)=(?P<value>\w+)?", text)
    if match is None:
        return {}
    found = match.groupdict()
    key, value = match.groups()
    print(key, value is None, found["value"] or "-", match["key"])
    return {found["key"]: found["value"] or ""}


print(fields("a=1"), fields("b="), fields("-"))
# %% pairs
print(dict(p.split("=") for p in "a=1&b=2".split("&")))
print(dict([[1, 2], [3, 4]]), dict(["ab", "cd"]), dict([(1, "x")]), dict(zip("ab", [1, 2])))
d = {"z": "q"}
d.update(p.split("=") for p in "a=1&b=2".split("&"))
d.update(["xy"])
print(d)
try:
    print(dict(p.split("=") for p in "a=1&b".split("&")))
except ValueError as e:
    print(e)
def parse(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split(","))
print(parse("a:1,b:2"))
