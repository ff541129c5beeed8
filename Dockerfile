# syntax=docker/dockerfile:1
# Builds with a Rust toolchain and a C compiler alone (SQLite is compiled in, TLS is rustls) and runs as nobody special.

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
# The caches keep what was compiled between two builds of the image; what is wanted is taken out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/paotui /usr/local/bin/paotui

FROM debian:bookworm-slim
# curl answers the health check; everything else the program brings along.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/paotui --create-home paotui
COPY --from=build /usr/local/bin/paotui /usr/local/bin/paotui
COPY --from=build /src/config/production.toml /etc/paotui/production.toml
USER paotui
WORKDIR /var/lib/paotui
VOLUME /var/lib/paotui
EXPOSE 8080
ENV PAOTUI__SERVER__LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
# SIGTERM drains: no new work, the rest within ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["paotui"]
CMD ["--config", "/etc/paotui/production.toml", "serve"]
