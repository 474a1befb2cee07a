# syntax=docker/dockerfile:1
# A small image: the program, the libraries it is linked to and the certificates of public authorities.
# No shell, no root, and nothing that is written to but /data.

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src

# The tools change rarely: a layer of their own.
COPY rust-toolchain.toml Cargo.toml package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN scripts/setup run

COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    scripts/build \
 && mkdir -p /image/data /image/tmp /image/etc/ssl/certs /image/usr/local/bin \
 && cp target/release/coffer /image/usr/local/bin/ \
 && ldd target/release/coffer | grep -o '/[^ ]*' | xargs -I '{}' cp --dereference --parents '{}' /image \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'coffer:x:10001:10001::/data:' >/image/etc/passwd

FROM scratch
COPY --from=build /image /
COPY --from=build --chown=10001:10001 /image/data /data
USER 10001:10001
ENV COFFER_ENV=production \
    DATA_DIR=/data \
    BIND=0.0.0.0:3000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/coffer"]
CMD ["serve"]
