"""What every test may use."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: examples have no deadline. What fails is printed as a blob that
# `@reproduce_failure` takes, for the example itself is lost with a worker of CI.
settings.register_profile(
    "tipin", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tipin")

# Tests share the processor: a face finder's further threads would spin while they wait for each other.
# It is read when the finder is loaded, so before any test is.
os.environ["OMP_NUM_THREADS"] = "1"
