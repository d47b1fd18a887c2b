import pytest

from tests.support.cli import run
from tui.config.paths import config_path


@pytest.mark.parametrize("content", ["days = " + "9" * 5_000, "by = " + "[" * 3_000, 'archive = "\\u0000"'])
@pytest.mark.parametrize("arguments", [("export",), ("check", "--pool", "large", "--max-percent", "9"), ("doctor",)])
def test_every_command_ends_with_2_and_a_sentence_at_such_a_file(content, arguments):
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_text(content)
    done = run(*arguments)
    told = done.stdout if arguments == ("doctor",) else done.stderr
    assert "config.toml" in told
    assert done.returncode in ({2, 4} if arguments == ("doctor",) else {2}), "what else the doctor finds may be worse"
    assert "Traceback" not in done.stderr
