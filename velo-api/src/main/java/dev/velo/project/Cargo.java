package dev.velo.project;

/** The crates of a <a href="https://doc.rust-lang.org/cargo/guide/cargo-home.html">cargo home</a>: index, archives and sources; an earlier registry serves as a cache. */
final class Cargo {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("cargo")
            .lockfiles("Cargo.lock")
            .inputs("Cargo.toml", ".cargo/config.toml", "rust-toolchain.toml", "rust-toolchain")
            .userFiles(".cargo/config.toml")
            .variables("CARGO_REGISTRIES_*", "CARGO_SOURCE_*", "RUSTUP_TOOLCHAIN")
            .ofUser("CARGO_HOME", "registry", ".cargo/registry")
            .tool("cargo", "--version")
            .command("cargo", "fetch", "--locked")
            .growing("cargo", "fetch", "--locked")
            .build();

    private Cargo() {}
}
