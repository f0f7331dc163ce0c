def escape(cr: float, ci: float, limit: int) -> int:
    zr = 0.0
    zi = 0.0
    for n in range(limit):
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        if zr * zr + zi * zi > 4.0:
            return n
    return limit


total = 0
for y in range(120):
    for x in range(160):
        total += escape(x / 60.0 - 2.0, y / 60.0 - 1.0, 80)
print(total)
