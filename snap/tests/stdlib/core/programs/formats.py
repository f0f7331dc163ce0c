ints = [0, 5, -5, 1234567, -1234567, 255, 9223372036854775807, -9223372036854775808]
for n in ints:
    print(f"[{n:d}|{n:5}|{n:<12}|{n:>12}|{n:^12}|{n:+}|{n: }|{n:,}|{n:_}|{n:x}|{n:X}|{n:#x}|{n:b}|{n:#b}|{n:o}|{n:#o}]")
    print(f"[{n:08}|{n:+012}|{n:*^15}|{n:=+15}|{n:#010x}|{n:_x}|{n:_b}|{n:015,}|{n:<08}|{n:e}|{n:.2f}|{n:%}|{n:g}|{n:n}]")
print(f"{65:c}{8364:c}|{97:>3c}|{97:<3c}|{97:c}")
floats = [0.0, -0.0, 1.0, -1.5, 3.14159, 1234567.891, 1e10, 1e-10, 123456789.0, 0.00012345, 1e100, 99.995, 0.5]
for x in floats:
    print(f"[{x:}|{x:10}|{x:<10}|{x:^14}|{x:+}|{x:.0f}|{x:.1f}|{x:.3f}|{x:10.2f}|{x:010.2f}|{x:+.2f}|{x: .2f}|{x:,.2f}|{x:_.3f}]")
    print(f"[{x:e}|{x:.0e}|{x:.3e}|{x:E}|{x:g}|{x:.3g}|{x:#.3g}|{x:G}|{x:.10g}|{x:%}|{x:.1%}|{x:.3}|{x:.1}|{x:#.0f}|{x:#.0e}|{x:z.0f}|{x:*>+12.1f}|{x:=12.1f}|{x:020,.1f}]")
inf = float("inf")
nan = float("nan")
print(f"{inf:f}|{-inf:10}|{nan:5}|{inf:05}|{nan:F}|{inf:E}|{inf:%}|{-inf:+}|{nan:+}|{inf:,.1f}|{inf:^9}")
for s in ["", "a", "hello", "héllo", "日本"]:
    print(f"[{s}|{s:10}|{s:<10}|{s:>10}|{s:^10}|{s:*^9}|{s:.2}|{s:5.1}|{s:s}|{s!r}|{s!r:>12}|{s!s:4}]")
width = 8
precision = 3
print(f"{3.14159:{width}.{precision}f}|{42:{width}}|{'x':>{width}}|{{}}|{1 + 1}|{'nested ' + f'{2}'}")
value = 7
print(f"{value=}|{value = }|{value=:03}|{value!r}|{'q'=}")
print(format(5, "03"), format(2.5), format("x", ">3"), format(3.0, ".1f"), format(True), format(True, "d"), format(12345, ","))


def attempt(number: int, spec: str) -> None:
    try:
        print(format(number, spec))
    except ValueError as error:
        print(error)


def attempt_float(number: float, spec: str) -> None:
    try:
        print(format(number, spec))
    except ValueError as error:
        print(error)


def attempt_str(text: str, spec: str) -> None:
    try:
        print(format(text, spec))
    except ValueError as error:
        print(error)


for spec in ["s", "q", "10.3", ",s", ",_d", ".2d", "zd", "+c", ",x", "5.", "12345678901234567890123", "dd", "_x", "é", "#c", ",c"]:
    attempt(42, spec)
for spec in ["d", "s", "x", "q", "%%", "ff", ".", "10.2q", ",_f", "é<8", "_>9.2f", ",e", "_g"]:
    attempt_float(42.5, spec)
for spec in ["d", "+s", " s", "=5", "#s", ",s", "zs", "05", "f", "<<5", "=>5", ".0", "10.2s", "z<4", "<05", "ss"]:
    attempt_str("abc", spec)
