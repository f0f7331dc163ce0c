b = b"hello\x00\xff'\""
print(b, len(b), b[0], b[-1], b[1:3], b[::-1], b[::2], b + b"x", b * 2, 2 * b"ab", b == b"hello", b != b"", b < b"z", b <= b, b > b"a", b >= b"zz", 104 in b, b"ell" in b, b"zz" in b)
print(b.find(b"l"), b.find(b"zz"), b.find(b"l", 3), b.index(b"o"), b.count(b"l"), b.count(b""), b.startswith(b"he"), b.endswith(b'"'), b.split(b"l"), b.split(b"l", 1), b",".join([b"a", b"b"]), b.replace(b"l", b"LL"), b.replace(b"l", b"", 1), b"ab".replace(b"", b"-"), b.hex(), bytes.fromhex("68 65ff"), b" x\n".strip(), b"xxaxx".strip(b"x"), b" a".lstrip(), b"a ".rstrip())
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(), list(b"ab"), hash(b"a") == hash(b"a"), bool(b""), [x for x in b"abc"], str(b"a"), repr(b"\\\n\r\t"), b'"', b"'", b"\"'", bytes(range(3)), bytes(x * 2 for x in range(3)))
for data in [b"caf\xc3\xa9", b"\xff", b"a\xc3", b"\xe2\x82", b"\xe2\x28\xa1", b"\xf0\x9f\x98\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80", b"ab\xe2\x82z", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80"]:
    print(data.decode("utf-8", "replace"), data.decode("utf-8", "ignore"), data.decode("utf-8", "backslashreplace"), data.decode("latin-1").encode("latin-1") == data, data.decode("ascii", "replace"))
    try:
        print(data.decode())
    except UnicodeDecodeError as error:
        print(error)
    try:
        print(data.decode("ascii"))
    except UnicodeDecodeError as error:
        print(error)
a = bytearray(b"abc")
a.append(100)
a.extend(b"ef")
a.extend([103, 104])
a[0] = 65
a += b"!"
del a[1]
print(a, len(a), a[0], a[-1], a[1:3], bytes(a), a == b"Acdefgh!", a == bytearray(b"Acdefgh!"), a.pop(), a.find(b"e"), a.startswith(b"A"), a.endswith(b"h"), a.hex(), a.decode(), list(a), 100 in a, b"de" in a, a + b"z", bool(a))
a[1:3] = b"XYZ"
del a[:1]
print(a, bytearray(2), bytearray(), bytearray([1, 2]), bytearray("é", "utf-8"))
a.clear()
print(a)


def attempt(kind: int) -> None:
    try:
        if kind == 0:
            print(b"a"[5])
        elif kind == 1:
            print(bytearray(b"a")[5])
        elif kind == 2:
            print(bytes([256]))
        elif kind == 3:
            print(bytes(-1))
        elif kind == 4:
            bytearray(b"a").append(256)
        elif kind == 5:
            print(bytearray().pop())
        elif kind == 6:
            print(b"a".index(b"x"))
        elif kind == 7:
            print(bytes.fromhex("zz"))
        elif kind == 8:
            print(bytes.fromhex("a"))
        elif kind == 9:
            print(b"a".split(b""))
        elif kind == 10:
            print(300 in b"a")
        elif kind == 11:
            print(b"a".decode("nope"))
        elif kind == 12:
            print(b"ab"[::0])
    except (ValueError, IndexError, LookupError) as error:
        print(kind, error)


for k in range(13):
    attempt(k)
for data in [b"", b"a", b" Hello World\r\nx\n\ny ", b"AbC", b"123", b"a,b,,c", b"\xff\x00 \xe9", b"-42", b"\t\n"]:
    print(data.rfind(b"o"), data.rfind(b""), data.rfind(b"l", 2, 5), data.find(b"", 3), data.count(b"l", 3), data.count(b"", 1, 4), data.partition(b" "), data.rpartition(b","), data.rsplit(b",", 1), data.split(), data.split(None, 1), data.splitlines(), data.splitlines(True))
    print(data.upper(), data.lower(), data.isalpha(), data.isdigit(), data.isalnum(), data.isspace(), data.isascii(), data.isupper(), data.islower(), data.ljust(6), data.rjust(6, b"*"), data.center(7), data.zfill(5), data.removeprefix(b"a"), data.removesuffix(b"c"))
    print(data.translate(bytes.maketrans(b"abc", b"xyz")), data.translate(bytes(range(256)), b"lo"), data.strip(), data[1:3], data[-2:], data[3:1])
print(b"-".join([b"a", b"b"]), b"+".join([bytearray(b"b")]), b"".join(x for x in [b"p", b"q"]), b"abcabc".rindex(b"c"), b"a b".rsplit(b" "))
c = bytearray(b"hello")
c.insert(0, 65)
c.insert(-1, 66)
c.remove(104)
c.reverse()
print(c, c.copy(), c * 2, c < bytearray(b"z"), c.rfind(b"l"), c.index(b"l"), c.count(b"l"), c.replace(b"l", b"L"), c.split(b"l"), c.split(), c.strip(b"oA"), c.upper(), c.lower())
c *= 2
print(c)
try:
    c.remove(1)
except ValueError as error:
    print(error)
