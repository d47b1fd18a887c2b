"""The demo's organization served on this machine."""

from __future__ import annotations

from tui.bootstrap.sources import utc_now
from tui.commands import demo_server
from tui.config.args import Options
from tui.errors import BadSettings
from tui.sources.demo import large_organization, server
from tui.sources.demo.organization import Organization
from tui.system.installed import how_to_add

DEFAULT_PORT = 8765


def run(options: Options) -> int:
    """Serve until it is interrupted, and return the exit status.

    Raises:
        BadSettings: where what listens is not installed.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise BadSettings("demo-server needs one more package.", f"To install it: {how_to_add('uvicorn')}") from error
    seed = 1 if options.seed is None else options.seed
    projects, models, keys = options.projects, options.models, options.keys
    if projects or models or keys:
        organization = large_organization.organization(
            seed, projects=projects or 20, models=models or 10, keys=keys or 2
        )
    else:
        organization = Organization(seed)
    api = server.application(organization, utc_now)
    # The API's own headers name the time; the server's name is nobody's business.
    settings = uvicorn.Config(api, log_level="warning", access_log=False, date_header=False, server_header=False)
    return demo_server.serve(
        lambda listener: uvicorn.Server(settings).run([listener]),
        DEFAULT_PORT if options.port is None else options.port,
        server.KEY,
    )
