"""The contender in FastAPI: the tutorial on background tasks, and the routes
that the other parts need. STYLE=async makes every function async def, which
spares FastAPI its thread pool."""

import asyncio
import gc
import os
import signal
import time
from typing import Optional

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()
sent = {"message": "Message sent"}


@app.on_event("startup")
async def collect_on_signal():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, gc.collect)


if os.environ["STYLE"] == "async":

    async def write_log(line: str):
        pass

    async def sleep(ms: int):
        await asyncio.sleep(ms / 1000)
        if ms > 0:
            os.write(1, b"done\n")  # whole, whichever thread writes

    async def get_query(background_tasks: BackgroundTasks, q: Optional[str] = None):
        if q:
            background_tasks.add_task(write_log, "found query: " + q)
        return q

else:

    def write_log(line: str):
        pass

    def sleep(ms: int):
        time.sleep(ms / 1000)
        if ms > 0:
            os.write(1, b"done\n")  # whole, whichever thread writes

    def get_query(background_tasks: BackgroundTasks, q: Optional[str] = None):
        if q:
            background_tasks.add_task(write_log, "found query: " + q)
        return q


@app.post("/send-notification/{email}")
async def send_notification(email: str, background_tasks: BackgroundTasks, q: str = Depends(get_query)):
    background_tasks.add_task(write_log, "message to " + email)
    return sent


@app.get("/hello/{name}")
async def hello(name: str):
    return {"message": "Hello " + name}


@app.post("/tasks/0/{email}")
async def tasks0(email: str):
    return sent


@app.post("/tasks/1/{email}")
async def tasks1(email: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, "message to " + email)
    return sent


@app.post("/tasks/3/{email}")
async def tasks3(email: str, background_tasks: BackgroundTasks):
    for text in ("message to ", "copy to ", "invoice to "):
        background_tasks.add_task(write_log, text + email)
    return sent


@app.post("/slow/{ms}")
async def slow(ms: int, background_tasks: BackgroundTasks):
    background_tasks.add_task(sleep, ms)
    return sent
