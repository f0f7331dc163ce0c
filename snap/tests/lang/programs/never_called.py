# Functions that nobody calls: nothing is known of their parameters, and nothing is wrong with them.
def looped(c):
    for x in [c]:
        print(x)
    return [x + x for x in (c, c)]


def comprehended(c, d):
    return dict(zip([x for x in [c] if True], list({y.strip() for y in [d.rjust(3)]})))


print("fine")
