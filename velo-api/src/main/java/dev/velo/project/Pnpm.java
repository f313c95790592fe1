package dev.velo.project;

import java.util.List;

/**
 * <a href="https://pnpm.io/cli/install">pnpm</a>: a forest of symbolic links over {@code node_modules/.pnpm}. Its scripts in
 * {@code .bin} hold the path of the project. Its store is in the home directory unless that is on another disk than the project: it tries
 * to link a file, and from a layer of an overlay nothing can be linked.
 */
final class Pnpm {
    static final Ecosystem ECOSYSTEM = Ecosystem.declare("pnpm")
            .lockfiles("pnpm-lock.yaml")
            .inputs("package.json", ".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", "patches/*")
            .userFiles(".npmrc", ".config/pnpm/rc", ".config/pnpm/config.yaml")
            .variables("npm_config_*", "NPM_CONFIG_*", "pnpm_config_*", "PNPM_CONFIG_*", "NODE_ENV")
            .inFolder("node_modules")
            .boundToItsPlace()
            .oneTime()
            .tool("node", "--version")
            .tool("pnpm", "--version")
            .preset(new Ecosystem.Preset(
                    List.of("npm_config_store_dir", "pnpm_config_store_dir"),
                    "storedir",
                    List.of(".npmrc", "pnpm-workspace.yaml"),
                    List.of(
                            new Ecosystem.Place.OfUser("PNPM_HOME", "store", ".local/share/pnpm/store"),
                            new Ecosystem.Place.OfUser("XDG_DATA_HOME", "pnpm/store", ".local/share/pnpm/store"))))
            .command("pnpm", "install", "--frozen-lockfile", "--prefer-offline")
            .build();

    private Pnpm() {}
}
