"""The colours of how a pool goes on."""

from __future__ import annotations

from tui.domain.outlook import Outlook
from tui.ui import theme

OUTLOOKS = {
    Outlook.SPENT: theme.ERROR,
    Outlook.RUNS_OUT: theme.WARNING,
    Outlook.LASTS: theme.GOOD,
    Outlook.UNKNOWN: theme.MUTED,
}
