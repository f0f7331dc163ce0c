"""`pielang model`: the models on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import CliError, Exit
from .interrupts import Interrupts
from .options import Options
from .terminal import Terminal, readable_size

if TYPE_CHECKING:
    from pielang.models import ModelFolder


def model(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Pulls, lists, locates or removes models."""
    options = Options("model", "Models on this machine.")
    actions = options.add_subparsers(
        dest="action", metavar="pull|list|path|remove", required=True, parser_class=Options
    )
    for action, about in (
        ("pull", "fetch a model into the cache"),
        ("list", "the models in the cache"),
        ("path", "the folder of a model in the cache"),
        ("remove", "delete a model from the cache"),
    ):
        parser = actions.add_parser(action, help=about, description=about.capitalize() + ".")
        if action == "pull":
            parser.add_argument("name", metavar="NAME", nargs="?", default="smollm2", help="default: smollm2")
        elif action != "list":
            parser.add_argument("name", metavar="NAME")
    chosen = options.read(words, terminal)
    from pielang.models import ModelError, ModelStore

    store = ModelStore()
    try:
        match chosen.action:
            case "pull":
                _show(store.pull(chosen.name), terminal)
            case "list":
                models = store.list()
                if terminal.json:
                    terminal.object({"models": [_as_json(folder) for folder in models]})
                elif not models:
                    terminal.note("no models yet; `pielang model pull` fetches the default one")
                for folder in () if terminal.json else models:
                    terminal.say(f"{folder.name:<12} {readable_size(folder.size):>9}  {folder.path}")
            case "path":
                path = store.path(chosen.name)
                terminal.object({"path": str(path)}) if terminal.json else terminal.say(str(path))
            case "remove":
                store.remove(chosen.name)
                terminal.object({"removed": chosen.name}) if terminal.json else terminal.say(f"removed {chosen.name}")
    except ModelError as error:
        raise CliError(Exit.MODEL, str(error), details={"model": type(error).__name__}) from error
    return Exit.OK


def _show(folder: ModelFolder, terminal: Terminal) -> None:
    if terminal.json:
        terminal.object(_as_json(folder))
    else:
        terminal.say(f"{folder.name}  {readable_size(folder.size)}  {folder.path}")


def _as_json(folder: ModelFolder) -> dict[str, object]:
    return {"name": folder.name, "path": str(folder.path), "source": folder.source, "bytes": folder.size}
