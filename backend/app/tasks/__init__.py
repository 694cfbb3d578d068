"""Door: Celery tasks."""
