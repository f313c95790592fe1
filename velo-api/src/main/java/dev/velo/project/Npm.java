package dev.velo.project;

/** <a href="https://docs.npmjs.com/cli/commands/npm-ci">npm</a>: an exact install from a lockfile; an earlier tree is brought up to date by {@code npm install}. */
final class Npm {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("npm")
            .lockfiles("npm-shrinkwrap.json", "package-lock.json")
            .inputs("package.json", ".npmrc", "patches/*")
            .userFiles(".npmrc")
            .variables("npm_config_*", "NPM_CONFIG_*", "NODE_ENV")
            .inFolder("node_modules")
            .oneTime()
            .tool("node", "--version")
            .tool("npm", "--version")
            .command("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
            .growing("npm", "install", "--no-audit", "--no-fund", "--prefer-offline")
            .build();

    private Npm() {}
}
