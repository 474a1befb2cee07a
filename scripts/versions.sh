# shellcheck shell=sh disable=SC2034
# The tools that scripts/setup installs, each at one version, so that every machine builds the same files.

# 0.3.11 needs a newer Rust than rust-toolchain.toml has.
cargo_leptos_version=0.3.10

# Must be the version that Cargo.toml pins for the crate `wasm-bindgen`: the glue of any other is refused.
wasm_bindgen_version=0.2.126

cargo_deny_version=0.20.2

node_major=20
postgres_major=15
