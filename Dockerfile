# syntax=docker/dockerfile:1

FROM python:3.13-slim-bookworm AS build
WORKDIR /tipin
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY .ci/bootstrap.py .ci/
COPY pyproject.toml uv.lock ./
# Dependencies first: they change seldom, and the layer with them is then kept.
RUN "$(python .ci/bootstrap.py)" sync --locked --no-default-groups --no-install-project
COPY LICENSE README.md ./
COPY app app
RUN "$(python .ci/bootstrap.py)" sync --locked --no-default-groups

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="tipin" \
      org.opencontainers.image.description="Personal insert cards for on-demand print plants" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 tipin \
 && useradd --system --uid 10001 --gid tipin --no-create-home --home-dir /var/lib/tipin tipin \
 && install -d -o tipin -g tipin -m 0750 /var/lib/tipin /var/spool/tipin
WORKDIR /tipin
COPY --from=build /tipin/.venv .venv
COPY pyproject.toml LICENSE ./
COPY fonts fonts
COPY print_templates print_templates
COPY app app
ENV PATH=/tipin/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TIPIN_DATA_DIR=/var/lib/tipin \
    TIPIN_HOST=0.0.0.0 \
    TIPIN_PORT=8000
USER 10001:10001
VOLUME ["/var/lib/tipin", "/var/spool/tipin"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["tipin"]
CMD ["serve"]
