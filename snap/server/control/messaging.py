"""Messages between programs: topics, and children that a program has spawned.

In: broadcasts, subscriptions, the ends of children. Out: answers to the programs that wait for them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pielang.api import codec
from pielang.api.errors import CallError, Status
from pielang.server.wire.client import Failed, Finished, Message, Output

if TYPE_CHECKING:
    from pielang.server.control.lifecycle import Event, Instance


class Subscription:
    """One program's ear on a topic."""

    def __init__(self, topics: Topics, owner: Instance, topic: str) -> None:
        self.owner = owner
        self.topic = topic
        self._topics = topics
        self._unread: deque[str] = deque()
        self._waiting: deque[int] = deque()  # tickets
        self._lost = 0

    def deliver(self, message: str) -> None:
        """A broadcast. One that the program leaves unread for too long is lost, and the next read says so."""
        if self._waiting:
            self.owner.complete(self._waiting.popleft(), message)
        elif len(self._unread) < self.owner.usage.limit("unread_messages"):
            self._unread.append(message)
        else:
            self._lost += 1

    def read(self, ticket: int) -> None:
        """Answer with the next message, now or when there is one. Raises CallError when messages were lost."""
        if self._lost and not self._unread:
            lost, self._lost = self._lost, 0
            problem = (
                f"{lost} messages of the topic '{self.topic}' were lost: {self.owner.usage.message('unread_messages')}"
            )
            raise CallError(Status.LIMIT_REACHED, problem)
        if self._unread:
            self.owner.complete(ticket, self._unread.popleft())
        else:
            self._waiting.append(ticket)

    def close(self) -> None:
        """Listen no more. Twice is fine."""
        self._topics.leave(self)

    def end(self) -> None:
        """Nothing comes any more."""
        for ticket in self._waiting:
            self.owner.fail(ticket, CallError(Status.CANCELLED, f"the subscription to '{self.topic}' has ended"))
        self._waiting.clear()


class Topics:
    """Who listens to what, in one node."""

    def __init__(self) -> None:
        self._listeners: dict[str, dict[Subscription, None]] = {}

    def join(self, owner: Instance, topic: str) -> Subscription:
        subscription = Subscription(self, owner, topic)
        self._listeners.setdefault(topic, {})[subscription] = None
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Twice is fine."""
        listeners = self._listeners.get(subscription.topic, {})
        if listeners.pop(subscription, subscription) is None:
            subscription.owner.usage.give("subscriptions")
            subscription.end()
        if not listeners:
            self._listeners.pop(subscription.topic, None)

    def broadcast(self, topic: str, message: str) -> None:
        """To all that listen now, in the order in which they joined."""
        for subscription in list(self._listeners.get(topic, ())):
            subscription.deliver(message)

    def __len__(self) -> int:
        return sum(len(listeners) for listeners in self._listeners.values())


class Child:
    """A program that another one spawned. What it prints and sends goes to its parent's client, in that one's name."""

    def __init__(self, parent: Instance) -> None:
        self.parent = parent
        self.instance: Instance | None = None  # None until it is launched
        self._end: Finished | Failed | None = None
        self._waiting: list[int] = []  # tickets of the parent

    def event(self, event: Event) -> None:
        match event:
            case Output(stream=stream, data=data):
                self.parent.emit(Output(self.parent.id, stream, data))
            case Message(message=message):
                self.parent.emit(Message(self.parent.id, message))
            case Finished() | Failed():
                self.end(event)

    def end(self, event: Finished | Failed) -> None:
        if self._end is None:
            self._end = event
            self.parent.usage.give("children")
            self.parent.root.usage.give("descendants")
            waiting, self._waiting = self._waiting, []
            for ticket in waiting:
                self.wait(ticket)

    def wait(self, ticket: int) -> None:
        """Answer with the child's result, packed, or its failure as an error, once it has ended."""
        match self._end:
            case None:
                self._waiting.append(ticket)
            case Finished(result=result):
                self.parent.complete(ticket, codec.pack(result))
            case Failed(instance=name, kind=kind, message=message):
                status = Status.CANCELLED if kind == "cancelled" else Status.PIE_ERROR
                self.parent.fail(ticket, CallError(status, f"the spawned program {name} failed: {message}"))

    def close(self) -> None:
        """The parent wants it no more, or has ended."""
        if self.instance is not None:
            self.instance.terminate("the program that spawned it has ended or let go of it")
        else:
            self.end(Failed("", "cancelled", "it was let go of before it started", ()))
