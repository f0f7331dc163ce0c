import io, sys
from io import StringIO
buf = io.StringIO()
print("a", 1, 2.5, file=buf)
n = buf.write("héllo\n")
print(n, repr(buf.getvalue()))
buf.seek(0)
print(repr(buf.readline()), repr(buf.read(2)), buf.tell(), repr(buf.read()), repr(buf.read()))
for line in StringIO("x\ny\n\nz"):
    print(repr(line))
f = io.StringIO("one\ntwo\nthree")
print(next(f), [l.strip() for l in f], f.read())
f.seek(2); f.write("XY"); print(repr(f.getvalue()), f.tell()); f.seek(0, 2); f.write("!"); print(f.getvalue())
f.seek(0); f.truncate(3); print(f.getvalue(), f.readlines())
with io.StringIO() as g:
    g.writelines(["a\n", "b\n"])
    print(g.getvalue().splitlines(), g.closed)
print(g.closed)
try:
    g.write("x")
except ValueError as e:
    print(e)
old = sys.stdout
sys.stdout = io.StringIO()
print("hidden")
text = "hidden\n"
sys.stdout = old
print("got", repr(text))
print(list(io.StringIO("a\r\nb\rc\n", newline="")), list(io.StringIO("a\r\nb\rc\n", newline=None)), list(io.StringIO("a\r\nb\rc\n")))
class Tee:
    def __init__(self, *files): self.files = files
    def write(self, s):
        for f in self.files: f.write(s)
    def flush(self): pass
keep = io.StringIO()
print("both", 1, file=Tee(keep, sys.stdout))
print(keep.getvalue(), end="")
def log(msg, out=None):
    print(msg, file=out or sys.stdout)
log("x"); log("y", keep); print(repr(keep.getvalue()))
def emit(msg: str, to: StringIO | None = None) -> None:
    print("[", msg, "]", sep="", file=to)
emit("q"); emit("r", keep); print(repr(keep.getvalue()))
from contextlib import redirect_stdout
buf = io.StringIO()
with redirect_stdout(buf):
    print("captured", 1, 2, sep="-")
print(repr(buf.getvalue()))
def noisy():
    print("inside")
    raise ValueError("x")
try:
    with redirect_stdout(io.StringIO()) as f:
        noisy()
except ValueError as e:
    print("after", e, repr(f.getvalue()))
with redirect_stdout(buf):
    print("a")
    with redirect_stdout(io.StringIO()) as g:
        print("b")
    print("c")
print(repr(buf.getvalue()), repr(g.getvalue()))
def capture(fn, *args):
    out = io.StringIO()
    with redirect_stdout(out):
        fn(*args)
    return out.getvalue()
print(capture(print, "x", "y").upper())
