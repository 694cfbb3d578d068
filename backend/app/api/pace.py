"""A body that comes too slowly is given up on. Plain ASGI, so that streams stay streams."""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_SLOW = "The body did not come in time: there was a long pause in it, or it came too slowly. Send it again."


class BodyPace:
    """Waits for a body no longer than `pause_seconds` at a time, and on the whole no longer than at this pace.

    Only waiting counts: what this server itself takes long for is not the sender's fault.
    """

    def __init__(self, app: ASGIApp, *, pause_seconds: float, bytes_per_second: float) -> None:
        self.app = app
        self.pause_seconds = pause_seconds
        self.bytes_per_second = bytes_per_second

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        complete, received, waited = False, 0, 0.0

        async def receive_in_time() -> Message:
            nonlocal complete, received, waited
            if complete:  # what comes now is that the client goes away
                return await receive()
            begun = time.monotonic()
            allowed = self.pause_seconds + received / self.bytes_per_second - waited
            try:
                async with asyncio.timeout(max(0.0, min(self.pause_seconds, allowed))):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, TOO_SLOW, {"Connection": "close"}) from None
            waited += time.monotonic() - begun
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            return message

        await self.app(scope, receive_in_time, send)
