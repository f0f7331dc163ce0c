"""Reading and writing variables: locals by web, captured ones, module-level ones; and names that stand for
declarations."""

from __future__ import annotations

from ..rewrite.quoted import plain_arguments
from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import CHANGED, Body, Path
from .callsite import CallSite
from .declarations import (
    AliasDecl,
    ClassDecl,
    FunctionDecl,
    GlobalDecl,
    ModuleDecl,
    OverloadDecl,
    PrimitiveDecl,
    SpecialForm,
    Symbol,
)
from .gradual import Gradual
from .program import Restart
from .scopes import Web
from .typed import Do, GetGlobal, GetVar, GlobalVar, SetGlobal, SetVar, TExpr, TIf, Var
from .types import (
    ANY,
    NEVER,
    NONE,
    AnyType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    LambdaType,
    NeverType,
    Type,
    UnionType,
)
from .versions import pick

FUNCTIONS = {"type": 1, "callable": 1, "hasattr": 2, "isinstance": 2}
"""Built-in functions that the checker knows by name and that may be handed on: how many arguments they then get."""


class Variables(Gradual):
    # --- what a name means ---------------------------------------------------------------------------------------

    def static(self, node: tree.Expr) -> Symbol | Type | None:
        """The declaration or type that an expression names, when it is not a value of this program's run."""
        if isinstance(node, tree.Name):
            own = self.class_in_hand(node)
            if own is not None:
                return own
            if id(node) in self.scope.uses or id(node) in self.scope.unbound_uses or self.is_captured(node.id):
                return None
            names = self.names_of_types()
            if node.id in names:
                return self.concrete(names[node.id])
            return self.meant(self.named(node))
        if isinstance(node, tree.Attribute):
            owner = self.static(node.value)
            if isinstance(owner, ModuleDecl):
                return self.meant(self.program.modules.member(owner, node.attr))
            if isinstance(owner, ClassDecl):
                inner = self.program.members.find_member(owner, node.attr)
                return inner if isinstance(inner, ClassDecl) else None
            return None
        if isinstance(node, tree.Subscript):
            owner = self.static(node.value)
            if (isinstance(owner, ClassDecl) and not owner.is_enum) or (
                isinstance(owner, SpecialForm) and owner.name == "tuple"
            ):
                return self.annotation(node)
        return None

    def class_in_hand(self, node: tree.Name) -> ClassType | None:
        """The class that `cls` is in a class method, and in functions that stand in one."""
        body: Body = self
        web = self.scope.uses.get(id(node))
        if web is None and self.outer is not None and (found := self.captured_web(node.id)) is not None:
            body, web = found
        is_class = web is not None and web is body.class_web
        return body.task.self_type if is_class and isinstance(body.task.self_type, ClassType) else None

    def meant(self, symbol: Symbol | None) -> Symbol | Type | None:
        """A declaration that is no variable; for an alias the class or type that it stands for."""
        if isinstance(symbol, AliasDecl) and not symbol.type_params and not isinstance(symbol.node.value, tree.Call):
            kind = self.program.annotations.alias(symbol)
            return kind.decl if isinstance(kind, ClassType) and not kind.args else kind
        return None if isinstance(symbol, GlobalDecl) else symbol

    def is_captured(self, name: str) -> bool:
        body: Body | None = self
        while body is not None and body.outer is not None:
            names = body.outer.scope.child_names.get(id(body.decl.node), {})
            if name in names:
                return True
            body = body.outer
        return False

    def global_of(self, node: tree.Name) -> GlobalDecl | None:
        """The module-level variable that a name means, if it means one."""
        if id(node) in self.scope.uses or id(node) in self.scope.unbound_uses or self.is_captured(node.id):
            return None
        symbol = self.named(node)
        return symbol if isinstance(symbol, GlobalDecl) else None

    def named(self, node: tree.Name) -> Symbol | None:
        """What a name that is no local variable means here."""
        inside = None if self.class_body is None else self.class_body.members.get(node.id)
        if isinstance(inside, GlobalDecl | FunctionDecl | ClassDecl):
            value = inside.value if isinstance(inside, GlobalDecl) else None
            if node.span.start >= (inside.span.start if value is None else value.span.end):
                return inside  # set above; before that the name is one of the module
        if node.id in self.module.versions and self.decl.name != "<module>":
            version = pick(self.module, node.id, node.span.start)
            if version is not None and version.scope is None:
                self.assumed[node.id] = version.number
        return self.program.modules.lookup(self.module, node.id, node.span.start)

    def captured_web(self, name: str) -> tuple[Body, Web] | None:
        """The variable of an enclosing function that a free name means."""
        body: Body = self
        while body.outer is not None:
            names = body.outer.scope.child_names.get(id(body.decl.node), {})
            if name in names:
                web = body.outer.scope.captured.get(names[name])
                return None if web is None else (body.outer, web)
            body = body.outer
        return None

    # --- reading -------------------------------------------------------------------------------------------------

    def name(self, node: tree.Name, expected: Type | None = None) -> TExpr:
        web, own = self.scope.uses.get(id(node)), self.class_in_hand(node)
        if own is not None:
            return self.class_value(own, node.span)
        if web is not None:
            return self.read_web(self, web, node.span, id(node) in self.scope.unsure_uses, expected)
        if id(node) in self.scope.unbound_uses:
            return self.error(self.unbound(node.id, node.span))
        found = self.captured_web(node.id)
        if found is not None:
            owner, web = found
            return self.read_web(owner, web, node.span, web.unsure, expected)
        if node.id in self.names_of_types():
            named = self.concrete(self.names_of_types()[node.id])
            if isinstance(named, ClassType):
                return self.class_value(named, node.span)
            return self.error(errors.NotAValue(self.source, node.span, what=f"the type `{node.id}`"))
        symbol = self.named(node)
        if symbol is None:
            if node.id == "NotImplemented":
                return self.construct(self.core("NotImplementedType"), CallSite(node.span))
            if node.id == "__name__":
                return self.str_const(self.module.name, node.span)
            if node.id == "__doc__":
                return self.docstring(self.module, node.span)
            return self.undefined(node)
        return self.symbol_value(symbol, node, expected)

    def undefined(self, node: tree.Name) -> TExpr:
        owner = None if self.self_var is None else self.self_var.type
        if isinstance(owner, ClassType) and any(node.id in above.decl.members for above in relations.ancestors(owner)):
            problem = self.undefined_name(node.id, node.span)
            return self.error(problem.replacing(f"write `self.{node.id}`", f"self.{node.id}"))
        local: list[str] = []
        body: Body | None = self
        while body is not None:
            local += [web.name for web in body.scope.defs.values()]
            body = body.outer
        return self.error(self.program.modules.undefined(self.module, node, local))

    def undefined_name(self, name: str, span: Span) -> errors.UndefinedName:
        return errors.UndefinedName(self.source, span, name=name).raised("NameError", f"name '{name}' is not defined")

    def unbound(self, name: str, span: Span) -> errors.UnboundVariable:
        problem = errors.UnboundVariable(self.source, span, name=name)
        if self.decl.name == "<module>":
            return problem.raised("NameError", f"name '{name}' is not defined")
        text = f"cannot access local variable '{name}' where it is not associated with a value"
        problem = problem.raised("UnboundLocalError", text)
        if isinstance(self.module.names.get(name), GlobalDecl):
            return problem.helped(f"to set the `{name}` of the module, begin the function with `global {name}`")
        return problem

    def read_web(self, owner: Body, web: Web, span: Span, unsure: bool, expected: Type | None = None) -> TExpr:
        local = owner.functions.get(web)
        if local is not None and web.definitions == 1:
            return self.nested_value(owner, local, span, expected)
        var = owner.web_vars.get(web)
        if var is None:
            hint = self.program.hints.get(self.web_key(owner, web))
            if hint is NEVER:
                return self.error(self.unbound(web.name, span))
            if hint is None:
                owner.unknown_webs.setdefault(web, span)
                return self.bad(span)
            var = self.make_variable(owner, web, self.program.resolved(hint))
        self.capture(owner, var)
        if unsure:
            flag = self.bound_flag(owner, web)
            self.capture(owner, flag)
            if owner is self or owner.decl.name == "<module>":
                unset = "rt_unbound" if owner.decl.name != "<module>" else "rt_undefined"
                fail = self.runtime_call(unset, [self.str_const(web.name, span)], span)
                self.emit(TIf(span, self.negated(self.get(flag, span)), [Do(span, fail)], []))
            else:
                text = f"cannot access free variable '{web.name}' where it is not associated with a value"
                self.throw_if(self.negated(self.get(flag, span)), "NameError", f"{text} in enclosing scope", span)
        value = GetVar(var.type, span, var)
        return self.with_fact(value, (var,), checked=(web.cell and owner is not self) or web.cell)

    def with_fact(self, value: TExpr, path: Path, *, checked: bool) -> TExpr:
        fact = self.facts.get(path)
        if fact is None or fact == value.type:
            return value
        what = CHANGED if checked else ""
        return self.narrowed(value, fact, checked=checked, what=what)

    def capture(self, owner: Body, var: Var) -> None:
        """Make a variable of an enclosing function reachable here."""
        body: Body | None = self
        while body is not None and body is not owner:
            if var not in body.captures:
                body.captures.append(var)
            body = body.outer

    def web_key(self, owner: Body, web: Web) -> tuple[object, ...]:
        return (owner.task.instance.symbol, "variable", web.name, web.span.start)

    def make_variable(self, owner: Body, web: Web, kind: Type) -> Var:
        var = Var(web.name, kind, web.cell)
        owner.variables.append(var)
        owner.web_vars[web] = var
        return var

    def bound_flag(self, owner: Body, web: Web) -> Var:
        flag = owner.bound_flags.get(web)
        if flag is None:
            flag = owner.bound_flags[web] = Var("", self.core("bool"), web.cell)
            owner.variables.append(flag)
        return flag

    def symbol_value(self, symbol: Symbol, node: tree.Expr, expected: Type | None) -> TExpr:
        """What a declaration is where a value is wanted."""
        match symbol:
            case GlobalDecl():
                return self.read_global(symbol, node.span)
            case SpecialForm(name="tuple"):
                return self.class_value(self.core("tuple_of", ANY), node.span)
            case FunctionDecl() | OverloadDecl() | PrimitiveDecl():
                return self.function_value(node.span, symbol, expected)
            case AliasDecl() if isinstance(named := self.meant(symbol), ClassDecl):
                return self.symbol_value(named, node, expected)
            case ClassDecl():
                if isinstance(expected, FunctionType):
                    return self.function_value(node.span, symbol, expected)
                return self.class_value(ClassType(symbol), node.span)
            case ModuleDecl():
                what = f"the module `{symbol.name}`"
            case SpecialForm(name="<missing>"):
                return self.bad(node.span)
            case SpecialForm(name=name) if name in FUNCTIONS and isinstance(expected, FunctionType):
                arguments = plain_arguments(node.span, *"ab"[: FUNCTIONS[name]])
                call = tree.Call(node.span, node, tuple(tree.Name(node.span, item.arg) for item in arguments.args), ())
                return self.expression(tree.Lambda(node.span, arguments, call), expected)
            case SpecialForm():
                what = f"`{symbol.name}`"
            case _:
                what = "this name"
        return self.error(errors.NotAValue(self.source, node.span, what=what))

    # --- module-level variables ----------------------------------------------------------------------------------

    def global_symbol(self, decl: GlobalDecl) -> str:
        owner = f"{decl.owner.name}." if decl.owner is not None else ""
        name = decl.owner.name if decl.owner is not None else decl.name
        place = f":{decl.span.start}" if name in decl.module.versions else ""
        return f"{decl.module.name}.{owner}{decl.name}{place}"

    def global_variable(self, decl: GlobalDecl, kind: Type | None = None) -> GlobalVar | None:
        """The variable of a declaration; `kind` is what its first assignment gives. None while nothing says its
        type."""
        if decl.variable is None:
            symbol = self.global_symbol(decl)
            if decl.owner is not None and decl.name in decl.owner.enum_members:
                kind = ClassType(decl.owner)
            elif decl.annotation is not None:
                names: dict[str, Type] = {}
                kind = self.program.annotations.resolve(decl.annotation, decl.module, names)
            else:
                hint = self.program.hints.get(("global", symbol))
                kind = self.program.resolved(hint) if hint is not None else kind
                if kind is None and decl.value is not None and (decl.module.library or decl.owner is not None):
                    kind = self.initial_type(decl)
            if kind is None:
                return None
            decl.variable = self.program.globals[symbol] = self.program.confirmed(decl, GlobalVar(symbol, kind))
            self.fresh_globals.append(decl)
        if decl not in self.task.globals:
            self.task.globals.append(decl)
            self.program.see(decl.variable)
        return decl.variable

    def initial_type(self, decl: GlobalDecl) -> Type | None:
        """The type of a literal initialiser."""
        match decl.value:
            case (
                tree.Literal(kind=str(kind)) | tree.UnaryOp(op="-", operand=tree.Literal(kind="int" | "float" as kind))
            ):
                return self.core(kind) if kind else None
            case _:
                return None

    def read_global(self, decl: GlobalDecl, span: Span) -> TExpr:
        glob = self.global_variable(decl)
        base = None if decl.sure or decl.owner is None or decl.owner.base is None else decl.owner.base.decl
        above = None if base is None else self.program.members.find_member(base, decl.name)
        if isinstance(above, GlobalDecl):  # that of the class above until the class is given its own
            if glob is None:
                self.program.early_globals.add(decl)
                return self.read_global(above, span)
            other = self.apart(lambda: self.read_global(above, span))
            return self.chosen(self.is_given(decl, span), GetGlobal(glob.type, span, glob), other, span)
        if glob is None and decl.original is not None:
            self.program.early_globals.add(decl)  # read by the function that is being decorated
            return self.bad(span)
        if glob is None:
            if self.raising:
                self.program.early_globals.add(decl)  # should it get a value later, it is known with the next round
                return self.error(self.undefined_name(decl.name, span))
            what = f"the module-level variable `{decl.name}`"
            problem = errors.UnknownType(self.source, span, what=what)
            return self.error(
                problem.labelled(decl.module.source, decl.span, "assigned here").helped("annotate it there")
            )
        if not decl.sure and not decl.module.library and decl.owner is not None:
            text = f"type object '{decl.owner.name}' has no attribute '{decl.name}'"
            self.throw_if(self.is_given(decl, span), "AttributeError", text, span, unless=True)
        elif not decl.sure and not decl.module.library:
            flag = self.global_flag(decl)
            fail = self.runtime_call("rt_undefined", [self.str_const(decl.name, span)], span)
            self.emit(TIf(span, self.negated(GetGlobal(flag.type, span, flag)), [Do(span, fail)], []))
        return self.with_fact(GetGlobal(glob.type, span, glob), (glob,), checked=True)

    def is_given(self, decl: GlobalDecl, span: Span) -> TExpr:
        flag = self.global_flag(decl)
        return GetGlobal(flag.type, span, flag)

    def global_flag(self, decl: GlobalDecl) -> GlobalVar:
        """Says whether a module-level variable has its value yet."""
        if decl.flag is None:
            symbol = f"{self.global_symbol(decl)} is set"
            decl.flag = self.program.globals[symbol] = GlobalVar(symbol, self.core("bool"))
        return decl.flag

    def write_global(self, decl: GlobalDecl, value: TExpr, span: Span) -> None:
        before = decl.variable
        if decl in self.program.early_globals and not isinstance(value.type, LambdaType | ErrorType):
            self.program.early_globals.discard(decl)
            self.hint(("global", self.global_symbol(decl)), value.type, None, decl.name, span)
        glob = self.global_variable(decl, value.type)
        assert glob is not None
        kind = glob.type
        if decl.annotation is None and before is not None and not self.keeps_value(value.type, kind):
            self.widen(value.type, kind, span)
            wider = None if self.is_idle else relations.join(kind, value.type, widen=self.gradual)
            if wider is None:
                self.conflict(decl.name, kind, value, decl.span, span)
                return
            self.hint(("global", self.global_symbol(decl)), wider, None, decl.name, span)
            return
        stored = self.coerce(value, kind, f"`{decl.name}`")
        self.forget(glob)
        self.emit(SetGlobal(span, glob, stored))
        if not decl.sure and not decl.module.library:
            self.emit(SetGlobal(span, self.global_flag(decl), self.bool_const(True, span)))
        if isinstance(kind, UnionType) and value.type != kind:
            self.facts[(glob,)] = self.narrowing(value.type, kind)

    def version_number(self, name: str) -> GlobalVar:
        """Says which definition of a module-level name holds."""
        symbol = f"{self.module.name}.{name} version"
        return self.program.globals.setdefault(symbol, GlobalVar(symbol, self.core("int")))

    # --- local variables -----------------------------------------------------------------------------------------

    def keeps_value(self, source: Type, target: Type) -> bool:
        """Can the value be stored without becoming another one (an int stored as float would print differently)?"""
        if isinstance(source, LambdaType) and self.gradual:
            takers = (FunctionType, LambdaType, ErrorType, InferType, AnyType)
            if not any(isinstance(item, takers) or relations.is_loose(item) for item in relations.members_of(target)):
                return False
        how = relations.conversion(source, target, self.learn)
        if isinstance(source, FunctionType) and how in ("function", "member"):
            return True
        return how in ("", "upcast", "box", "items", "loose") or (how == "tuple" and isinstance(source, NeverType))

    def conflict(self, name: str, first: Type, value: TExpr, first_span: Span, span: Span) -> None:
        problem = errors.VariableConflict(self.source, span, name=name, first=str(first), second=str(value.type))
        labelled = problem.labelled(self.source, first_span, f"here it is `{first}`")
        numbers = ("int", "float")
        if str(first) in numbers and str(value.type) in numbers:
            labelled = labelled.helped("make both a float: write `0.0` for `0`, or `float(...)`")
        else:
            labelled = labelled.helped(
                f"use another name, or annotate it: `{name}: {relations.union([first, value.type])}`"
            )
        self.report(labelled)

    def define(self, node: tree.Node, name: str, value: TExpr, span: Span) -> None:
        """The variable that `node` names gets a value."""
        web = self.scope.defs.get(id(node))
        if web is not None:
            self.write_web(self, web, value, span)
            return
        found = self.captured_web(name)
        if found is not None:
            self.write_web(found[0], found[1], value, span)
            return
        symbol = self.module.names.get(name)
        if isinstance(symbol, GlobalDecl):
            self.write_global(symbol, value, span)
        else:
            problem = errors.Unsupported(
                self.source, span, what=f"assigning to `{name}`, which is declared otherwise in this module,"
            )
            self.report(problem.helped("use another name"))

    def write_web(self, owner: Body, web: Web, value: TExpr, span: Span) -> None:
        var = owner.web_vars.get(web)
        kind = value.type
        guessing = any(task.within is NEVER for task in self.program.stack)
        if isinstance(kind, NeverType) and not (guessing and var is None):
            self.emit(Do(span, value))
            return
        if web.annotation is not None:
            declared = var.type if var is not None else self.annotation(web.annotation)
            stored = self.coerce(value, declared, f"`{web.name}`")
            if var is None:
                var = self.make_variable(owner, web, declared)
        else:
            key = self.web_key(owner, web)
            if var is None:
                hint = self.program.hints.get(key)
                var = self.make_variable(owner, web, self.program.resolved(hint) if hint is not None else kind)
            if isinstance(var.type, ErrorType) and not isinstance(kind, ErrorType):
                var.type = kind
            if not self.keeps_value(kind, var.type):
                self.widen(kind, var.type, span)
                wider = relations.join(var.type, kind, widen=self.gradual)
                if wider is None or wider == var.type:
                    self.conflict(web.name, var.type, value, web.span, span)
                    return
                self.hint(key, wider, owner.task, web.name, span)
                return
            stored = self.coerce(value, var.type)
        self.capture(owner, var)
        self.forget(var)
        self.emit(SetVar(span, var, stored))
        if web.unsure:
            flag = self.bound_flag(owner, web)
            self.capture(owner, flag)
            self.emit(SetVar(span, flag, self.bool_const(True, span)))
        if kind != var.type and not isinstance(kind, ErrorType | InferType):
            fact = self.narrowing(kind, var.type)
            if fact != var.type:
                self.facts[(var,)] = fact

    def narrowing(self, kind: Type, declared: Type) -> Type:
        """What is known of a variable of type `declared` after a value of type `kind` was stored."""
        if kind == NONE or not isinstance(declared, UnionType):
            return kind if isinstance(declared, UnionType) else declared
        if isinstance(kind, AnyType):
            return declared
        kept = [
            member for member in declared.members
            if any(relations.conversion(item, member) in ("", "upcast") for item in relations.members_of(kind))
        ]  # fmt: skip
        if not kept:
            kept = [relations.member_for(kind, declared)]
        return relations.union(kept)

    def delete_name(self, node: tree.Name) -> None:
        web = self.scope.uses.get(id(node))
        if web is None:
            self.unsupported(node, "`del` of a variable that is not local", "set it to None")
            return
        var = self.web_vars.get(web)
        if id(node) in self.scope.unsure_uses:
            self.read_web(self, web, node.span, True)
        if web.unsure:
            self.emit(SetVar(node.span, self.bound_flag(self, web), self.bool_const(False, node.span)))
        if var is not None:
            self.forget(var)

    def check_unknown_webs(self) -> None:
        """Variables read (in a loop) above their first assignment: check again now that their types are known."""
        for web, span in self.unknown_webs.items():
            var = self.web_vars.get(web)
            key = self.web_key(self, web)
            if var is not None and not isinstance(var.type, ErrorType) and key not in self.program.hints:
                self.program.hints[key] = var.type
                raise Restart(self.task)
            if var is None and self.raising:
                self.program.hints[key] = NEVER  # no assignment gives it a value
                raise Restart(self.task)
            if var is None:
                self.report(self.unbound(web.name, span))
