/** Formats, store, ingest and presentations; knows nothing of the command line. */
@SuppressWarnings("module") // the modules it is exported to are built after it
module dev.velo.core {
    requires transitive static org.jspecify;
    requires transitive dev.velo.ffm;

    exports dev.velo.core.format to
            dev.velo.shim,
            dev.velo,
            dev.velo.benchmarks;
}
