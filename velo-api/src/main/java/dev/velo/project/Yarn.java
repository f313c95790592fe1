package dev.velo.project;

/** <a href="https://yarnpkg.com/cli/install">Yarn</a>, with a {@code node_modules}. */
final class Yarn {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("yarn")
            .lockfiles("yarn.lock")
            .inputs("package.json", ".yarnrc", ".yarnrc.yml", ".npmrc", "patches/*")
            .userFiles(".yarnrc", ".yarnrc.yml", ".npmrc")
            .variables("npm_config_*", "NPM_CONFIG_*", "YARN_*", "NODE_ENV")
            .inFolder("node_modules")
            .oneTime()
            .tool("node", "--version")
            .tool("yarn", "--version")
            .command("yarn", "install", "--frozen-lockfile")
            .build();

    private Yarn() {}
}
