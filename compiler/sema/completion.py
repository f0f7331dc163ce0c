"""One class: what its bases, decorators and body say → its base, its kind and its members, before anything asks for
them. Complains of what a class cannot have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..rewrite.flags import FLAGS
from ..rewrite.oldstyle import LEARNED
from ..rewrite.quoted import quoted, quoted_function
from ..syntax import tree
from ..syntax.node import walk
from ..syntax.parts import blocks, is_literal, surely_set, targets, unplaced
from ..syntax.source import Span
from . import errors, records, relations
from .bases import IN_FIELD, order_of, single
from .declarations import (
    PLAIN_VALUE,
    ClassDecl,
    Dataclass,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    OverloadDecl,
    PropertyDecl,
    SpecialForm,
    Symbol,
    own_name,
)
from .defaults import written
from .mixins import MIXINS
from .modules import add_form, class_declaration, decorated, function_declaration
from .types import ERROR, ClassType

if TYPE_CHECKING:
    from .members import Members

ENUMS = {"Enum": "", "IntEnum": "int", "StrEnum": "str", "Flag": "", "IntFlag": "int"}
REDEFINED = {
    "dict": (
        "__getitem__", "__setitem__", "__delitem__", "__contains__", "__missing__",
        "get", "pop", "setdefault", "update",
    ),
    "list": ("append", "extend", "insert", "pop", "remove"),
}  # fmt: skip
"""Methods of built-in classes that a class below may have its own for."""
WITH_MISSING = """
def __getitem__(self, key):
    if key in self.keys():
        return super().__getitem__(key)
    return self.__missing__(key)
