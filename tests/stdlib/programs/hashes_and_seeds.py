import hashlib
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
    for data in (b"", b"abc", b"x" * 55, b"y" * 56, b"z" * 64, bytes(range(256)) * 3):
        print(name, len(data), hashlib.new(name, data).hexdigest())
h = hashlib.sha256()
h.update(b"hello "); k = h.copy(); h.update("wörld".encode())
print(h.hexdigest(), k.hexdigest(), h.digest_size, h.block_size, h.name, h.digest()[:4])
print(hashlib.md5(b"a").hexdigest()[:8], int(hashlib.sha1(b"x").hexdigest()[:8], 16) % 100, hashlib.sha512(b"q").digest()[:3])
try:
    hashlib.new("crc")
except ValueError as e:
    print("bad")
import random
for s in ("text", "", "é", b"bytes", b"\0\0", 1, -7, 2**40, True, bytearray(b"ba")):
    random.seed(s)
    print(s, random.random(), random.randint(1, 1000), random.Random(s).random())
r = random.Random("seed")
print([r.randint(0, 9) for _ in range(10)], r.choice("abc"))
random.seed("x"); a = random.random(); random.seed(); print(a, random.random() != a)
class R2(random.Random):
    pass
print(R2(5).random(), random.Random(x=5).random())
random.seed(a=42); print(random.random())
