import json

print(json.dumps({"a": 1, "b": 2}), json.dumps("x\n\"é😀\x7f\u2028\x01/\\\t"), json.dumps("é😀\x7f\x1f", ensure_ascii=False))
print(json.dumps(None), json.dumps([True, False]), json.dumps((1, "a", None)), json.dumps(3), json.dumps(-0.0), json.dumps(1e300), json.dumps(0.1))
print(json.dumps([]), json.dumps({}), json.dumps([[], {}], indent=2) if False else "", json.dumps(""))
print(json.dumps([1.5, float("nan"), float("inf"), -float("inf")]))
print(json.dumps({"k": [1, 2], "z": [], "y": [3]}, indent=2))
print(json.dumps({"k": {"x": 1}, "z": {}}, indent=4, sort_keys=True))
print(json.dumps([1, 2], indent="--"), json.dumps([1, [2, 3]][:1], indent=0))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")), json.dumps([1, 2], separators=("; ", "=")))
print(json.dumps({10: "x", 9: "y"}), json.dumps({10: "x", 9: "y"}, sort_keys=True), json.dumps({1.5: 1}), json.dumps({True: 1, False: 0}, sort_keys=True))
rows: list[dict[str, int | str | None]] = [{"id": 1, "name": "Zoë", "tag": None}, {"id": 2, "name": "b"}]
print(json.dumps(rows), json.dumps(rows, ensure_ascii=False, indent=1))
nested = {"list": [(1, "x"), (2, "y")], "more": [(3, "z")]}
print(json.dumps(nested))
try:
    print(json.dumps([float("nan")], allow_nan=False))
except ValueError as error:
    print(error)
try:
    print(json.dumps(b"abc"))
except TypeError as error:
    print(error)
try:
    print(json.dumps({(1, 2): 3}))
except TypeError as error:
    print(error)

scores: dict[str, list[int]] = json.loads(' {"a": [1, 2], "b": [ ] , "\\u00e9\\ud83d\\ude00": [-3]} ')
print(scores, scores["a"][1])
floats: list[float] = json.loads("[1.5, -2e3, 0.1, 1E-2, NaN, Infinity, -Infinity]")
print(floats)
text: str = json.loads('"a\\n\\t\\"\\\\\\/\\b\\f\\r é😀 \\u0041"')
print(repr(text))
maybe: list[int | None] = json.loads("[1, null, 3]")
print(maybe)
flags: dict[str, bool] = json.loads('{"x": true, "y": false}')
print(flags)
pairs: list[tuple[int, str]] = [(1, "a")]
again: str = json.loads(json.dumps("round \"trip\" \u1234"))
print(again)


def wrong(source: str) -> None:
    try:
        found: list[int] = json.loads(source)
        print(found)
    except json.JSONDecodeError as error:
        print(repr(source), error, error.msg, error.pos, error.lineno, error.colno)


for source in [
    "", "  ", "[1, 2", "[1,]", "[1 2]", "{", '{"a"}', '{"a": }', '{"a": 1,}', '{a: 1}', "nul", "[1] x", '"abc', '["a\nb"]', '["\\x"]',
    '["\\u12"]', "[01]", "[-]", "[1.]", "\n\n[1,\n é]", '["\\', "[1e]", "'a'", "[,]",
]:
    wrong(source)
