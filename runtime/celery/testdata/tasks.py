"""The tasks of the worker that the tests start. What they return is what the
tests look at."""

import os
import signal
import threading
import time

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
app.conf.result_expires = 120
app.conf.task_track_started = True
app.conf.worker_hijack_root_logger = False


def end_with_parent():
    """The worker goes when the test goes, however that is. It reads past
    sys.stdin, whose lock its pool would inherit."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()


class OutOfStock(Exception):
    """An exception of the application's."""


@app.task(name="test.echo")
def echo(**kwargs):
    return kwargs


@app.task(name="images.resize")
def resize(image_key, sizes):
    return ["%s@%d" % (image_key, size) for size in sizes]


@app.task(name="test.request", bind=True)
def request(self, **kwargs):
    r = self.request
    return {
        "id": r.id,
        "root_id": r.root_id,
        "correlation_id": r.correlation_id,
        "queue": r.delivery_info["routing_key"],
        "origin": r.origin,
        "retries": r.retries,
        "timelimit": r.timelimit,
        "traceparent": getattr(r, "traceparent", None),
        "eta": r.eta,
        "expires": r.expires,
        "time": time.time(),
    }


@app.task(name="test.fail")
def fail(message):
    raise ValueError(message)


@app.task(name="test.out_of_stock")
def out_of_stock():
    raise OutOfStock("B-7", 3)


@app.task(name="test.flaky", bind=True, autoretry_for=(ValueError,), max_retries=3, default_retry_delay=0)
def flaky(self):
    if self.request.retries < 2:
        raise ValueError("not yet")
    return self.request.retries


@app.task(name="test.slow")
def slow():
    try:
        time.sleep(60)
    except SoftTimeLimitExceeded:
        return "interrupted"


@app.task(name="test.pause")
def pause(seconds):
    time.sleep(seconds)
    return "rested"
