x = 3.14159
n = 42
name = "pie"
print(f"{x:.2f} {x:8.3f} {x:<8.1f}| {x:>10.4f} {x:^10.2f}| {x:+.1f} {x:e} {x:.3e} {x:g} {x:%}")
print(f"{n} {n:5d} {n:<5}| {n:05d} {n:x} {n:#x} {n:b} {n:o} {n:,} {1234567:,} {n:+d} {-n:d}")
print(f"{name} {name:>8} {name:<8}| {name:^9}| {name!r} {name:*^9}")
print(f"{x=} {n = } {name=!s}")
print(f"{{literal}} {n + 1} {'nested ' + name} {[1, 2, 3]} {(1, 'a')} { {'k': 1} }")
width = 10
print(f"{x:{width}.{2}f}| {name:>{width}}|")
print(f"{True} {None} {1e10} {1e-7} {10**15} {0.1} {100.0}")
print(f"{1234.5678:.2f} {0.5:.0f} {1.5:.0f} {2.5:.0f} {1e6:,.2f} {123456789.123:,.1f}")
print(str(1.0), repr(2.50), str(True), repr("x"), format(3.7, ".1f"), format(255, "x"))
print(f"{'a' if n > 40 else 'b'} {n!r:>6}")
