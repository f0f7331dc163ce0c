import json


def document(number: int) -> str:
    words = ["red", "green", "blue"]
    members = {"id": number, "name": f"item {number}", "tags": words[: number % 4], "price": number * 0.25}
    return json.dumps({"item": members, "next": None if number % 3 == 0 else number + 1})


total = 0
price = 0.0
for i in range(4000):
    found = json.loads(document(i))
    total += found["item"]["id"] + len(found["item"]["tags"]) + len(found["item"]["name"])
    price += found["item"]["price"]
print(total, price)
