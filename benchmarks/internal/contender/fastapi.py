"""The contender in FastAPI: the tutorial on background tasks. STYLE=async makes
every function async def, which spares FastAPI its thread pool."""

import os
from typing import Optional

from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()

if os.environ["STYLE"] == "async":

    async def write_log(line: str):
        pass

    async def get_query(background_tasks: BackgroundTasks, q: Optional[str] = None):
        if q:
            background_tasks.add_task(write_log, "found query: " + q)
        return q

else:

    def write_log(line: str):
        pass

    def get_query(background_tasks: BackgroundTasks, q: Optional[str] = None):
        if q:
            background_tasks.add_task(write_log, "found query: " + q)
        return q


@app.post("/send-notification/{email}")
async def send_notification(email: str, background_tasks: BackgroundTasks, q: str = Depends(get_query)):
    background_tasks.add_task(write_log, "message to " + email)
    return {"message": "Message sent"}


@app.get("/hello/{name}")
async def hello(name: str):
    return {"message": "Hello " + name}
