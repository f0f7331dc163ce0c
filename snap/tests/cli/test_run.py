"""`pielang run`, `build` and `check` on programs that need no model."""

from __future__ import annotations

from tests.cli.conftest import Command

GREET = '''
def main(name: str, times: int = 1, loud: bool = False, tags: list[str] = [], limit: float | None = None) -> int:
    """Greet somebody.

    name: whom to greet
    times: how often
    """
    for _ in range(times):
        print(name.upper() if loud else name)
    for tag in tags:
        print("#" + tag)
    if limit is not None:
        print(limit)
    return times
'''

ENDLESS = """
from pielang import sleep

async def main() -> None:
    print("on")
    await sleep(0)
    while True:
        pass
"""


def test_a_program_runs_with_the_flags_of_its_main(pielang: Command) -> None:
    pielang.write("greet.pie", GREET)
    ran = pielang("run", "greet.pie", "Ada", "--times", "2", "--loud", "--tags", "a", "--tags=b", "--limit", "-0.5")
    assert ran.err == ""
    assert (ran.code, ran.out) == (0, "ADA\nADA\n#a\n#b\n-0.5\n2\n")


def test_help_of_a_program(pielang: Command) -> None:
    pielang.write("greet.pie", GREET)
    ran = pielang("run", "greet.pie", "--help")
    assert ran.code == 0
    assert ran.out.startswith("usage: pielang run greet.pie NAME")
    for text in (
        "Greet somebody.",
        "whom to greet",
        "how often (default: 1)",
        "--loud, --no-loud",
        "--model",
        "exit codes",
    ):
        assert text in ran.out


