/** Velo: file trees in a content-addressed store, shown to processes at no cost; the library and its launcher. */
module dev.velo {
    requires transitive static org.jspecify;
    requires dev.velo.core;
    requires dev.velo.ffm;
    requires dev.velo.shim;
    requires info.picocli;
    requires com.fasterxml.jackson.core;

    exports dev.velo;

    opens dev.velo.launcher to
            info.picocli;
}