"""
PLAIN = ("int", "float", "str")
"""Classes of values that a class may be below: its objects hold the value."""


class Completion:
    def __init__(self, members: Members, decl: ClassDecl) -> None:
        self.members, self.decl, self.module = members, decl, decl.module
        self.own = decl.members
        self.program, self.annotations = members.program, members.program.annotations
        self.report = members.report

    def run(self) -> None:
        node = self.decl.node
        assert node is not None
        if self.decl.original is None:
            self._base(node)
        self._decorators()
        for statement in (*records.machine_operators(self.decl), *node.body) if self.decl.representation else node.body:
            if self.decl.original is None or not self._shared(self.decl.original, statement):
                self.member(statement)
        for statement in list(records.derived(self.decl)) if self.module.library else ():
            self.member(statement)
        if self.decl.is_protocol:
            self.decl.conforms = self.members.conforms
            for member in [*self.own.values()]:
                if isinstance(member, FieldDecl) and member.annotation is not None:
                    name, kind = member.name, member.annotation
                    said = quoted_function("def name(self) -> kind: ...", member.span, name=name, kind=kind)
                    getter = FunctionDecl(name, f"{self.decl.name}.{name}", self.module, said, self.decl, kind="getter")
                    self.own[name] = PropertyDecl(name, getter)
                elif isinstance(member, FieldDecl | GlobalDecl):
                    self._refuse(member.span, "a value in a Protocol", "ask for it by its type: `name: str`")
        for name in self.decl.mixes:
            self._mix_in(name)
        if self.decl.dataclass is not None:
            records.add_methods(self.decl, self.decl.dataclass, self.members.find_member, self.report)
        if self.decl.is_enum:
            records.add_enum_members(self.decl)
        elif self.decl.plain is not None:
            above = self._inherited("__init__")
            beside = self.decl.base is not None and self.decl.base.decl.plain is None  # a mixin
            if above is not None and (beside or "__init__" in self.own) and "__new__" not in self.own:
                what = f"an `__init__` below one of a class below `{self.decl.plain}`"
                self._refuse(self.decl.span, what, "write a `__new__`, or leave one out")
            for name in {"__eq__", "__ne__", *records.ORDER} & self.own.keys():
                what = f"`{name}` in a class below `{self.decl.plain}`"
                self._refuse(self.decl.span, what, "give the method a name, or keep the value in a field")
            records.add_plain_members(self.decl, PLAIN_VALUE, above)
        for member in () if self.module.library else list(self.own.values()):  # those of the library name theirs
            for form in member.forms if isinstance(member, FunctionDecl | OverloadDecl | PropertyDecl) else ():
                if form.kind not in ("static", "class"):
                    self._assigned_fields(form)
        chain = () if self.decl.base is None or self.module.library else relations.ancestors(self.decl.base)
        built_in = next((item.decl for item in chain if item.decl.module.core and item.args), None)
        if built_in is not None:
            self._keeps_methods(built_in)
        self.program.subclassed(self.decl)
        if not self.module.library:
            self._skipped_fields()
        if not (self.module.library or self.decl.dataclass or self.decl.is_enum or self.decl.is_protocol):
            self._unsure_fields()

    def _shared(self, original: ClassDecl, node: tree.Stmt) -> bool:
        """Class variables and inner classes of a class that is made again are those of the class itself."""
        if isinstance(node, tree.FunctionDef):
            if isinstance(held := original.members.get(node.name), GlobalDecl):
                what = f"the decorator of `{node.name}` in a class that stands beside other base classes"
                self._refuse(held.span, what, "call the function inside the method")
            return isinstance(held, GlobalDecl)
        names = [node.name] if isinstance(node, tree.ClassDef) else [getattr(item, "id", "") for item in targets(node)]
        for name in names:
            known = original.members.get(name)
            if isinstance(known, FieldDecl) and known.default is not None and original.dataclass is None:
                self.members.shadow(original, name)
            known = original.members.get(name)
            if isinstance(known, GlobalDecl | ClassDecl):
                self.own[name] = known
                for field in (own_name(name), own_name(name, "set")):
                    if field in original.members:
                        self.own[field] = original.members[field]
        return any(name in self.own for name in names)

    # --- what is above -------------------------------------------------------------------------------------------

    def _base(self, node: tree.ClassDef) -> None:
        bases = self._bases(node)
        if self.decl.is_enum and bases and bases[0].decl.module.core and bases[0].decl.name in ("int", "str"):
            self.decl.plain = bases.pop(0)  # `class C(str, Enum)`
        elif bases and bases[0].decl.is_enum:
            above = bases[0].decl
            self.decl.is_enum, self.decl.plain, self.decl.shows_name = True, above.plain, above.shows_name
        value = None
        if bases and bases[-1].decl.name in PLAIN and bases[-1].decl.module.core and not self.module.library:
            value = bases.pop()
        if len(bases) > 1:
            bases = single(self.members, self.decl, bases)
        if bases and relations.as_base(bases[0], self.decl) is not None:
            what = f"the base of `{self.decl.name}`"
            self.report(errors.TooDeep(self.module.source, node.bases[0].span, what=what))
            bases = []
        built_in = next(
            (item for item in bases for item in [*relations.ancestors(item)][:-1] if item.decl.module.core), None
        )
        if value is not None and built_in is not None:
            self._refuse(self.decl.span, f"`{value}` beside `{built_in.decl.display}`", IN_FIELD)
        elif value is not None:
            self.decl.plain = value
            kind = tree.Name(self.decl.span, self.decl.plain.decl.name)
            self.own[PLAIN_VALUE] = FieldDecl(PLAIN_VALUE, self.decl.span, kind, None, False)
        elif bases and bases[0].decl.plain is not None and not self.decl.is_enum:
            self.decl.plain = bases[0].decl.plain
        if bases and bases[0].decl.representation and not self.module.core:
            self._refuse(node.bases[0].span, f"a class below `{bases[0]}`", "keep the value in a field")
            bases = []
        if bases:
            self.decl.base = bases[0]
        elif self.decl.representation in ("", "raw") and self.decl.name != "object":
            self.decl.base = self.program.core_type("object")
        if self.decl.base is not None:
            self.decl.base.decl.subclasses.append(self.decl)
            self.decl.finalizer = self.decl.finalizer or self.decl.base.decl.finalizer
        takes = self._inherited("__init_subclass__")
        for keyword in node.keywords:
            if not (takes or (keyword.arg == "metaclass" and self._is_form(keyword.value, "ABCMeta"))):
                self._refuse(keyword.span, "an argument in a class header", "leave it out")

    def _bases(self, node: tree.ClassDef) -> list[ClassType]:
        """The classes among what is named above it; the rest says what kind of class it is."""
        bases: list[ClassType] = []
        for named in node.bases:
            symbol = self._named(named.value if isinstance(named, tree.Subscript) else named)
            if isinstance(symbol, SpecialForm) and self._is_kind(symbol.name, node, named.span):
                if symbol.name == "ABC":
                    self.decl.named += (self.program.abc,)
                continue
            if isinstance(symbol, ClassDecl) and symbol.name == "object" and symbol.module.core:
                if node.type_params or named is not node.bases[-1]:
                    self._refuse(named.span, "`object` before another base class", "leave it out")
                continue
            if isinstance(symbol, ClassDecl) and isinstance(named, tree.Name | tree.Attribute):
                found = self.annotations.class_named(symbol, (), named, self.module)
            else:
                variables = {item.name: item for item in self.decl.type_params}
                found = self.annotations.resolve(named, self.module, variables)
            if isinstance(found, ClassType):
                bases.append(found)
                self.decl.named += (found,)
            elif found is not ERROR:
                problem = f"`{found}` cannot be a named class"
                self.report(errors.ClassProblem(self.module.source, named.span, problem=problem))
        return bases

    def _is_kind(self, name: str, node: tree.ClassDef, span: Span) -> bool:
        """Does the name, among the bases, make it another kind of class?"""
        decl = self.decl
        match name:
            case _ if name in ENUMS:
                decl.is_enum, plain, decl.is_flag = True, ENUMS[name], name in FLAGS
                if decl.is_flag and "_missing_" not in {getattr(item, "name", "") for item in node.body}:
                    what = "a Flag with values that are no plain numbers, or with bits that are no member's alone,"
                    self._refuse(span, what, "give each bit a member: `READ = 1`")
                decl.plain, decl.shows_name = (self.program.core_type(plain), False) if plain else (None, True)
            case "Protocol":
                decl.is_protocol = True
            case "NamedTuple":
                decl.is_named_tuple, decl.dataclass = True, Dataclass(frozen=True, order=True)
            case _ if name in MIXINS:
                decl.mixes += (name, *MIXINS[name][2])
            case _:
                return name == "Generic"
        return True

    def _decorators(self) -> None:
        others: list[tree.Expr] = []
        for decorator in self.decl.decorators:
            if self._is_form(decorator, "runtime_checkable"):
                self.decl.checkable = True
                continue
            if self._is_form(decorator, "unique"):
                continue
            call = decorator if isinstance(decorator, tree.Call) else None
            symbol = self._named(call.func if call is not None else decorator)
            if isinstance(symbol, SpecialForm) and symbol.name == "dataclass":
                record = Dataclass()
                for keyword in call.keywords if call is not None else ():
                    value = keyword.value.value if isinstance(keyword.value, tree.BoolLiteral) else None
                    if keyword.arg in ("frozen", "order", "eq", "init", "repr", "kw_only") and value is not None:
                        setattr(record, keyword.arg, value)
                    elif keyword.arg == "slots":
                        self.decl.slotted = value is True
                    else:
                        are = "frozen, order, eq, init, repr, kw_only and slots are"
                        self._refuse(keyword.span, f"`{keyword.arg}` of dataclass", are)
                self.decl.dataclass = record
            else:
                others.append(decorator)
        self.decl.decorators = tuple(others)

    # --- what is in it -------------------------------------------------------------------------------------------

    def member(self, node: tree.Stmt) -> None:
        match node:
            case tree.FunctionDef():
                self._method(node)
            case tree.AnnAssign(target=tree.Name() as target):
                self._annotated(node, target)
            case tree.Assign(targets=(tree.Tuple(elts=into),), value=tree.Tuple(elts=values)) if len(into) == len(
                values
            ) and all(isinstance(item, tree.Name) for item in into):
                for item, value in zip(into, values, strict=True):
                    self.member(tree.Assign(node.span, (item,), value))
            case tree.Assign():
                for item in node.targets:
                    if isinstance(item, tree.Name):
                        self._assigned(item, node)
                    else:
                        self._refuse(item.span, "this assignment in a class body", "one name on the left")
            case tree.ClassDef() if not self.module.library:
                inner = class_declaration(node, self.module, f"{self.decl.qualified}.{node.name}")
                self.own[node.name] = inner
            case tree.Pass() | tree.ExprStmt(value=tree.StringLiteral() | tree.EllipsisLiteral()):
                pass
            case _:
                instead = "methods, fields and constants can stand here"
                self._refuse(node.span, "this statement in a class body", instead)

    def _method(self, node: tree.FunctionDef) -> None:
        form = function_declaration(node, self.module, f"{self.decl.name}.{node.name}", self.decl)
        known = self.own.get(node.name)
        if form.decorated and not self.module.library:
            self._decorated_method(form)
        elif form.kind == "getter":
            self.own[node.name] = PropertyDecl(node.name, form)
        elif form.kind in ("setter", "deleter"):
            if isinstance(known, PropertyDecl):
                setattr(known, form.kind, form)
        else:
            names: dict[str, Symbol] = {node.name: known} if isinstance(known, FunctionDecl | OverloadDecl) else {}
            add_form(names, form)
            made = names[node.name]
            assert isinstance(made, FunctionDecl | OverloadDecl)
            self.own[node.name] = made

    def _annotated(self, node: tree.AnnAssign, target: tree.Name) -> None:
        name, no_record = target.id, self.decl.dataclass is None
        annotation = node.annotation if self.module.library else written(node.annotation)
        of_class = isinstance(annotation, tree.Subscript) and self._is_form(annotation.value, "ClassVar")
        inherited = self._inherited(name)
        if isinstance(inherited, FieldDecl) and not of_class and no_record:
            self._same_field(node, inherited)
        elif of_class or (node.value is not None and no_record):
            self.own[name] = GlobalDecl(name, self.module, target.span, annotation, node.value, self.decl)
        else:
            learned = isinstance(annotation, tree.Name) and annotation.id == LEARNED
            self.own[name] = FieldDecl(name, target.span, None if learned else annotation, node.value)

    def _assigned(self, target: tree.Name, node: tree.Assign) -> None:
        """`name = value`: what the class holds for all its objects."""
        name, value, base = target.id, node.value, self.decl.base
        if name == "__slots__":
            self.decl.slotted = True
            return
        special = name.startswith("__") and name.endswith("__")
        if special and isinstance(value, tree.NoneLiteral) and name != "__hash__":
            self._refuse(node.span, f"`{name} = None`", "define it, and raise TypeError in it")
            return
        known = self.own.get(value.id) if isinstance(value, tree.Name) else None
        if isinstance(known, FunctionDecl | OverloadDecl | PropertyDecl):
            self.own[name] = known  # `__radd__ = __add__`
            return
        above = self._inherited(name)
        if isinstance(above, FieldDecl) and above.default is not None and base is not None:
            owner = next(item.decl for item in relations.ancestors(base) if name in item.decl.members)
            if owner.dataclass is None and owner.node is not None:
                self.members.shadow(owner, name)
        elif isinstance(above, FieldDecl):
            what = f"a class variable `{name}` where the base class has a field of that name"
            self._refuse(target.span, what, "set it in `__init__`")
            return
        if self.decl.is_enum and not special:
            value = self._enum_value(name, value)
        self.own[name] = GlobalDecl(name, self.module, target.span, None, value, self.decl)

    def _decorated_method(self, form: FunctionDecl) -> None:
        """`@a` above a method `f`: a class variable that holds `a(f)`, called with the object as first argument."""
        if form.kind in ("class", "setter", "deleter") or self.decl.type_params:
            what = "this decorator on a class method, a setter or a method of a generic class"
            self._refuse(form.decorated[0].span, what, "call the function inside the method")
            return
        if form.kind == "getter":
            form.kind, span, name = "plain", form.span, form.name
            form.name = f"{name} (decorated)"
            node = quoted_function("def get(self): return self.method()", span, get=name, method=form.name)
            getter = FunctionDecl(name, form.qualified, self.module, node, self.decl, kind="getter")
            self.own[name] = PropertyDecl(name, getter)
        made, hidden = decorated(form)
        self.own[hidden.name] = hidden
        self.own[made.name] = made

    def _same_field(self, node: tree.AnnAssign, inherited: FieldDecl) -> None:
        """A field of the base class said again: the same field; another type would make it two."""
        resolve, base, said = self.annotations.resolve, self.decl.base, inherited.annotation
        own = resolve(node.annotation, self.module, {item.name: item for item in self.decl.type_params})
        before = None if said is None or base is None else resolve(said, base.decl.module, {})
        if node.value is not None or own != before:
            what = f"the field `{inherited.name}`, which the base class has as well,"
            self._refuse(node.span, what, "leave the annotation out here, and set the value in `__init__`")

    def _enum_value(self, name: str, value: tree.Expr) -> tree.Expr:
        """The value of a member; a second name of one that has the same value is that member."""
        for other in self.decl.enum_members:
            known = self.own[other]
            if isinstance(known, GlobalDecl) and known.value is not None and is_literal(value):
                if repr(unplaced(known.value)) == repr(unplaced(value)):
                    decorators = self.decl.node.decorators if self.decl.node is not None else ()
                    if any(self._is_form(decorator, "unique") for decorator in decorators):
                        what = f"a second name for the value of `{other}` in an Enum that is `@unique`"
                        self._refuse(value.span, what, "leave `@unique` out, or give it another value")
                    return tree.Name(value.span, other)
        if name in ("name", "value"):
            self._refuse(value.span, f"`{name}` as a member of an Enum", "use another name")
        self.decl.enum_members.append(name)
        return value

    def _mix_in(self, name: str) -> None:
        """The methods that follow from those that the program writes."""
        asked, given, _ = MIXINS[name]
        methods = [node for node in quoted(given, self.decl.span) if isinstance(node, tree.FunctionDef)]
        for item in asked:
            if self.members.find_member(self.decl, item) is None and item != "__hash__":
                what = f"a class below `{name}` without `{item}`"
                self._refuse(self.decl.span, what, "write the method, or leave the base class out")
        for node in methods:
            if node.name not in self.own:
                self.member(node)

    def _keeps_methods(self, base: ClassDecl) -> None:
        """Methods of `list` and the like use one another here, as they do not in CPython: only those that none uses may
        be redefined."""
        if base.name == "dict" and "__missing__" in self.own and "__getitem__" not in self.own:
            self.member(quoted_function(WITH_MISSING, self.decl.span))
        for name, member in self.own.items():
            above = self.members.find_member(base, name)
            if isinstance(above, FieldDecl):
                continue  # a name that is only used inside
            if name in REDEFINED.get(base.name, ()) and isinstance(member, FunctionDecl):
                continue
            free = above is None or name in ("__init__", "__repr__", "__str__", "__hash__")
            redefined = not free or name in ("__missing__", "__iter__", "__reversed__")
            if redefined and isinstance(member, FunctionDecl | PropertyDecl):
                what = f"the method `{name}` in a class below `{base.name}`"
                self._refuse(member.forms[0].span, what, f"keep the `{base.name}` in a field of the class")

    def _skipped_fields(self) -> None:
        """Find the fields of classes above that its objects may lack: its `__init__` calls none that sets them."""
        init, chain = self.own.get("__init__"), () if self.decl.base is None else relations.ancestors(self.decl.base)
        if not isinstance(init, FunctionDecl) or not isinstance(init.node, tree.FunctionDef) or init.is_given:
            return
        parts = (item for item in walk(init.node) if isinstance(item, tree.Attribute))
        symbols = [self._named(item.value) for item in parts if item.attr == "__init__"]
        called = [ClassType(item, item.type_params) for item in symbols if isinstance(item, ClassDecl)]
        if len(called) < len(symbols):  # `super()`
            return
        set_there = {item.decl for kind in called for item in order_of(kind) or ()}
        sure = surely_set(init.node.body, init.node.args.plain[0].arg) if init.node.args.plain else set()
        for above in chain:
            named = above.decl.original or above.decl
            for item in () if named in set_there or named.module.library else [*above.decl.members.values()]:
                if isinstance(item, FieldDecl) and item.default is None and item.name.isidentifier():
                    if not item.unsure and item.name not in sure:
                        self.members.make_unsure(above.decl, item)

    def _unsure_fields(self) -> None:
        """Find the fields that an object may be asked for before it has them."""
        init = self.own.get("__init__")
        sure: set[str] = set()
        if isinstance(init, FunctionDecl) and isinstance(init.node, tree.FunctionDef):
            arguments = init.node.args.plain
            sure = surely_set(init.node.body, arguments[0].arg) if arguments else sure
        for name, member in list(self.own.items()):
            shared = self.decl.original is not None and self.decl.original.members.get(name) is member
            if isinstance(member, FieldDecl) and member.default is None and name not in sure and not shared:
                self.members.make_unsure(self.decl, member)

    def _assigned_fields(self, method: FunctionDecl) -> None:
        """Fields that a method makes by `self.name = value`."""
        arguments = method.node.args.plain
        if not arguments or not isinstance(method.node, tree.FunctionDef):
            return
        me = arguments[0].arg

        def visit(body: Iterable[tree.Stmt]) -> None:
            for node in body:
                said = written(node.annotation) if isinstance(node, tree.AnnAssign) else None
                for target in targets(node):
                    if isinstance(target, tree.Attribute) and isinstance(target.value, tree.Name):
                        if target.value.id == me:
                            self._field_target(target, said)
                for block in blocks(node):
                    visit(block)

        visit(method.node.body)

    def _field_target(self, target: tree.Attribute, annotation: tree.Expr | None) -> None:
        name, known = target.attr, self.own.get(target.attr)
        if isinstance(known, GlobalDecl) and self.is_descriptor(known):
            known.annotation = None  # it says of what type the attribute is
        elif isinstance(known, GlobalDecl) and known.owner is self.decl and not self.decl.is_enum:
            # a class variable that methods set on `self` is a field with a default
            self.own[name] = FieldDecl(name, known.span, known.annotation, known.value)
        elif isinstance(known, FieldDecl):
            known.annotation = known.annotation or annotation
        elif known is None and self.members.find_member(self.decl, name) is None:
            self.own[name] = FieldDecl(name, target.attr_span, annotation, None, False)

    def is_descriptor(self, decl: GlobalDecl) -> bool:
        """Is it given an object of a class with a `__set__`?"""
        kind = self._named(decl.value.func) if isinstance(decl.value, tree.Call) else None
        if not isinstance(kind, ClassDecl) or kind.module.library:
            return False
        return self.members.find_member(kind, "__set__") is not None

    # --- asking --------------------------------------------------------------------------------------------------

    def _inherited(self, name: str) -> Member | None:
        """A member of the classes above."""
        return None if self.decl.base is None else self.members.find_member(self.decl.base.decl, name)

    def _named(self, node: tree.Expr) -> Symbol | None:
        return self.annotations.qualified(node, self.module)

    def _is_form(self, node: tree.Expr, name: str) -> bool:
        symbol = self._named(node)
        return isinstance(symbol, SpecialForm) and symbol.name == name

    def _refuse(self, span: Span, what: str, instead: str) -> None:
        self.report(errors.Unsupported(self.module.source, span, what=what).helped(instead))