def test_wrong_flags_show_usage_and_the_doc_of_the_parameter(pielang: Command) -> None:
    pielang.write("greet.pie", GREET)
    wrong = {
        (): ("`name` is missing", "whom to greet"),
        ("Ada", "--times", "often"): ("--times takes a whole number of 64 bits, not `often`", "how often"),
        ("Ada", "--times"): ("--times needs a value", "how often"),
        ("Ada", "--tmes", "3"): ("no parameter `--tmes`", "did you mean --times?"),
        ("Ada", "--loud", "--no-loud"): ("--loud is given twice",),
    }
    for words, texts in wrong.items():
        ran = pielang("run", "greet.pie", *words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("usage: pielang run greet.pie NAME")
        for text in texts:
            assert text in ran.err
    assert pielang("run", "greet.pie", "--json").error["error"]["parameter"] == "name"


def test_json_gives_one_object_for_each_event(pielang: Command) -> None:
    pielang.write("greet.pie", GREET)
    ran = pielang("run", "greet.pie", "Ada", "--json")
    assert ran.code == 0
    assert '{"event": "output", "stream": "stdout", "text": "Ada\\n"}' in ran.out
    assert ran.out.endswith('{"event": "result", "value": 1}\n')


def test_build_writes_a_module_that_runs(pielang: Command) -> None:
    pielang.write("greet.pie", GREET)
    ran = pielang("build", "greet.pie")
    assert ran.code == 0
    assert ran.out.startswith("greet.wasm  ")
    assert pielang("run", "greet.wasm", "Ada").out == "Ada\n1\n"
    as_object = pielang("build", "greet.pie", "-o", "other.wasm", "--json").object
    assert as_object["bytes"] == (pielang.folder / "other.wasm").stat().st_size
    assert [parameter["name"] for parameter in as_object["manifest"]["parameters"]][:2] == ["name", "times"]
    assert pielang("build", "greet.pie", "-o", "no/folder/x.wasm").code == 4


def test_errors_of_the_compiler(pielang: Command) -> None:
    programs = {
        "syntax.pie": "def main() -> None:\n    print('x'\n",
        "name.pie": "def main() -> None:\n    pritn('x')\n",
        "type.pie": "def main() -> int:\n    return 'x'\n",
    }
    for name, text in programs.items():
        pielang.write(name, text)
        for command in ("build", "check", "run"):
            ran = pielang(command, name)
            assert (ran.code, ran.out) == (3, "")
            assert "error[PIE" in ran.err and f"--> {name}:" in ran.err and "^" in ran.err
            assert "Traceback" not in ran.err
        found = pielang("run", name, "--json").error
        assert found["exit"] == 3 and found["error"]["diagnostics"]
    pielang.write("fine.pie", "def main() -> None:\n    print('x')\n")
    ran = pielang("check", "fine.pie", "type.pie", "--json")
    assert ran.code == 3
    assert [report["ok"] for report in ran.object["files"]] == [True, False]
    assert not (pielang.folder / "name.wasm").exists()


def test_an_uncaught_exception_shows_a_traceback_in_lines_of_the_program(pielang: Command) -> None:
    pielang.write(
        "fails.pie",
        "async def inner(n: int) -> int:\n"
        "    return 10 // n\n"
        "\n"
        "async def outer(n: int) -> int:\n"
        "    try:\n"
        "        return await inner(n)\n"
        "    except ZeroDivisionError as error:\n"
        "        raise ValueError('no way') from error\n"
        "\n"
        "async def main(n: int = 0) -> None:\n"
        "    print('before')\n"
        "    print(await outer(n))\n",
    )
    ran = pielang("run", "fails.pie")
    assert (ran.code, ran.out) == (1, "before\n")
    lines = ran.err.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert '  File "fails.pie", line 2, in inner' in lines
    assert "    return 10 // n" in lines
    assert "The above exception was the direct cause of the following exception:" in lines
    assert '  File "fails.pie", line 12, in main' in lines
    assert '  File "fails.pie", line 8, in outer' in lines
    assert lines[-1] == "ValueError: no way"
    found = pielang("run", "fails.pie", "--json").error["error"]
    assert [raised["type"] for raised in found["chain"]] == ["ZeroDivisionError", "ValueError"]


def test_an_endless_loop_is_ended_at_its_line(pielang: Command) -> None:
    pielang.write("endless.pie", "def main() -> None:\n    n = 0\n    print('on')\n    while True:\n        n ^= 1\n")
    ran = pielang("run", "--time-limit", "0.3", "endless.pie")
    assert ran.code == 1
    assert 'File "endless.pie", line ' in ran.err and "in main" in ran.err
    assert "0.3" in ran.err


def test_a_memory_bomb_is_ended_at_its_line(pielang: Command) -> None:
    pielang.write(
        "bomb.pie",
        "def main() -> None:\n"
        "    kept: list[str] = []\n"
        "    piece = 'x' * 100_000\n"
        "    while True:\n"
        "        kept.append(piece + str(len(kept)))\n",
    )
    ran = pielang("run", "--memory", "16", "bomb.pie")
    assert ran.code == 1
    assert "line 5, in main" in ran.err
    assert "MemoryError" in ran.err or "memory" in ran.err


def test_a_reader_that_leaves_ends_the_run_quietly(pielang: Command) -> None:
    pielang.write(
        "talks.pie",
        "from pielang import sleep\n"
        "\n"
        "async def main() -> None:\n"
        "    while True:\n"
        "        print('on')\n"
        "        await sleep(0)\n",
    )
    running = pielang.start("run", "talks.pie")
    assert running.line() == "on\n"
    assert running.process.stdout is not None
    running.process.stdout.close()
    assert running.process.wait(60) == 141
    assert running.process.stderr is not None
    assert running.process.stderr.read() == ""


def test_ctrl_c_ends_a_run(pielang: Command) -> None:
    pielang.write(
        "waits.pie", "from pielang import sleep\n\nasync def main() -> None:\n    print('on')\n    await sleep(1000)\n"
    )
    running = pielang.start("run", "waits.pie")
    assert running.line() == "on\n"
    running.interrupt()
    ran = running.end(30)
    assert ran.code == 130
    assert ran.err == "pielang: interrupted\n"


def test_a_second_ctrl_c_ends_a_run_that_does_not_end(pielang: Command) -> None:
    pielang.write("endless.pie", ENDLESS)
    running = pielang.start("run", "--time-limit", "1000", "endless.pie")
    assert running.line() == "on\n"
    running.interrupt()
    running.interrupt()
    assert running.end(30).code == 130


def test_an_endless_loop_ends_by_ctrl_c(pielang: Command) -> None:
    pielang.write("endless.pie", ENDLESS)
    running = pielang.start("run", "--time-limit", "1000", "endless.pie")
    assert running.line() == "on\n"
    running.interrupt()
    assert running.end(30).code == 130


def test_lines_of_standard_input_are_messages(pielang: Command) -> None:
    pielang.write(
        "chat.pie",
        "from pielang import receive, send\n"
        "\n"
        "async def main() -> None:\n"
        "    for _ in range(2):\n"
        "        send('hello ' + await receive())\n",
    )
    running = pielang.start("run", "chat.pie", typed="Ada\nBob")
    assert running.end().out == "hello Ada\nhello Bob\n"


def test_a_runaway_recursion_is_shown_shortly(pielang: Command) -> None:
    pielang.write("deep.pie", "def f(n: int) -> int:\n    return f(n + 1)\n\n\ndef main() -> None:\n    f(0)\n")
    ran = pielang("run", "deep.pie")
    assert ran.code == 1
    assert ran.err.endswith(" more times]\nRecursionError: maximum recursion depth exceeded\n")
    assert ran.err.count("return f(n + 1)") == 3


def test_the_end_of_standard_input_ends_the_messages(pielang: Command) -> None:
    pielang.write(
        "echo.pie",
        """
from pielang import receive

async def main() -> int:
    count = 0
    try:
        while True:
            print((await receive()).upper())
            count += 1
    except EOFError as error:
        print(error)
    return count
""",
    )
    ran = pielang.start("run", "echo.pie", typed="one\ntwo").end()
    assert (ran.code, ran.out, ran.err) == (0, "ONE\nTWO\nthe client sends no more messages\n2\n", "")


def test_a_program_chooses_its_exit_status(pielang: Command) -> None:
    pielang.write("leave.pie", 'def main(status: int) -> None:\n    print("bye")\n    raise SystemExit(status)\n')
    for status in (0, 3):
        ran = pielang("run", "leave.pie", str(status))
        assert (ran.code, ran.out, ran.err) == (status, "bye\n", "")
