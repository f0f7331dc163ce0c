s = "Hello, World"
print(s, len(s), s[0], s[-1], s[1:5], s[::-1], s[::2], s[-5:], s[:-3])
print(s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize())
print(s.find("o"), s.rfind("o"), s.find("z"), s.index("W"), s.count("l"), s.replace("l", "L"), s.replace("l", "L", 1))
print(s.startswith("Hell"), s.endswith("d"), "World" in s, "x" in s, "x" not in s)
print("a,b,,c".split(","), "  a b  c ".split(), "a-b-c".split("-", 1), "a-b-c".rsplit("-", 1), "x\ny\r\nz".splitlines())
print("-".join(["a", "b", "c"]), "".join([]), ", ".join(str(i) for i in range(4)))
print("[" + "  pad ".strip() + "]", "xxhixx".strip("x"), "  l".lstrip() + "|", "r  ".rstrip() + "|")
print("ab" * 3, "=" * 10, "abc" < "abd", "abc" == "abc", "Z" < "a", "" < "a")
print("5".zfill(3), "-5".zfill(4), "hi".center(6, "*"), "hi".ljust(5) + "|", "hi".rjust(5))
print("abc".isalpha(), "ab1".isalnum(), "123".isdigit(), "ABC".isupper(), "abc".islower(), "  ".isspace(), "".isalpha())
print("key=value".partition("="), "a.b.c".rpartition("."), "novalue".partition("="))
print(repr("it's"), repr('say "hi"'), repr("tab\tnew\nback\\"), repr("é\x00\x7f"), repr("both ' and \""))
print("naïve café", len("naïve café"), "日本語"[1], len("日本語"), "😀"[0], "日本語"[::-1], "ÄÖÜ".lower(), "straße".upper())
print(ord("A"), chr(97), ord("é"), chr(8364), ord("😀"))
print("%", "a" "b", r"raw\n", "multi\
line")
for ch in "añb":
    print(ch, end=" ")
print()
print("abc".encode(), b"bytes", b"x\x00\xff", "é".encode("utf-8"), b"caf\xc3\xa9".decode())
print(sorted("hello"), list("abc"), "".join(reversed("abc")))
print("removeprefix".removeprefix("remove"), "file.txt".removesuffix(".txt"))
print("a\tb".expandtabs(4), "x".join("abc"))
try:
    "abc".index("z")
except ValueError as error:
    print("ValueError", error)
try:
    int("12x")
except ValueError as error:
    print(error)
try:
    float("x.y")
except ValueError as error:
    print(error)
