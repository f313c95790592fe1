package dev.velo.project;

/** A <a href="https://docs.python.org/3/library/venv.html">virtual environment</a> filled by pip: its scripts hold its path, its bytecode the times of its sources. */
final class Pip {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("pip")
            .lockfiles("requirements.txt")
            .inputs("requirements*.txt", "constraints*.txt", ".python-version")
            .userFiles(".config/pip/pip.conf", ".pip/pip.conf")
            .variables("PIP_*", "PYENV_VERSION")
            .inFolder(".venv")
            .boundToItsPlace()
            .tool("python3", "--version")
            .command(
                    "sh",
                    "-c",
                    "python3 -m venv .venv && .venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt")
            .build();

    private Pip() {}
}
