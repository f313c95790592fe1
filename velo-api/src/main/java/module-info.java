/** Velo: file trees in a content-addressed store, shown to processes at no cost; the library and its launcher. Provides {@code velo:} file systems and URLs. */
module dev.velo {
    requires transitive static org.jspecify;
    requires dev.velo.core;
    requires dev.velo.ffm;
    requires dev.velo.shim;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires org.tomlj;

    exports dev.velo;

    provides java.nio.file.spi.FileSystemProvider with
            dev.velo.nio.VeloFileSystemProvider;
    provides java.net.spi.URLStreamHandlerProvider with
            dev.velo.nio.VeloUrlHandlers;

    opens dev.velo.launcher to
            info.picocli;
}
