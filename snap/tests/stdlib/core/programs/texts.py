words = ["", "a", "hello", "Hello World", "  pad  ", "a,b,,c", "ÄÖÜ straße", "日本語テキスト", "emoji 😀 end", "tab\tnew\nline", "'quote'", '"double"', "both ' and \"", "back\\slash", "ctrl\x00\x1f\x7f\x80\xa0\xad", "ﬁ ǆ ΑΣ ΣΑΣ. İ", "x" * 50]
for w in words:
    print(len(w), repr(w), w == w + "", w != "a", bool(w), w < "b", w <= "a", w > "Z", w >= "a", hash(w) == hash(w + ""))
    print([c for c in w], w[::-1], w[1:], w[:2], w[-3:], w[1:-1], w[::2], w[5:2], w[100:], w[-100:2], w[::-2], w[3::-1], w[:-2:-1])
    print([w.upper(), w.lower(), w.title(), w.capitalize(), w.swapcase(), w.casefold()])
    print(w.isalpha(), w.isdigit(), w.isdecimal(), w.isnumeric(), w.isalnum(), w.isspace(), w.isupper(), w.islower(), w.istitle(), w.isascii(), w.isprintable())
    print([w.strip(), w.lstrip(), w.rstrip(), w.strip("a "), w.strip("é日"), w.lstrip("Hh"), w.rstrip("do語")])
    print(w.split(), w.split(","), w.split(None, 1), w.split(" ", 1), w.rsplit(None, 1), w.rsplit(" ", 1), w.split(maxsplit=1), w.rsplit(), w.splitlines(), w.splitlines(True), w.partition(" "), w.rpartition(" "))
    print(w.find("l"), w.rfind("l"), w.find("é"), w.find(""), w.rfind(""), w.find("o", 5), w.find("o", -3), w.find("l", 1, 3), w.rfind("l", 0, 3), w.count("l"), w.count(""), w.count("l", 3), w.find("", 100), w.find("本"), w.index(""))
    print([w.replace("l", "L"), w.replace("", "-"), w.replace("l", "", 1), w.replace("", "-", 2), w.replace("zz", "y"), w.replace("a", "ä")])
    print(w.startswith("He"), w.endswith("ld"), w.startswith(""), w.endswith(""), w.startswith(("a", "h")), w.endswith(("o", "d")), w.startswith("l", 2), w.startswith("", 3), w.endswith("l", 0, 4), "l" in w, "" in w, "zz" not in w)
    print([w.ljust(8), w.rjust(8), w.center(8), w.center(9, "*"), w.ljust(6, "."), w.rjust(6, "é"), w.zfill(8), w * 2, w * 0, w * -1, 2 * w])
    print([w.removeprefix("He"), w.removesuffix("ld"), w.expandtabs(), w.expandtabs(4), w.join(["1", "2", "3"]), "-".join(w)])
    print(w.encode(), w.encode("utf-8").decode(), ascii(w), str(w) == w)
print("-".join(["a"]), "".join([]), ", ".join(str(i) for i in range(4)), "".join(sorted("hello")), "é".join(["x", "y"]), " ".join(("t", "u")))
print("0042".isdecimal(), "²".isdigit(), "²".isdecimal(), "½".isnumeric(), "½".isdigit(), "Ⅷ".isnumeric(), "一".isnumeric(), "ʰ".isalpha(), "ª".islower(), "ǅ".istitle(), "ǅ".swapcase(), "ß".upper(), "ŉ".title(), "ა".upper(), "Ა".lower(), "ა".title(), "ꭰ".casefold(), "Ꭰ".casefold())
print("-5".zfill(5), "+5".zfill(5), "5".zfill(1), "--5".zfill(5), "abc".center(10), "abcd".center(9), "abc".center(2), "a b  c ".split(" "), "".split(","), "".split(), "a\x1cb\x85c\u2028d\r\ne\n\nf".splitlines(), "\n".splitlines(), "ab\rcd".splitlines(True))
print("hello".translate({104: "J", 111: "0"}), "x=%s" in "x=%s", "abc" < "abd", "abc" < "ab", "Z" < "a", "é" > "z", "a" < "😀", "" < "a")
print(ord("a"), ord("é"), ord("😀"), chr(97), chr(233), chr(128512), chr(0) == "\0", max("hello"), min("hello"), sorted("bca"), list("héy"), "".join(reversed("abc😀")))
for i in [-12, -11, -1, 0, 10, 11, 100]:
    try:
        print("Hello World"[i], "日本語"[i] if -4 < i < 4 else "")
    except IndexError as error:
        print(error)


def attempt(kind: int) -> None:
    try:
        if kind == 0:
            print("abc".index("x"))
        elif kind == 1:
            print("abc".rindex("x"))
        elif kind == 2:
            print("abc".split(""))
        elif kind == 3:
            print(ord("ab"))
        elif kind == 4:
            print(chr(-1))
        elif kind == 5:
            print(chr(1114112))
        elif kind == 6:
            print("abc".partition(""))
        elif kind == 7:
            print("abc"[::0])
        elif kind == 8:
            print("é".encode("ascii"))
        elif kind == 9:
            print("a€".encode("latin-1"))
        elif kind == 10:
            print("a".encode("nope"))
        elif kind == 11:
            print("x".center(5, "ab"))
        elif kind == 12:
            print("abc".rsplit(""))
        elif kind == 13:
            print("abc".rpartition(""))
        elif kind == 14:
            print(ord(""))
    except (ValueError, TypeError, LookupError) as error:
        print(error)


for k in range(15):
    attempt(k)
print("é€".encode("ascii", "replace"), "é€😀".encode("ascii", "backslashreplace"), "é€".encode("latin-1", "ignore"), "aé".encode("latin-1"), "abc".encode("ascii"), str(b"caf\xc3\xa9", "utf-8"))
text = ""
for i in range(300):
    text += chr(0x3B1 + i % 20) if i % 3 else "x"
print(text[100:120], text.count("x"), text.find("λ"), len(text), text.upper()[:10], text[250])
print("%d" in "%d", "a" "b", """tri
ple""", r"raw\n", "\u00e9\x41\101\N{BULLET}")
