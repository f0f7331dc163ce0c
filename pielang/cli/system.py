"""The whole system in one event loop: a node, its gateway, and the inference process when a program needs it.

In: `ServerOptions`, the model's folder and an endpoint. Out: something that serves clients until it is closed, after
which nothing of it is left: no task, no process, no socket.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pielang
from pielang.config import SIMULATED, ServerOptions
from pielang.server.control.errors import LaunchRefused
from pielang.server.control.node import Node, NodeConfig
from pielang.server.control.scheduler import BatchSettings
from pielang.server.gateway.gateway import Gateway
from pielang.server.wire.client_socket import Context

if TYPE_CHECKING:
    from pielang.models import ModelFolder
    from pielang.server.wire.link import InferenceLink


def write_log() -> None:
    """Lets the log, to which programs write by `log`, go to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")


class System:
    """A node and its gateway. Made by `open`."""

    def __init__(self, node: Node, gateway: Gateway, trace: Path | None) -> None:
        self.node = node
        self.gateway = gateway
        self.trace = trace  # what happened is written there in the end

    @classmethod
    async def open(
        cls,
        options: ServerOptions,
        model: ModelFolder | None,
        cache: Path,
        endpoint: str,
        context: Context,
        *,
        shared: bool,
    ) -> System:
        """Serves `endpoint` in the running event loop; the model is loaded when first needed. Raises EndpointError.

        `shared`: it outlives the programs, so what happens to it is told in the log, not only to them.
        """

        async def inference(on_lost: Callable[[Exception], None]) -> InferenceLink:
            from pielang.server.wire.link import InferenceLink, InferenceOptions

            if model is None:
                raise LaunchRefused("model", "the program calls a model, but its manifest says that it needs none")
            settings = InferenceOptions(
                model=model.path,
                name=model.name,
                dtype=options.dtype,
                page_count=options.pages,
                host_pages=options.host_pages,
                simulate=model.name.removeprefix(SIMULATED) if model.name.startswith(SIMULATED) else "",
            )

            def lost(error: Exception) -> None:
                logging.getLogger("pielang").warning("%s; the next program that needs the model starts it again", error)
                on_lost(error)

            return await InferenceLink.start(settings, lost if shared else on_lost)

        config = NodeConfig(
            cache=cache,
            memory_mb=options.memory_mb,
            time_limit=options.time_limit,
            batches=BatchSettings(policy=options.policy),
            allow_net=options.allow_net,
            allow_private=options.allow_private,
            limits=dict(options.limits),
            user_limits=dict(options.user_limits),
            adapters=Path(options.adapters) if options.adapters is not None else None,
            trace=options.trace is not None,
            record=Path(options.record) if options.record is not None else None,
        )
        node = Node(config, inference)
        try:
            gateway = Gateway(node, endpoint, context, pielang.__version__)
        except BaseException:
            await node.close()
            raise
        return cls(node, gateway, Path(options.trace) if options.trace is not None else None)

    async def load_model(self) -> None:
        """Starts the inference process now, not when the first program needs it. Raises LaunchRefused."""
        await self.node.load_model()

    async def close(self, reason: str) -> None:
        """Ends every inferlet, tells clients why, and ends the inference process."""
        await self.gateway.close(reason)
        await self.node.close()
        if self.trace is not None:
            self.trace.write_text(json.dumps(self.node.trace()))
