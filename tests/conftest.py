"""What every test may use."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: examples have no deadline. What fails is printed as a blob that
# `@reproduce_failure` takes, for the example itself is lost with a worker of CI.
settings.register_profile(
    "tipin", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tipin")
