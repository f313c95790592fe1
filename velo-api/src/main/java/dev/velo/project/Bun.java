package dev.velo.project;

/** <a href="https://bun.com/docs/cli/install">Bun</a>. */
final class Bun {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("bun")
            .lockfiles("bun.lock", "bun.lockb")
            .inputs("package.json", "bunfig.toml", ".npmrc", "patches/*")
            .userFiles(".bunfig.toml", ".npmrc")
            .variables("npm_config_*", "NPM_CONFIG_*", "BUN_CONFIG_*", "NODE_ENV")
            .inFolder("node_modules")
            .oneTime()
            .tool("bun", "--version")
            .command("bun", "install", "--frozen-lockfile")
            .build();

    private Bun() {}
}
