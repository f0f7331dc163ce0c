# `main`'s result is packed by what the library knows before `json` adds a class below the packer
import json


def main() -> str:
    print(json.dumps("x"), json.dumps(["a", "b"]))  # "x" ["a", "b"]
    return "x"


if __name__ == "__main__":
    main()
