class Token:
    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            start = i
            while i < len(text) and text[i].isdigit():
                i += 1
            found.append(Token("number", text[start:i]))
        elif c.isalpha():
            start = i
            while i < len(text) and text[i].isalnum():
                i += 1
            found.append(Token("name", text[start:i]))
        else:
            found.append(Token("operator", c))
            i += 1
    return found


class Parser:
    def __init__(self, found: list[Token], names: dict[str, int]) -> None:
        self.found = found
        self.at = 0
        self.names = names

    def peek(self) -> str:
        return self.found[self.at].text if self.at < len(self.found) else ""

    def sum(self) -> int:
        value = self.product()
        while self.peek() == "+" or self.peek() == "-":
            operator = self.found[self.at].text
            self.at += 1
            right = self.product()
            value = value + right if operator == "+" else value - right
        return value

    def product(self) -> int:
        value = self.atom()
        while self.peek() == "*":
            self.at += 1
            value = value * self.atom() % 1000007
        return value

    def atom(self) -> int:
        token = self.found[self.at]
        self.at += 1
        if token.kind == "number":
            return int(token.text)
        if token.kind == "name":
            return self.names[token.text]
        value = self.sum()
        self.at += 1
        return value


text = "(alpha + 12 * beta - 7) * (gamma + 345) - delta * (1 + 2 + 3 * alpha) + 9876"
names = {"alpha": 3, "beta": 14, "gamma": 15, "delta": 92}
total = 0
for i in range(3000):
    names["alpha"] = i
    total += Parser(tokens(text), names).sum()
print(total)
