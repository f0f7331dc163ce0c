# %% closed_through_yield_from
def leaf():
    yield 1
    try:
        yield 2
    except GeneratorExit:
        print("leaf closed")
        return
    yield 3

def outer():
    yield 0
    try:
        print((yield from leaf()))
    except GeneratorExit:
        print("outer closed")
        raise
    yield 10

g = outer()
print(next(g), next(g), next(g))
g.close()
try:
    print(next(g))
except StopIteration:
    print("StopIteration")

def twice():
    try:
        got = yield from leaf()
    except ValueError as e:
        print("caught", e)
        got = "thrown"
    yield got

t = twice()
print(next(t), next(t))
print(t.throw(ValueError("in")))
print(list(outer()))
