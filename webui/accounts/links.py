"""One-time links to set a password: signed, dated, and worthless once the password or the sessions changed."""

import hashlib
import hmac
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from foundation.people import User
from foundation.settings import Settings

PATH = "/set-password"
VALID_FOR = timedelta(hours=72)


class Links:
    """Makes and reads the links of one deployment; `secret` is the deployment's own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._signer = URLSafeSerializer(secret, salt="rasoat set password")

    def token(self, user: User, at: datetime) -> str:
        """What stands in the link; good for 72 hours."""
        until = int((at + VALID_FOR).timestamp())
        return str(self._signer.dumps([user.id, until, self._state(user)]))

    def url(self, user: User, at: datetime, settings: Settings) -> str:
        """The whole address to hand over."""
        return f"{settings.base_url}{PATH}/{self.token(user, at)}"

    def user(self, session: Session, token: str, at: datetime) -> User | None:
        """Whose link this is; None when it is forged, too old, used, or the account is disabled."""
        try:
            user_id, until, state = self._signer.loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        user = session.get(User, user_id)
        if user is None or not user.active or at.timestamp() > until:
            return None
        return user if hmac.compare_digest(state, self._state(user)) else None

    def _state(self, user: User) -> str:
        """Changes with the password and with the end of sessions, so a link works once."""
        state = f"{user.fs_uniquifier}\0{user.password or ''}".encode()
        return hmac.new(self._secret, state, hashlib.sha256).hexdigest()[:24]
