"""The real program, real addresses and a name server that lies, in a network namespace of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.rebinding import HOME, INSIDE, SECRETS
from tests.terminal.driver import ROOT

OWN_NETWORK = ["unshare", "--user", "--map-root-user", "--net"]


@pytest.mark.slow
def test_nobody_inside_is_asked_when_a_public_name_leads_there_later(tmp_path: Path) -> None:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs unshare and ip")
    if subprocess.run([*OWN_NETWORK, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no network of one's own")
    command = [*OWN_NETWORK, sys.executable, "-m", "tests.hostile.rebinding", str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    added, saved, asked = told["added"]
    assert added.startswith("0 Subscribed: Kabar") and saved.startswith("0 Saved") and asked > 3
    for address in INSIDE:
        answer, child, seen = told[f"sync {address}"]
        assert (seen, child) == ({}, "0 ")
        assert answer.startswith("1 ")
        assert ("bacatui add --inside http://kabar.test/feed" in answer) is (address not in SECRETS)
    for address in SECRETS:
        *answers, seen = told[f"chosen {address}"]
        assert seen == {}
        assert all("secrets of their machines, and is never asked" in answer for answer in answers)
    answer, saved, seen = told["allowed"]
    assert answer.startswith("0 Allowed: Kabar") and saved.startswith("0 Saved")
    assert set(seen) == {HOME}
