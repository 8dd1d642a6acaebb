from tests.dialogue.conftest import content, engine

__all__ = ["content", "engine"]
