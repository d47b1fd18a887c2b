# oai-usage-tui for `watch` and `serve`, without a screen:
#
#   docker build -t oai-usage-tui .
#   docker run --rm -e OPENAI_ADMIN_KEY oai-usage-tui watch
#   docker run --rm -e OPENAI_ADMIN_KEY -p 127.0.0.1:9464:9464 oai-usage-tui
FROM python:3.13-slim-trixie AS build
WORKDIR /source
COPY . .
# hadolint ignore=DL3013
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels

FROM python:3.13-slim-trixie
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -rf /wheels
# What was read is kept in the home of this user: mount a volume there to keep it for the next container.
RUN useradd --create-home --uid 10001 usage
USER 10001
WORKDIR /home/usage
ENV LANG=C.UTF-8 PYTHONUNBUFFERED=1
EXPOSE 9464
# `watch` and `serve` end at SIGTERM by themselves, as the first process too.
STOPSIGNAL SIGTERM
ENTRYPOINT ["oai-usage-tui"]
# Whoever reaches the port reads the numbers: publish it on 127.0.0.1, or let only Prometheus through.
CMD ["serve", "--metrics", "0.0.0.0:9464"]
