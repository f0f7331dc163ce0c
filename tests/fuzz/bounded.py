"""What makes CPython the oracle for ints of 64 bits: put before a program, which is then run by `run_bounded(text)`.

Each operation and each call whose result is an int beyond 64 bits, or a list with one, raises OverflowError as in the
language, so that the edges are compared as well. In: the program's text. Standard library only: this runs under the
oracle.
"""

import ast
import builtins
import copy
import operator

AUGMENTED = {
    ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.FloorDiv: "ifloordiv", ast.Mod: "imod", ast.Div: "itruediv",
    ast.Pow: "ipow", ast.LShift: "ilshift", ast.RShift: "irshift", ast.BitAnd: "iand", ast.BitOr: "ior",
    ast.BitXor: "ixor", ast.MatMult: "imatmul",
}  # fmt: skip


def bounded(value):
    if type(value) is list:  # list(accumulate(numbers)), which adds up unseen
        for item in value:
            bounded(item)
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise OverflowError("integer is wider than 64 bits")
    return value


def sum(items, /, start=0):
    """The built-in function, which adds up unseen."""
    items = list(items)
    total = start
    for item in items if all(type(item) in (int, bool) for item in [start, *items]) else []:
        total = bounded(total + item)
    return builtins.sum(items, start)


def written_int(node):
    """Is it made of int literals, and an int, as `2**63 - 1` is? Then its parts may be wider."""
    wider = (ast.Div, ast.RShift, ast.MatMult, ast.UAdd, ast.Not)  # operators that the language does not look into
    for part in ast.walk(node):
        literal = isinstance(part, ast.Constant) and type(part.value) is int
        if not literal and not isinstance(part, (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)):
            return False
        if isinstance(part, wider):
            return False
    try:
        value = eval(compile(ast.fix_missing_locations(ast.Expression(node)), "fuzz.py", "eval"))
    except (ArithmeticError, ValueError):
        return False
    return type(value) is int and -(2**63) <= value < 2**63


class Bounds(ast.NodeTransformer):
    count = 0

    def visit_BinOp(self, node):
        return node if written_int(node) else self.checked(node)

    visit_UnaryOp = visit_BinOp

    def visit_Call(self, node):
        return self.checked(node)

    def checked(self, node):
        self.generic_visit(node)
        return ast.Call(ast.Name("_bounded", ast.Load()), [node], [])

    def visit_match_case(self, node):
        node.guard = node.guard and self.visit(node.guard)
        block = self.visit(ast.Module(node.body, []))  # which takes several statements for one
        node.body = block.body
        return node

    def visit_AugAssign(self, node):
        """`a.b[c] += d` with its parts evaluated once and in order, and the result checked."""
        self.generic_visit(node)
        target, before = node.target, []
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
            return node

        def kept(value):
            self.count += 1
            name = f"_part{self.count}"
            before.append(ast.Assign([ast.Name(name, ast.Store())], value))
            return ast.Name(name, ast.Load())

        if isinstance(target, ast.Attribute):
            target = ast.Attribute(kept(target.value), target.attr, ast.Store())
        elif isinstance(target, ast.Subscript):
            target = ast.Subscript(kept(target.value), kept(target.slice), ast.Store())
        read = copy.copy(target)
        read.ctx = ast.Load()
        change = ast.Attribute(ast.Name("_operator", ast.Load()), AUGMENTED[type(node.op)], ast.Load())
        result = ast.Call(change, [kept(read), node.value], [])
        return [*before, ast.Assign([target], ast.Call(ast.Name("_bounded", ast.Load()), [result], []))]


def run_bounded(text, names):
    names["_bounded"], names["_operator"], names["sum"] = bounded, operator, sum
    tree = ast.fix_missing_locations(Bounds().visit(ast.parse(text)))
    exec(compile(tree, "fuzz.py", "exec", dont_inherit=True), names)
