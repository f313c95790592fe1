package dev.velo.project;

/** A virtual environment made by <a href="https://docs.astral.sh/uv/concepts/projects/sync/">uv</a> from its lockfile, with bytecode compiled. */
final class Uv {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("uv")
            .lockfiles("uv.lock")
            .inputs("pyproject.toml", "uv.toml", ".python-version")
            .userFiles(".config/uv/uv.toml")
            .variables("UV_*", "PYENV_VERSION")
            .inFolder(".venv")
            .boundToItsPlace()
            .tool("uv", "--version")
            .tool("python3", "--version")
            .command("uv", "sync", "--frozen", "--compile-bytecode")
            .build();

    private Uv() {}
}
