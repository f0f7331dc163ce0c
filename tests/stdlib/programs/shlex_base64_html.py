import shlex, base64, html, binascii
for line in ['add "Buy milk" !A #home', "a 'b c' d\\ e", '"x\\"y\\z" \'p\\q\'', "", "  ", "''", 'a"b"c', "a # b\nc"]:
    print(shlex.split(line), shlex.split(line, comments=True))
for bad in ('"open', "it's", "end\\"):
    try:
        print(shlex.split(bad))
    except ValueError as e:
        print("E", e)
print(shlex.quote("a b"), shlex.quote("it's"), shlex.quote("ok-1.txt"), shlex.quote(""), shlex.join(["ls", "-l", "my file"]))
for raw in (b"", b"f", b"fo", b"foo", b"hello world", bytes(range(250, 256))):
    e = base64.b64encode(raw)
    print(e, base64.b64decode(e) == raw, base64.urlsafe_b64encode(raw), base64.urlsafe_b64decode(base64.urlsafe_b64encode(raw)) == raw, base64.b32encode(raw), base64.b32decode(base64.b32encode(raw)) == raw, base64.b16encode(raw), base64.b16decode(base64.b16encode(raw)))
print(base64.b64decode("aGk=").decode(), base64.b64decode("aG k=\n"), base64.b64encode("é".encode()).decode())
for bad in ("aGk", "a", "aGkx=", "aGk=aGk=", "====", "aGk=="):
    try:
        print(base64.b64decode(bad))
    except binascii.Error as e:
        print("E", e)
print(html.escape('<a href="x">it\'s & co</a>'), html.escape('"q"', quote=False))
print(html.unescape("&lt;b&gt; &amp;amp; &#65;&#x42; &quot;x&quot; &#39; AT&T a & b"))
print(binascii.hexlify(b"\x01\xff"), binascii.unhexlify("01ff"), base64.b16decode("0aff", True))
print(b"%d%%" % 5, b"%03d|%x|%.2f" % (7, 255, 2.5), b"abc".index(99), b"abc".find(120), b"aab".count(97), b"abc".rfind(b"c"))
try:
    b"a".index(300)
except ValueError as e:
    print(e)
try:
    b"a".index(66)
except ValueError as e:
    print(e)
