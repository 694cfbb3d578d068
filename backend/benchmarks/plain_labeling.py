"""The labelling that one writes first: a Celery task a workflow, one step after another, a whole picture a call.

Our words and our form of an answer, so that it asks for labels as good as ours and only the design differs: the SDK as
it comes (with its retries), a label written down after each step, three retries of a task, which goes on where it
stopped. It keeps the tables and does without leases, limits, redaction and ledger. What `benchmarks.labeling` compares
with.
"""

import base64
import json
import os
from functools import lru_cache

import anthropic
from celery import Celery
from sqlalchemy import Engine, create_engine, exists, select
from sqlalchemy.orm import Session

import app.accounts.models  # noqa: F401 - the tables that workflows refer to
from app.core.config import get_settings
from app.labeling.answers.schema import answer_schema
from app.labeling.prompt.question import VERSION, system_words
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows.models import Label, LabelSource, LabelState, Step

MODEL = "claude-haiku-5-5"
KEY = "s01"

celery = Celery("plain", broker=os.environ.get("REDIS_URL"), backend=os.environ.get("REDIS_URL"))
celery.conf.update(worker_concurrency=5, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)


@celery.task(name="plain.label", autoretry_for=(Exception,), max_retries=3, retry_backoff=True)
def label(workflow_id: int) -> int:
    """Label what has no label of a model's yet; returns how many steps that were."""
    with Session(_engine()) as session:
        labelled = exists().where(Label.step_id == Step.id, Label.source == LabelSource.AI)
        wanted = select(Step).where(Step.workflow_id == workflow_id, ~labelled).order_by(Step.position)
        steps = session.scalars(wanted).all()
        for step in steps:
            session.add(_label(step, session.get(Screenshot, step.screenshot_id)))
            step.label_state = LabelState.LABELLED
            session.commit()
        return len(steps)


def _label(step: Step, screenshot: Screenshot | None) -> Label:
    content: list[anthropic.types.ContentBlockParam] = []
    if screenshot is not None:
        data = base64.b64encode(get_store().get(screenshot.blob)).decode()
        image: anthropic.types.ImageBlockParam = {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/webp", "data": data},
        }
        content.append(image)
    facts = {"action": step.action, "target": step.target, "value": step.value, "page": step.page}
    content.append({"type": "text", "text": json.dumps({"steps": [{"key": KEY, **facts}]})})
    answer = _client().messages.create(
        model=MODEL,
        max_tokens=1_000,
        system=system_words(VERSION),
        messages=[{"role": "user", "content": content}],
        output_config={"effort": "low", "format": {"type": "json_schema", "schema": answer_schema([KEY])}},
    )
    said = json.loads("".join(block.text for block in answer.content if block.type == "text"))[KEY]
    return Label(
        step_id=step.id,
        field_label=said["field_label"],
        instruction=said["instruction"],
        source=LabelSource.AI,
        model=MODEL,
    )


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return create_engine(get_settings().database)


@lru_cache(maxsize=1)
def _client() -> anthropic.Anthropic:
    return anthropic.Anthropic()
