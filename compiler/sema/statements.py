"""Statements: flow, assignment, exceptions, `with`. One method per kind of node, found through a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from ..syntax import tree
from ..syntax.parts import blocks, is_literal
from ..syntax.source import Span
from . import errors, relations
from .body import Facts
from .callsite import CallSite, words_of
from .declarations import (
    EXTRA,
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    ModuleDecl,
    OverloadDecl,
    Parameter,
    PropertyDecl,
    Symbol,
    own_name,
)
from .defaults import written
from .failing import Frame
from .handlers import Handlers
from .modules import import_declaration
from .program import Restart, result_key
from .typed import (
    ClassLayout,
    Const,
    Do,
    FieldInfo,
    GetField,
    SetField,
    SetGlobal,
    TBlock,
    TBreak,
    TContinue,
    TExpr,
    TIf,
    TLoop,
    TRaise,
    TReturn,
)
from .types import (
    ERROR,
    NEVER,
    NONE,
    AnyType,
    BundleType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    LambdaType,
    NeverType,
    Type,
    UnionType,
)  # fmt: skip
from .versions import pick
from .wording import python_name

CHANGES = frozenset(("append", "extend", "insert", "remove", "sort", "reverse", "clear", "update", "add", "discard"))
"""Methods that give None, however useful what they change would be."""


IN_PARTS = (tree.Try, tree.Match)
"""Statements whose heads are no part of what they do first."""


def tells(node: tree.Expr) -> bool:
    """Is it a test that says what something is?"""
    match node:
        case tree.BoolOp(values=values):
            return any(map(tells, values))
        case tree.UnaryOp(op="not", operand=operand):
            return tells(operand)
        case tree.Compare(left=left, comparators=(right,)):
            return isinstance(right, tree.NoneLiteral) or isinstance(left, tree.Call)
        case _:
            return isinstance(node, tree.Call) and isinstance(node.func, tree.Name) and node.func.id == "isinstance"


class Statements(Handlers):
    def statements(self, body: Iterable[tree.Stmt]) -> None:
        for node in body:
            if not self.reachable:
                return  # CPython never gets here either
            self.ignoring = self.is_ignored(node.span, blocks(node))
            check = partial(_HANDLERS[type(node)], self, node)
            if not self.raising:
                check()
            elif not self.attempt(check, None if isinstance(node, IN_PARTS) else Frame()):
                self.reachable = False

    def _expression_statement(self, node: tree.ExprStmt) -> None:
        value = node.value
        if isinstance(value, tree.StringLiteral | tree.EllipsisLiteral):
            return  # a docstring, or a body of `...`
        if isinstance(value, tree.Name):
            named = self.static(value)
            named = named.forms[0] if isinstance(named, FunctionDecl | OverloadDecl) else named
            if isinstance(named, FunctionDecl | ClassDecl) and named.module.library:
                return  # `filter` alone asks whether this Python has it
        made = self.expression(value, NONE if isinstance(value, tree.Yield | tree.YieldFrom) else None)
        kind = made.type
        if isinstance(kind, ClassType) and kind.decl is self.program.core_class("Coroutine"):
            text = self.source.text[value.span.start : value.span.end].partition("(")[0]
            problem = errors.ForgottenAwait(self.source, value.span, name=text)
            if self.decl.is_async and self.decl.name != "<module>":
                start = Span(value.span.start, value.span.start)
                self.report(problem.replacing(f"write `await {text}(...)`", "await ", start))
            else:
                self.report(problem.helped(f"write `await {text}(...)` in an `async def`: `main` can be one"))
        self.emit(Do(node.span, made))
        if isinstance(kind, NeverType):
            self.reachable = False

    def _pass(self, node: tree.Pass) -> None:
        pass

    # --- assignment ----------------------------------------------------------------------------------------------

    def _assign(self, node: tree.Assign) -> None:
        value = self.expression(node.value, self.target_type(node.targets[0]))
        if isinstance(value.type, NeverType):
            self.emit(Do(node.span, value))
            self.reachable = False
            return
        if len(node.targets) > 1:
            value = self.kept(value)
        if value.type == NONE and not isinstance(value, Const):
            if isinstance(node.value, tree.Call) and isinstance(node.value.func, tree.Attribute):
                method = node.value.func.attr
                if method in CHANGES and isinstance(node.targets[0], tree.Name):
                    warning = errors.NothingGiven(self.source, node.value.span, method=method)
                    self.report(warning.helped("call it on a line of its own"))
            self.emit(Do(node.span, value))
            value = self.none(value.span)
        told = self.facts_of(node.value) if self.is_bool(value.type) and tells(node.value) else None
        for target in node.targets:
            self.assign(target, value)
        if told is not None:
            self.keep_answer(node.targets[0], value, told)

    def keep_answer(self, target: tree.Expr, value: TExpr, told: tuple[Facts, Facts]) -> None:
        """A variable holds the answer of a test: what is `told` when it is true and when it is false holds as long as
        neither it nor what was tested is changed."""
        web = self.scope.defs.get(id(target))
        var = None if web is None or web.cell else self.web_vars.get(web)
        if var is not None:
            for truth, facts in zip((True, False), told, strict=True):
                self.facts |= {(truth, var, *path): kind for path, kind in facts.items() if var not in path}
            if isinstance(value, Const):
                self.facts[not value.value, var] = NEVER

    def target_type(self, target: tree.Expr) -> Type | None:
        """The type that a target is known to have: guides displays and literals on the right."""
        match target:
            case tree.Name():
                web = self.scope.defs.get(id(target))
                if web is not None:
                    if web.annotation is not None:
                        return self.annotation(web.annotation)
                    var = self.web_vars.get(web)
                    return None if var is None else var.type
                symbol = self.module.names.get(target.id)
                if isinstance(symbol, GlobalDecl) and (symbol.annotation is not None or symbol.variable is not None):
                    glob = self.global_variable(symbol)
                    return None if glob is None else glob.type
            case tree.Attribute(value=tree.Name()):
                if self.static(target.value) is not None:
                    return None
                owner: Type = ERROR
                with self.trial():
                    owner = self.expression(target.value).type
                if isinstance(owner, ClassType):
                    found = self.program.is_field_of(owner, target.attr)
                    known = self.program.field(found[0], target.attr) if found is not None else None
                    return None if known is None else known[1].type
        return None

    def assign(self, target: tree.Expr, value: TExpr) -> None:
        match target:
            case tree.Name():
                self.define(target, target.id, value, target.span)
            case tree.Attribute():
                self._assign_attribute(target, value)
            case tree.Subscript(value=tree.Attribute(value=source, attr="__dict__"), slice=said):
                self.put_in_dict(source, said, value, target.span)
            case tree.Subscript():
                kept = self.kept(value) if not isinstance(value, Const) else value
                container = self.expression(target.value)
                if isinstance(target.slice, tree.Slice):
                    name, bounds = self.slice_method(container, "set", target.slice)
                    self.emit(Do(target.span, self.need_method(container, name, [*bounds, kept], target.span)))
                else:
                    self.put(container, target.slice, kept, target.span)
            case tree.Tuple() | tree.List():
                self.unpack(target.elts, value, target.span)
            case _:
                self.unsupported(target, "assigning to this", "assign to a name, an attribute or an item")

    def _assign_attribute(self, target: tree.Attribute, value: TExpr) -> None:
        owner = self.static(target.value)
        owner = owner.decl if isinstance(owner, ClassType) else owner
        if isinstance(owner, ClassDecl):
            self.set_class_attribute(owner, target.attr, value, target.span, target.attr_span)
            return
        if isinstance(owner, ModuleDecl) and owner.library:  # `sys.stdout = buffer`: what is declared can hold another
            member = self.program.modules.member(owner, target.attr)
            if isinstance(member, GlobalDecl) and member.annotation is not None:
                self.write_global(member, value, target.span)
                return
        if owner is not None and not isinstance(owner, FunctionDecl):
            self.unsupported(
                target, "assigning to a name of another module", "give that module a function that does it"
            )
            return
        obj = self.expression(target.value)
        self.set_attribute(obj, target.attr, value, target.span, target.attr_span)

    def set_class_attribute(self, owner: ClassDecl, name: str, value: TExpr, span: Span, name_span: Span) -> None:
        """`C.name = value`: the class's own from then on."""
        self.need_shadow(owner, name)
        member = self.program.members.find_member(owner, name)
        refused = partial(errors.FrozenField, self.source, name_span, class_name=owner.name, attribute=name)
        if isinstance(member, GlobalDecl) and member.owner is owner and not owner.is_enum:
            self.write_global(member, value, span)
        elif isinstance(value.type, FunctionType | LambdaType | BundleType):
            self.report(refused(reason="a function would become a method").helped("define it in the class"))
        elif isinstance(member, GlobalDecl | None) and not owner.is_enum and not owner.module.library:
            owner.members[name] = GlobalDecl(name, owner.module, name_span, None, None, owner, sure=False)
            raise Restart(None)
        else:
            self.report(refused(reason="members of an Enum are fixed" if owner.is_enum else "its objects have it"))

    def set_attribute(self, obj: TExpr, name: str, value: TExpr, span: Span, name_span: Span) -> None:
        if isinstance(obj.type, ClassType) and self.lookup(obj.type, name) is None and self.lookup(obj.type, EXTRA):
            self.put(self.attribute(obj, EXTRA, span, span), self.str_const(name, span), self.as_any(value), span)
            return
        if relations.is_class(obj.type):
            stored = self.kept(value)

            def put(one: ClassType) -> TExpr:
                self.set_class_attribute(one.decl, name, stored, span, name_span)
                return self.none(span)

            self.emit(Do(span, self.by_class(obj, put, span)))
            return
        self.extend(obj.type, name, name_span)
        obj = self.having(obj, name, span)
        kind = obj.type
        if isinstance(kind, ErrorType) or (relations.is_function(kind) and self.loosen(kind)):
            return
        if relations.is_loose(kind) and not self.has(kind, name):
            self.emit(Do(span, self.need_method(obj, "_keep", [self.str_const(name, span), self.as_any(value)], span)))
            return
        if isinstance(kind, UnionType) and not relations.has_none(kind):
            whole, stored = self.kept(obj), self.kept(value)

            def act(item: TExpr) -> TExpr:
                self.set_attribute(item, name, stored, span, name_span)
                return self.none(span)

            self.emit(Do(span, self.by_member(whole, act, span)))
            return
        if isinstance(kind, AnyType):
            self.emit(Do(span, self.any_store(obj, name, value, span)))
            return
        found = self.lookup(kind, name) if isinstance(kind, ClassType) else None
        if found is None or not isinstance(kind, ClassType):
            if relations.has_none(kind):
                self.may_be_none(f"`.{name}` is assigned", kind, name_span)
                return
            unknown = errors.NoAttribute(self.source, name_span, type_name=str(kind), attribute=name)
            guess = unknown.suggesting(name, self.member_names(kind))
            if isinstance(kind, ClassType) and not kind.decl.module.library:
                raised = self.program.members.fixed_attributes(kind.decl, name)
                guess = guess if raised is None else guess.raised(*raised)
            self.report(guess)
            return
        owner, member = found
        refused = partial(errors.FrozenField, self.source, name_span, attribute=name)
        record, fixed = owner.decl.dataclass, owner.decl.module.core and not self.source.library
        match member:
            case FieldDecl() if fixed and owner.args:
                reason = f"`{owner.decl.display}` uses the name itself"
                self.report(refused(class_name=str(kind), reason=reason).helped("use another name"))
            case FieldDecl() if record is not None and record.frozen and self.decl.name != "__init__":
                problem = refused(class_name=owner.decl.name, reason="its class is frozen")
                frozen = "FrozenInstanceError", f"cannot assign to field '{name}'"
                problem = problem.raised(
                    *(("AttributeError", "can't set attribute") if owner.decl.is_named_tuple else frozen)
                )
                self.report(problem.helped("make a new object instead"))
            case FieldDecl() if fixed and not relations.is_subclass(kind, self.core("BaseException")):
                problem = refused(class_name=str(kind), reason="it is read-only")
                self.report(problem.raised("AttributeError", "readonly attribute"))
            case FieldDecl():
                self.write_field(obj, owner, member, value, span)
            case PropertyDecl(setter=None):
                text = f"property '{name}' of '{python_name(kind)}' object has no setter"
                problem = refused(class_name=str(owner), reason="it is a property without setter")
                self.report(problem.raised("AttributeError", text).helped(f"add `@{name}.setter`"))
            case PropertyDecl(setter=FunctionDecl() as setter):
                self.emit(Do(span, self.call_form(obj, owner, setter, CallSite(span, [value]))))
            case GlobalDecl() if self.describes(member, "__set__"):
                held = self.read_global(member, span)
                self.emit(Do(span, self.need_method(held, "__set__", [self.kept(obj), self.kept(value)], span)))
            case GlobalDecl() if member.original is None and not owner.decl.is_enum and not owner.decl.module.library:
                if not self.program.members.shadows(owner.decl, name):
                    self.program.members.shadow(owner.decl, name)
                    self.program.widened = True
                whole, stored = self.kept(obj), self.kept(value)
                self.set_attribute(whole, own_name(name), stored, span, name_span)
                is_set = self.bool_const(True, span)
                self.set_attribute(whole, own_name(name, "set"), is_set, span, name_span)
            case _:
                self.report(refused(class_name=str(owner), reason="it belongs to the class"))

    def extend(self, kind: Type, name: str, span: Span) -> None:
        """Objects of a class may be given attributes that it does not name; not where it looks like a slip: where
        another name is like this one, which stands nowhere else."""
        members = self.program.members
        for item in relations.members_of(kind):
            if isinstance(item, ClassType) and not item.decl.module.library and self.lookup(item, name) is None:
                known = errors.NoAttribute(self.source, span, type_name="", attribute=name)
                is_slip = known.suggesting(name, self.member_names(item)).helps
                if is_slip and len(re.findall(rf"\b{name}\b", self.source.text)) == 1:
                    continue
                if not members.fixed_attributes(item.decl, name) and not item.decl.is_enum:
                    members.extend(item.decl, name, span)
                    raise Restart(None)

    def write_field(self, obj: TExpr, owner: ClassType, member: FieldDecl, value: TExpr, span: Span) -> None:
        found = self.program.field(owner, member.name)
        if found is None:
            if isinstance(value.type, ErrorType):
                return
            found = self.learn_field(owner, member.name, value.type)
        layout, info = found
        if member.annotation is None and not self.keeps_value(value.type, info.type):
            self.widen(value.type, info.type, span)
            wider = None if self.is_idle else relations.join(info.type, value.type, widen=self.gradual)
            if wider is None or wider == info.type:
                problem = errors.VariableConflict(
                    self.source, value.span, name=member.name, first=str(info.type), second=str(value.type)
                )
                labelled = problem.labelled(owner.decl.module.source, member.span, f"first set here: `{info.type}`")
                self.report(
                    labelled.helped(
                        f"annotate it in the class: `{member.name}: {relations.union([info.type, value.type])}`"
                    )
                )
                return
            wider = self.note_wider(("field", owner, member.name), wider, member.name, span)
            if wider is None:
                return
            info.type, self.program.widened = wider, True  # which the rest of the program is checked with for now
        stored = self.coerce(value, info.type, f"`{member.name}` of `{owner}`")
        path = self._forget_field(obj, member.name)
        if member.unsure:
            obj, stored = self.kept(obj) if path is None else obj, self.kept(stored)
            is_set = self.bool_const(True, span)
            self.set_attribute(obj, own_name(member.name, "set"), is_set, span, span)
        self.emit(SetField(span, self.coerce(obj, layout.type), layout, info, stored))
        if path is not None and isinstance(info.type, UnionType) and value.type != info.type:
            fact = self.narrowing(value.type, info.type)
            if fact != NONE:
                self.facts[(*path, member.name)] = fact

    def _forget_field(self, obj: TExpr, name: str) -> tuple[object, ...] | None:
        """What was known of a field that is set anew; the path of its object."""
        path = self.path_of(obj)
        if path is None:
            self.forget(name)
        else:
            own = (*path, name)
            self.facts = {known: fact for known, fact in self.facts.items() if known[: len(own)] != own}
        return path

    def learn_field(self, owner: ClassType, name: str, kind: Type) -> tuple[ClassLayout, FieldInfo]:
        """A field gets its type from the first value stored in it."""
        if (owner, name) in self.program.early_fields and not relations.is_open(kind):
            self.program.early_fields.discard((owner, name))
            self.program.hints["field", owner, name] = kind
            self.program.widened = True
        layout = self.program.layout(owner)
        info = self.program.confirmed((owner, name), FieldInfo(name, kind))
        layout.fields.append(info)
        self.learned_fields.append((layout, info))
        return layout, info

    def find_field(self, owner: ClassType, member: FieldDecl, span: Span) -> tuple[ClassLayout, FieldInfo] | None:
        """The type of a field that nothing annotates: its class's `__init__` tells."""
        init = owner.decl.members.get("__init__")
        if isinstance(init, FunctionDecl) and self.program.annotations.signature(init).annotated:
            environment = relations.environment_of(owner)
            kinds = self.program.annotations.signature(init).kinds(environment)
            if not init.type_params:
                task = self.program.request(init, owner, environment, kinds, self.task, span)
                if task.state in ("new", "queued"):
                    self.program.check_body(task)
        found = self.program.field(owner, member.name)
        if found is None:
            self.program.early_fields.add((owner, member.name))
        if found is None and isinstance(init, FunctionDecl) and ("constructor", init) not in self.program.constructors:
            if not self.program.annotations.signature(init).annotated:
                return None  # no object of the class is ever made: nothing is wrong with it
        if found is None:
            problem = errors.UnknownType(self.source, span, what=f"the field `{member.name}` of `{owner}`")
            problem = problem.raised("AttributeError", f"'{owner.decl.name}' object has no attribute '{member.name}'")
            labelled = problem.labelled(owner.decl.module.source, member.span, "set here")
            self.report(labelled.helped(f"annotate it in the class body: `{member.name}: ...`"))
        return found

    def _annotated(self, node: tree.AnnAssign) -> None:
        if node.value is None:
            self.annotation(node.annotation) if written(node.annotation) is not None else None
            return
        if written(node.annotation) is None:
            value = self.expression(node.value)
            self.program.unsaid |= {
                item.key if isinstance(item, InferType) else relations.origin_of(item)
                for item in relations.parts(value.type)
            }
            self.assign(node.target, value)
            return
        kind = self.annotation(node.annotation)
        value = self.expression(node.value, kind)
        value = self.coerce(value, kind, "the value") if not isinstance(node.target, tree.Name) else value
        self.assign(node.target, value)

    def _augmented(self, node: tree.AugAssign) -> None:
        target, span = node.target, node.span
        match target:
            case tree.Name():
                current = self.name(target)
                self.define(target, target.id, self.in_place(current, node.op, node.value, span), span)
            case tree.Attribute():
                if self.static(target.value) is not None:
                    self.assign(target, self.in_place(self.expression(target), node.op, node.value, span))
                    return
                obj = self.kept(self.expression(target.value))
                current = self.attribute(obj, target.attr, target.span, target.attr_span)
                result = self.kept(self.in_place(current, node.op, node.value, span))
                self.set_attribute(obj, target.attr, result, span, target.attr_span)
            case tree.Subscript():
                obj = self.kept(self.expression(target.value))
                if isinstance(target.slice, tree.Slice):
                    self.unsupported(node, "an augmented assignment to a slice", "write the assignment out")
                    return
                index = self.kept(self.expression(target.slice))
                current = self.need_method(obj, "__getitem__", [index], target.span)
                result = self.kept(self.in_place(current, node.op, node.value, span))
                self.put(obj, index, result, span)
            case _:
                self.unsupported(target, "assigning to this", "assign to a name, an attribute or an item")

    def _delete(self, node: tree.Delete) -> None:
        for target in node.targets:
            match target:
                case tree.Name():
                    self.delete_name(target)
                case tree.Subscript():
                    container = self.expression(target.value)
                    if isinstance(target.slice, tree.Slice):
                        name, bounds = self.slice_method(container, "del", target.slice)
                        made = self.need_method(container, name, bounds, target.span)
                    else:
                        made = self.need_method(container, "__delitem__", [target.slice], target.span)
                    self.emit(Do(target.span, made))
                case tree.Attribute():
                    self._delete_attribute(target)
                case _:
                    self.unsupported(target, "deleting this", "only variables, items and attributes can be deleted")

    def _delete_attribute(self, target: tree.Attribute) -> None:
        """`del x.name`: the deleter of a property, or the object is without the field from then on."""
        obj, span = self.expression(target.value), target.span
        found = self.lookup(obj.type, target.attr) if isinstance(obj.type, ClassType) else None
        match found:
            case _, PropertyDecl(deleter=None):
                self.unsupported(span, f"deleting the property `{target.attr}`", f"add `@{target.attr}.deleter`")
            case owner, PropertyDecl(deleter=FunctionDecl() as deleter) if not self.overridden(owner.decl, deleter):
                self.emit(Do(span, self.call_form(obj, owner, deleter, CallSite(span))))
            case owner, FieldDecl(default=None) as field if not (
                owner.decl.module.library or (owner.decl.dataclass is not None and owner.decl.dataclass.frozen)
            ):
                if not field.unsure:
                    self.program.members.make_unsure(owner.decl, field)
                    self.program.widened = True
                obj = self.kept(obj)
                self.emit(Do(span, self.read_field(obj, owner, field, span)))
                self._forget_field(obj, field.name)
                flag = own_name(field.name, "set")
                self.set_attribute(obj, flag, self.bool_const(False, span), span, span)
            case _:
                self.unsupported(span, f"deleting `{target.attr}`", "call a method that sets what is to change")

    # --- flow ----------------------------------------------------------------------------------------------------

    def _if(self, node: tree.If) -> None:
        test, if_true, if_false = self.test(node.test)
        known = test.value if isinstance(test, TBlock) else test
        constant = known.value if isinstance(known, Const) and isinstance(known.value, bool) else None
        before = self.facts
        if constant is not None:
            self.emit(Do(node.test.span, test))
            self.facts = {**before, **(if_true if constant else if_false)}
            self.statements(node.body if constant else node.orelse)
            return
        self.facts = {**before, **if_true}
        with self.block() as body:
            self.statements(node.body)
        after: tuple[Facts, bool] = (self.facts, self.reachable)
        self.facts, self.reachable = {**before, **if_false}, True
        with self.block() as orelse:
            self.statements(node.orelse)
        self.merge(after, (self.facts, self.reachable))
        self.emit(TIf(node.span, test, body, orelse))

    def _while(self, node: tree.While) -> None:
        self.enter_loop(node)
        before = dict(self.facts)
        endless = isinstance(node.test, tree.BoolLiteral | tree.IntLiteral) and bool(node.test.value)
        test, if_true, if_false = self.test(node.test)
        self.facts = {**before, **if_true}
        self.loop_facts.append([])
        with self.block() as body:
            self.statements(node.body)
        breaks = self.loop_facts.pop()
        self.facts, self.reachable = {**before, **if_false}, not endless
        with self.block() as orelse:
            self.statements(node.orelse)
        self.merge((self.facts, self.reachable), *((facts, True) for facts in breaks))
        self.emit(TLoop(node.span, None if endless else test, body, [], orelse))

    def _for(self, node: tree.For) -> None:
        def each(element: TExpr) -> None:
            self.assign(node.target, element)
            self.statements(node.body)

        walk = self.iterate_async if node.is_async else self.iterate
        walk(node.iter, node.iter.span, each, node.orelse, node)

    def _break(self, node: tree.Break) -> None:
        if self.loop_facts:
            self.loop_facts[-1].append(dict(self.facts))
        self.emit(TBreak(node.span))
        self.reachable = False

    def _continue(self, node: tree.Continue) -> None:
        self.emit(TContinue(node.span))
        self.reachable = False

    def _return(self, node: tree.Return) -> None:
        if self.yield_type is not None or self.decl.is_generator:
            if node.value is not None and not isinstance(node.value, tree.NoneLiteral):
                finish = self.construct(self.core("StopIteration"), CallSite(node.span, [node.value]))
                frame = self.own_frame(node.span)
                self.emit(Do(node.span, self.runtime_call("return_value", [frame, finish], node.span)))
            self.emit(TReturn(node.span, None))
            self.reachable = False
            return
        value = None if node.value is None else self.expression(node.value, self.result_type)
        if value is not None and isinstance(value.type, NeverType):
            self.emit(Do(node.span, value))
        else:
            if value is not None and self.decl.name == "__len__" and self.decl.owner is not None:
                if self.is_int(value.type) and not self.source.library:
                    value = self.kept(value)
                    below = self.compare(value, "<", self.int_const(0, node.span), node.span)
                    self.throw_if(below, "ValueError", "__len__() should return >= 0", node.span)
            self.give_back(value, node.span)
        self.reachable = False

    def give_back(self, value: TExpr | None, span: Span) -> None:
        if self.result_type is not None:
            if isinstance(self.result_type, NeverType):
                self.report(errors.NoValue(self.source, span, what=f"`{self.decl.qualified}`, which says `Never`,"))
                return
            given = self.none(span) if value is None else value
            self.widen_result(given.type, span)
            stored = self.coerce(given, self.result_type, self.result_role(), span if value is None else None)
            self.emit(TReturn(span, None if value is None and self.result_type == NONE else stored))
            return
        made = TReturn(span, value)
        self.emit(made)
        self.returns.append((made, NONE if value is None else value.type))

    def widen_result(self, kind: Type, span: Span) -> None:
        """A result that was found while a function it calls was not known yet may turn out to be wider. And an int
        given back where a float is declared stays an int: the function's result is either."""
        if self.is_inferred() and self.result_type is not None and not self.keeps_value(kind, self.result_type):
            wider = self.joined((self.result_type, kind), span)
            if not isinstance(wider, ErrorType) and wider != self.result_type:
                self.hint(("returns", self.task.instance.symbol), wider, None, self.decl.name, span)
        if self.outer is not None or self.source.library or self.decl.is_generator or self.result_type is None:
            return
        declines = self.core("NotImplementedType")
        if kind == declines and self.decl.owner is not None and declines not in relations.members_of(self.result_type):
            self.program.hints[result_key(self.decl)] = relations.union([kind, self.result_type])
            self.program.widened = True
        if relations.is_smaller_number(kind, self.core("float")) and self.result_type == self.core("float"):
            self.program.hints[result_key(self.decl)] = relations.union([kind, self.result_type])
            self.program.widened = True

    def _assert(self, node: tree.Assert) -> None:
        test, if_true, if_false = self.test(node.test)
        before = self.facts
        self.facts = {**before, **if_false}

        def fail() -> None:
            message = [] if node.msg is None else [self.expression(node.msg)]
            error = self.construct(self.core("AssertionError"), CallSite(node.span, message))
            self.emit(TRaise(node.span, error))

        with self.block() as failing:
            self.guarded(fail)
        self.reachable = True
        self.facts = {**before, **if_true}
        if isinstance(test, Const) and test.value is False:
            self.reachable = False
        self.emit(TIf(node.span, self.negated(test), failing, []))

    # --- declarations --------------------------------------------------------------------------------------------

    def _function(self, node: tree.FunctionDef) -> None:
        if id(node) in self.scope.defs:
            self.nested_definition(node)
            return
        self.module_function(node)

    def module_function(self, node: tree.FunctionDef) -> None:
        decl = self.program.modules.lookup(self.module, node.name, node.name_span.start)
        self.set_version(node)
        if isinstance(decl, FunctionDecl) and decl.node is node:
            self.initialise_defaults(decl)
        elif isinstance(decl, GlobalDecl) and decl.original is not None and decl.value is not None:
            if decl.original.node is node:
                self.initialise_defaults(decl.original)
                self.write_global(decl, self.expression(decl.value), decl.span)

    def initialise_defaults(self, decl: FunctionDecl) -> None:
        from .defaults import default_factory

        for param in self.program.annotations.signature(decl).params:
            if param.default is None or default_factory(param.default) is not None:
                continue
            if is_literal(param.default):
                self.check_default(decl, param)
                continue
            open_kind = param.type is None or decl.owner is not None or relations.walked(param.type) is not None
            value = self.expression(param.default, None if open_kind else param.type)
            if param.type is not None and not decl.type_params and not (decl.owner and decl.owner.type_params):
                value = self.taken(value, param.type, f"the default of `{param.name}`")
            self.write_global(self.program.default_of(decl, param, param.default), value, param.span)

    def check_default(self, decl: FunctionDecl, param: Parameter) -> None:
        """A literal is made anew where it is needed; whether it fits is said at once."""
        kind = param.type
        if kind is None or param.default is None or decl.module.library or relations.is_open(kind):
            return
        if not isinstance(param.default, tree.NoneLiteral):
            with self.block():
                self.taken(self.expression(param.default, kind), kind, f"the default of `{param.name}`")

    def result_role(self) -> str:
        return "the result of this lambda" if "<" in self.decl.name else f"the result of `{self.decl.qualified}`"

    def _class(self, node: tree.ClassDef) -> None:
        decl: Symbol | Member | None = self.program.modules.lookup(self.module, node.name, node.name_span.start)
        if self.class_body is not None:
            decl = self.class_body.members.get(node.name)
        if not isinstance(decl, ClassDecl) or decl.node is not node or id(node) in self.scope.defs:
            what = "a class inside `if` or a loop, or with a name that is a variable as well,"
            self.unsupported(node.name_span, what, "define it above, under a name of its own")
            return
        self.takes_locals(node)
        self.program.members.complete(decl)
        around, self.class_body = self.class_body, decl
        if decl.is_enum:
            self.initialise_enum(decl)
        for member in list(decl.members.values()):
            if isinstance(member, GlobalDecl) and member.name in decl.enum_members:
                continue
            if isinstance(member, GlobalDecl) and member.owner is decl and member.value is not None:
                kind = None if member.annotation is None else self.annotation(member.annotation)
                self.write_global(member, self.expression(member.value, kind), member.span)
                if self.describes(member, "__set_name__"):
                    given = [self.class_value(ClassType(decl), member.span), self.str_const(member.name, member.span)]
                    held = self.read_global(member, member.span)
                    self.emit(Do(member.span, self.need_method(held, "__set_name__", given, member.span)))
            elif isinstance(member, FunctionDecl):
                self.initialise_defaults(member)
            elif isinstance(member, ClassDecl) and member.node is not None:
                self._class(member.node)
        self.class_body = around
        self.set_version(node)
        self.tell_base(decl, node)
        self.decorate_class(decl)

    def tell_base(self, decl: ClassDecl, node: tree.ClassDef) -> None:
        """The base class hears of each class below it by its `__init_subclass__`."""
        found = None if decl.base is None else self.lookup(decl.base, "__init_subclass__")
        if found is not None and isinstance(found[1], FunctionDecl):
            site = CallSite(node.span, (), words_of(node.keywords))
            self.emit(Do(node.span, self.call_declaration(found[1], site, owner=ClassType(decl))))

    def takes_locals(self, node: tree.ClassDef) -> None:
        """Complains of methods of a class inside a function that use the function's variables."""
        for method in node.body:
            scope = self.scope.children.get(id(method))
            for name in scope.free if scope is not None else ():
                if name in self.scope.child_names.get(id(method), {}) or self.is_captured(name):
                    what = f"`{name}` of the function around it in a method of the class `{node.name}`"
                    self.unsupported(method, what, "hand it to `__init__` and keep it in a field")

    def set_version(self, node: tree.FunctionDef | tree.ClassDef) -> None:
        version = pick(self.module, node.name, node.name_span.start)
        if version is not None and version.scope is None and self.decl.name == "<module>":
            self.emit(SetGlobal(node.span, self.version_number(node.name), self.int_const(version.number, node.span)))

    def _type_alias(self, node: tree.TypeAlias) -> None:
        if id(node) in self.scope.defs:
            self.unsupported(node, "`type` inside a function", "move it to the top of the module")

    def _import(self, node: tree.Import | tree.ImportFrom) -> None:
        """The module runs when the program starts; an import inside a function only gives names."""
        for alias in node.names:
            name = alias.bound
            if self.decl.name != "<module>":
                made = import_declaration(node, alias, self.module)
                known = self.module.names.setdefault(name, made)
                same = self.program.modules.resolve(made, self.module, name)
                target = self.program.modules.find(made.module)
                if target is not None and not target.library:
                    self.unsupported(node, "an import of your own module inside a function", "move it to the top")
                elif known is not made and self.program.modules.resolve(known, self.module, name) is not same:
                    self.unsupported(
                        node, f"an import of `{name}`, which is something else in this module,", "use `as`"
                    )
            modules = self.program.modules
            modules.lookup(self.module, name)
            if isinstance(node, tree.Import) and "." in alias.name and modules.find(alias.name) is None:
                top = alias.name.partition(".")[0]
                if modules.find(top) is not None:  # else it has been said
                    problem = errors.ModuleNotFound(self.source, alias.span, module=alias.name)
                    part = alias.name.removeprefix(f"{top}.")
                    self.report(problem.helped(f"a name of a module is imported by `from {top} import {part}`"))

    def _scope_statement(self, node: tree.Stmt) -> None:
        pass


_METHODS: dict[type[tree.Stmt], str] = {
    tree.ExprStmt: "_expression_statement", tree.Pass: "_pass", tree.Assign: "_assign", tree.AnnAssign: "_annotated",
    tree.AugAssign: "_augmented", tree.Delete: "_delete", tree.If: "_if", tree.While: "_while", tree.For: "_for",
    tree.Break: "_break", tree.Continue: "_continue", tree.Return: "_return", tree.Assert: "_assert",
    tree.Raise: "_raise",
    tree.Try: "_try", tree.With: "_with", tree.FunctionDef: "_function", tree.ClassDef: "_class",
    tree.TypeAlias: "_type_alias", tree.Import: "_import", tree.ImportFrom: "_import", tree.Global: "_scope_statement",
    tree.Nonlocal: "_scope_statement", tree.Match: "_match",
}  # fmt: skip
_HANDLERS = {kind: getattr(Statements, name) for kind, name in _METHODS.items()}

__all__ = ["ERROR", "GetField", "Statements"]
