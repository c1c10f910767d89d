"""One builder per noun: the smallest row that is right, with what the test names.

Rows are written bound to their workspace, as the application writes them. To look at rows in a test, say who looks:

    with workspace_scope(workspace.id):
        assert Contact.objects.of(workspace.id).count() == 1
"""

from tests.factories.accounts import make_invitation, make_key, make_member, make_user, make_workspace
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact

__all__ = ["make_channel", "make_contact", "make_invitation", "make_key", "make_member", "make_user", "make_workspace"]
