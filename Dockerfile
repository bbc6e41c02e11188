# syntax=docker/dockerfile:1
# One recipe for all services. `docker build --target user-service .` makes one of them; they share everything but the last
# step. The dependencies are built from the manifests alone, so a change of our code does not build them again.

FROM rust:1.95.0-slim-bookworm AS tools
# The image has the toolchain that rust-toolchain.toml names, without the parts that only checks need.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN cargo install cargo-chef --locked --version 0.1.78
WORKDIR /loquat

FROM tools AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM tools AS build
COPY --from=plan /loquat/recipe.json recipe.json
RUN cargo chef cook --locked --profile server --recipe-path recipe.json \
    --bin user-service --bin mail-service --bin chat-service
COPY . .
RUN cargo build --locked --profile server \
    --bin user-service --bin mail-service --bin chat-service

FROM debian:12.11-slim AS runtime
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# A user without a name on the host, a home or a shell; a folder that is its own, for who mounts nothing there.
RUN groupadd --gid 65532 loquat \
    && useradd --uid 65532 --gid 65532 --no-create-home --home-dir /data --shell /usr/sbin/nologin loquat \
    && install --directory --owner=65532 --group=65532 --mode=0700 /data
# Where a volume is put there, it belongs to this user: Fargate takes owner and mode from here.
VOLUME ["/data"]
USER 65532:65532
WORKDIR /data
ENV LISTEN=0.0.0.0:8080 DATA_DIR=/data LOG_FORMAT=json
EXPOSE 8080
# The services finish what is running (STOP_GRACE_S) and end by themselves.
STOPSIGNAL SIGTERM

FROM runtime AS user-service
COPY --from=build /loquat/target/server/user-service /usr/local/bin/user-service
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["user-service", "--healthcheck"]
ENTRYPOINT ["user-service"]

FROM runtime AS mail-service
COPY --from=build /loquat/target/server/mail-service /usr/local/bin/mail-service
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["mail-service", "--healthcheck"]
ENTRYPOINT ["mail-service"]

FROM runtime AS chat-service
COPY --from=build /loquat/target/server/chat-service /usr/local/bin/chat-service
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["chat-service", "--healthcheck"]
ENTRYPOINT ["chat-service"]
