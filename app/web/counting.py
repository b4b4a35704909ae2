"""Counting beside the limits of views: what somebody did, whoever is counted under whatever name."""

from limits import RateLimitItem
from limits.errors import StorageError
from redis.exceptions import RedisError

from app.extensions import limiter


def hit(item: RateLimitItem, *names: str) -> bool:
    """Count once more; False where there were too many. While what counts does not answer, nobody is held up."""
    try:
        return limiter.limiter.hit(item, *names)
    except (StorageError, RedisError, OSError):
        return True


def has_room(item: RateLimitItem, *names: str) -> bool:
    """The same without counting."""
    try:
        return limiter.limiter.test(item, *names)
    except (StorageError, RedisError, OSError):
        return True
