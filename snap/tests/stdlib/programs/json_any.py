import json
data = json.loads('{"name": "Ada", "tags": ["x", "y"], "n": 3, "f": 1.0, "ok": true, "none": null, "nested": {"a": [1, {"b": 2}]}}')
print(data)
print(data["name"], data["tags"][0], data["n"] + 1, data["f"], data["nested"]["a"][1]["b"])
for tag in data["tags"]:
    print(tag)
for key, value in data.items():
    print(key, value)
print(json.dumps(data), json.dumps(data, indent=2, sort_keys=True))
print(len(data), "name" in data, data.get("zzz"), data.get("n"))
if data["ok"]:
    print("yes")
n: int = data["n"]
print(n * 2, isinstance(data["n"], int), sorted(data.keys()))
total = 0
for item in json.loads("[1, 2, 3]"):
    total += item
print(total)

data["new"] = [1, 2]
print(data["new"], json.dumps(data["new"]))
print(json.loads("3"), json.loads('"s"'), json.loads("null"))
