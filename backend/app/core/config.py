"""Settings: read once from the environment and from `.env`; nothing else in the project reads the environment."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.errors import AppError

BACKEND = Path(__file__).parents[2]


class Settings(BaseSettings):
    """Every setting, with its unit in its name. The environment's names are these in capitals."""

    model_config = SettingsConfigDict(env_file=(BACKEND / ".env", ".env"), extra="ignore", frozen=True)

    # Where things are
    data_dir: Path = Field(BACKEND.parent / "data", description="Folder of everything that the embedded parts keep.")
    database_url: str = Field(
        "", description="SQLAlchemy address. Empty: SQLite in DATA_DIR. Outgrown: `postgresql+psycopg://…`."
    )
    redis_url: str = Field(
        "redis://localhost:6379/0",
        description="Redis ≥ 6.2 or Valkey: broker, results, live events. `up` starts its own if this is not set.",
    )
    migrate_on_start: bool = Field(True, description="Bring the database to this version's tables when the API starts.")
    storage_url: str = Field(
        "", description="Where screenshots are kept: `file:///folder` or `s3://bucket/prefix`. Empty: in DATA_DIR."
    )
    s3_endpoint_url: str | None = Field(None, description="Address of an S3-speaking server that is not Amazon's.")
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key_id: SecretStr | None = Field(None, description="Access key. Empty: as the AWS tools find it.")
    s3_secret_access_key: SecretStr | None = Field(None, description="Secret key that belongs to it.")

    # Serving
    host: str = Field("127.0.0.1", description="Address that `up` binds.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port that `up` binds.")
    public_url: str = Field(
        "", description="Address under which people reach this server, for links. Empty: `http://HOST:PORT`."
    )
    log_format: Literal["auto", "console", "plain", "json"] = Field(
        "auto", description="`console` is coloured, `plain` is not. `auto`: console on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe event logged.")

    # Seeing what goes on
    worker_heartbeat_seconds: Annotated[float, Field(ge=0.1)] = Field(
        15, description="Seconds between two signs of life of a worker whose consumer and pool work."
    )
    worker_heartbeat_file: str = Field(
        "",
        description="File that a worker touches then. Empty: `workers/NAME.alive` in DATA_DIR. `off`: none.",
    )
    worker_metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        None, description="Port on which a worker serves `/metrics`; each needs its own. Empty: it does not."
    )
    worker_metrics_host: str = Field("127.0.0.1", description="Address on which a worker serves `/metrics`.")
    otel_traces: bool = Field(
        default=False,
        description="Send traces, where OpenTelemetry's own `OTEL_…` variables say. Needs the extra `otel`.",
    )

    # Signing in
    session_days: Annotated[int, Field(ge=1)] = Field(14, description="Days after which an unused session ends.")
    sign_in_link_minutes: Annotated[int, Field(ge=1)] = Field(30, description="Minutes for which a sign-in link works.")
    sign_in_attempts_per_minute: Annotated[int, Field(ge=1)] = Field(
        10, description="Failed sign-ins per minute after which an account, or an address, has to wait."
    )

    password_sign_in: bool = Field(True, description="Let people sign in with a password. Sign-in links always work.")
    oidc_issuer: str = Field(
        "", description="Address of an OpenID Connect provider at which people may sign in. Empty: none."
    )
    oidc_client_id: str = Field("", description="Name under which this server is registered there.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Secret that belongs to it. Empty: a public client, which proves itself by PKCE alone."
    )
    oidc_name: str = Field("single sign-on", description="What the button says after “Sign in with”.")
    oidc_create_people: Literal["", "viewer", "editor", "admin"] = Field(
        "", description="Role of people who are new here. Empty: only known email addresses may sign in."
    )
    oidc_allowed_domains: str = Field(
        "", description="Domains of email addresses that may sign in there, with commas between them. Empty: all."
    )

    # Recording in a browser that we start
    record_server: str = Field(
        "", description="Server to which `record` and the pytest fixture send recordings. Empty: they stay here."
    )
    record_token: SecretStr | None = Field(None, description="API token of that server, with the right to write.")

    # Telling other programs
    webhook_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        10, description="Seconds that the receiver of a webhook may take for everything."
    )
    webhook_allow_http: bool = Field(False, description="Let webhooks go to `http://` too, unencrypted.")
    webhook_allowed_hosts: str = Field(
        "",
        description="Receivers in the own network that webhooks may reach: names, addresses or CIDR, commas between.",
    )

    # Limits of what is sent to us
    max_steps: Annotated[int, Field(ge=1)] = Field(500, description="Steps of one workflow.")
    max_text_characters: Annotated[int, Field(ge=100, le=5_000)] = Field(
        5_000, description="Characters of one text: a value, an element's text, a description."
    )
    max_request_bytes: Annotated[int, Field(ge=1_000)] = Field(8_000_000, description="Bytes of one JSON request.")
    max_screenshot_bytes: Annotated[int, Field(ge=1_000)] = Field(20_000_000, description="Bytes of one screenshot.")
    max_screenshot_pixels: Annotated[int, Field(ge=1_000)] = Field(
        40_000_000, description="Pixels (width × height) of one screenshot."
    )
    max_import_bytes: Annotated[int, Field(ge=1_000)] = Field(200_000_000, description="Bytes of one imported file.")
    max_import_unpacked_bytes: Annotated[int, Field(ge=1_000)] = Field(
        600_000_000, description="Bytes of an imported zip's content."
    )
    upload_pause_seconds: Annotated[float, Field(gt=0)] = Field(
        30, description="Seconds without a byte after which a request's body is given up on (408)."
    )
    upload_bytes_per_second: Annotated[float, Field(gt=0)] = Field(
        1_000, description="Bytes per second that a body brings on average at least, once that pause is used up."
    )

    # Labelling
    labeler: Literal["auto", "rules", "claude", "openai"] = Field(
        "auto", description="Who names the steps. `auto`: Claude if ANTHROPIC_API_KEY is set, else the rules."
    )
    anthropic_api_key: SecretStr | None = Field(None, description="Key of the Claude API. Empty: rules alone.")
    anthropic_base_url: str | None = Field(None, description="Another address of the Claude API, such as a proxy's.")
    claude_model: str = Field("claude-haiku-5-5", description="Model of the Claude API that names the steps.")
    claude_data_block: Literal["tool_result", "user"] = Field(
        "tool_result",
        description="Where recorded pages stand in a request to Claude: in the result of a tool, or in a plain block.",
    )
    openai_base_url: str = Field(
        "http://127.0.0.1:11434/v1",
        description="Address of an OpenAI-compatible server for LABELER=openai (Ollama, vLLM, llama.cpp, OpenRouter).",
    )
    openai_api_key: SecretStr | None = Field(None, description="Key that this server wants. Empty: it wants none.")
    openai_model: str = Field("", description="Model of this server. Empty: the first that it lists.")
    openai_vision: bool = Field(False, description="Send pictures to this server: its model must be able to see.")
    openai_response_format: Literal["auto", "json_schema", "json_object", "none"] = Field(
        "auto", description="How this server is held to the form of an answer. `auto`: the best way that it takes."
    )
    click_verb: Literal["Click", "Select"] = Field("Click", description="Verb of rule labels for buttons and links.")
    guide_language: Annotated[str, Field(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$")] = Field(
        "",
        description="Language that a model names the steps in (such as `de`), where the recording does not say one. "
        "Empty: the pages'. The rules know English alone.",
    )
    ocr: bool = Field(
        default=False,
        description="Let the worker read the pictures of controls that the page gives no name. Needs the extra `ocr`.",
    )
    label_chunk_steps: Annotated[int, Field(ge=1, le=10)] = Field(10, description="Steps sent in one call at the most.")
    label_quick_chunk_steps: Annotated[int, Field(ge=1, le=10)] = Field(
        3, description="Steps sent in one call while calls need not wait for each other: labels are there sooner."
    )
    label_chunks_at_once: Annotated[int, Field(ge=1)] = Field(4, description="Calls under way at a time in one run.")
    label_runs_at_once: Annotated[int, Field(ge=1)] = Field(
        4, description="Runs that one process of a worker labels with a model at a time."
    )
    label_requests_per_minute: Annotated[float, Field(gt=0)] = Field(
        1_000, description="Calls of the model that all workers together begin in a minute."
    )
    label_input_tokens_per_minute: Annotated[float, Field(gt=0)] = Field(
        2_000_000, description="Tokens that all workers together send to the model in a minute."
    )
    label_output_tokens_per_minute: Annotated[float, Field(gt=0)] = Field(
        400_000, description="Tokens that the model writes for all workers together in a minute."
    )
    label_calls_in_flight: Annotated[int, Field(ge=1)] = Field(
        50, description="Calls of the model that all workers together have under way at a time."
    )
    label_timeout_seconds: Annotated[float, Field(gt=0, le=110)] = Field(
        60, description="Seconds that one call of the model may take."
    )
    label_budget_usd_per_day: Annotated[float, Field(ge=0)] | None = Field(
        None, description="US dollars that labelling may cost in a day (UTC). Empty: unlimited."
    )
    label_budget_usd_per_month: Annotated[float, Field(ge=0)] | None = Field(
        None, description="US dollars that labelling may cost in a month (UTC). Empty: unlimited."
    )
    label_batch_poll_seconds: Annotated[float, Field(ge=0.1)] = Field(
        60, description="Seconds between two looks at a batch that the provider works on."
    )
    lease_seconds: Annotated[float, Field(ge=1)] = Field(
        30, description="Seconds without a sign of life after which a run is taken over by another worker."
    )
    max_worker_deaths: Annotated[int, Field(ge=1)] = Field(
        3, description="Workers that may die over one run before it is parked for a person."
    )
    reconcile_seconds: Annotated[float, Field(ge=0.1)] = Field(
        15, description="Seconds between two looks for runs whose message was lost."
    )
    redeliver_seconds: Annotated[float, Field(ge=1)] = Field(
        30, description="Seconds after which a run that no worker took up is looked at again."
    )
    publish_timeout_seconds: Annotated[float, Field(gt=0)] = Field(
        2, description="Seconds that an upload waits for the broker before it leaves the message to the reconciler."
    )

    # Housekeeping
    trash_days: Annotated[float, Field(gt=0)] = Field(
        30, description="Days after which a deleted workflow leaves the trash for good."
    )
    unused_screenshot_hours: Annotated[float, Field(ge=1)] = Field(
        24, description="Hours after which a screenshot that no step shows is deleted."
    )
    removed_step_days: Annotated[float, Field(gt=0)] = Field(
        30, description="Days for which a step that was removed can be put back; then it is erased."
    )

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve()}/workflow-platform.db"

    @property
    def storage(self) -> str:
        """The screenshot store's address, the default filled in."""
        return self.storage_url or f"file://{self.data_dir.resolve()}/screenshots"

    @property
    def base_url(self) -> str:
        """Where people reach this server, without a slash at the end."""
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        address = f"[{host}]" if ":" in host else host
        return (self.public_url or f"http://{address}:{self.port}").rstrip("/")


class InvalidSettings(AppError):
    """A setting has a value that cannot be used."""


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process; `get_settings.cache_clear()` reads them anew."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False))
        raise InvalidSettings(f"A setting cannot be used: {problems}") from None


def override(**values: str) -> None:
    """Fix settings (named as in `Settings`) for this process and for the programs that it starts."""
    os.environ.update({name.upper(): value for name, value in values.items()})
    get_settings.cache_clear()
