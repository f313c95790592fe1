package dev.velo.project;

/** <a href="https://pnpm.io/cli/install">pnpm</a>: a forest of symbolic links over {@code node_modules/.pnpm}. */
final class Pnpm {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("pnpm")
            .lockfiles("pnpm-lock.yaml")
            .inputs("package.json", ".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs")
            .userFiles(".npmrc", ".config/pnpm/rc")
            .variables("npm_config_*", "NPM_CONFIG_*", "pnpm_config_*", "NODE_ENV")
            .inFolder("node_modules")
            .oneTime()
            .tool("node", "--version")
            .tool("pnpm", "--version")
            .command("pnpm", "install", "--frozen-lockfile", "--prefer-offline")
            .build();

    private Pnpm() {}
}
