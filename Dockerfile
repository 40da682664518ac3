# karat in a small image, to be run as one step of a schedule:
#     docker run --rm -v "$PWD:/project" --user "$(id -u)" karat build --target pro

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev make npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make release RELEASE=/opt/karat CARGO_TARGET_DIR=/tmp/target

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /opt/karat /opt/karat
RUN ln -s /opt/karat/karat /usr/local/bin/karat && useradd --create-home karat
USER karat
WORKDIR /project
ENTRYPOINT ["karat"]
