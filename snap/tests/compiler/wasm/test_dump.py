"""The disassembler and the size report read back what the emitter wrote."""

from __future__ import annotations

from pielang.compiler.wasm.decode import Reader
from pielang.compiler.wasm.dump import dump
from pielang.compiler.wasm.encode import signed, unsigned
from pielang.compiler.wasm.report import report
from tests.compiler.wasm.harness import F64, I32, REF, call, const, function, get, instance, ir, local, op


def test_listing() -> None:
    n, x, error = local("n", I32), local("x", F64), local("error", REF)
    run = instance(
        function("callee", [n], F64, ir.Return(op(F64, "f64.convert_i32_s", get(n)))),
        function(
            "caller",
            [n],
            F64,
            ir.Try([ir.Set(x, op(F64, "f64.add", call(F64, "callee", get(n)), const(0.5, F64)))], error, []),
            ir.Do(op(None, "memory.fill", const(70000), const(0), const(8))),
            ir.Return(get(x)),
        ),
        optimize=0,
    )
    text = "\n".join(dump(run.wasm))
    assert "caller (i32) -> f64" in text
    assert "call callee" in text
    assert "f64.const 0.5" in text
    assert "try_table" in text
    assert "memory.fill" in text
    assert [line.split()[-1] for line in text.splitlines() if line.endswith("end")]
    only = "\n".join(dump(run.wasm, "callee"))
    assert "caller" not in only


def test_report_adds_up() -> None:
    run = instance(function("f", [], I32, ir.Return(const(1))))
    lines = list(report(run.wasm))
    assert int(lines[0].split()[0]) == len(run.wasm)
    assert any(line.endswith("  f") for line in lines)


def test_numbers_are_read_as_written() -> None:
    for value in (0, 1, 63, 64, 127, 128, 8191, 8192, 2**31 - 1, 2**32 - 1, 2**63 - 1):
        assert Reader(unsigned(value)).unsigned() == value
        assert Reader(signed(value)).signed() == value
        assert Reader(signed(-value)).signed() == -value
