"""Accounts: who may log in, how, and who manages them. Flask-Security stays behind this package.

`init_app(app)` installs the login; `ACTS` are this area's acts; `first_administrator` and `demo_people` make
the first accounts.
"""

from webui.accounts.acts import ACTS
from webui.accounts.first import demo_people, first_administrator

__all__ = ["ACTS", "demo_people", "first_administrator"]
