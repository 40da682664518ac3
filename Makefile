# make demo     build karat and the demo warehouse on DuckDB
# make test     every test, on DuckDB and on a PostgreSQL in a temporary folder
# make lint     formatting and clippy; warnings are errors. With ADVISORIES=checkout of RustSec's advisory-db,
#               the locked crates against it too
# make readers  other people's tools read what karat writes; skipped where PyPI cannot be reached
# make release  a folder with karat, DuckDB's library and the licences
# make install  the release into $(PREFIX), `karat` into $(PREFIX)/bin
#
# On Debian and Ubuntu each of them installs what is missing.

export CARGO_TARGET_DIR ?= $(HOME)/.cache/karat/target
export PATH := $(PATH):$(HOME)/.cargo/bin
# Checkouts share the folder of builds: another checkout's karat is not taken for this one's.
export KARAT_CHECKOUT := $(CURDIR)

PREFIX  ?= $(HOME)/.local
RELEASE ?= $(CARGO_TARGET_DIR)/karat

karat := $(CARGO_TARGET_DIR)/debug/karat
cargo := env "$$(scripts/setup-duckdb)" cargo

.PHONY: demo test lint readers release install tools

demo: tools
	$(cargo) build
	$(karat) build
	@sed 's|KARAT|$(karat)|' scripts/after-demo.txt

test: tools
	scripts/require postgres
	env "$$(scripts/setup-python)" $(cargo) test

readers: tools
	$(cargo) build
	scripts/check-readers $(karat)

lint: tools
	@cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	@cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
	cargo fmt --check
	$(cargo) clippy --all-targets -- -D warnings
	cargo clippy --no-default-features -- -D warnings
	@test -z "$(ADVISORIES)" || scripts/check-advisories "$(ADVISORIES)"

release: tools
	$(cargo) build --release
	mkdir -p $(RELEASE)
	install -m 755 $(CARGO_TARGET_DIR)/release/karat $(RELEASE)/
	scripts/add-duckdb $(CARGO_TARGET_DIR)/release $(RELEASE)
	install -m 644 LICENSE $(RELEASE)/

# The binary finds the library beside itself, also when it is called through a link.
install: release
	rm -rf $(PREFIX)/lib/karat
	mkdir -p $(PREFIX)/bin $(PREFIX)/lib/karat
	cp $(RELEASE)/* $(PREFIX)/lib/karat/
	ln -sf ../lib/karat/karat $(PREFIX)/bin/karat

tools:
	@scripts/require cc cargo
