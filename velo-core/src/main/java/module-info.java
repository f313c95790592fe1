/** Formats, store, ingest and presentations; knows nothing of the command line. */
@SuppressWarnings("module") // the modules it is exported to are built after it
module dev.velo.core {
    requires transitive static org.jspecify;
    requires transitive dev.velo.ffm;
    requires com.dynatrace.hash4j;
    requires org.jctools.core;
    requires org.eclipse.jgit;
    requires org.lz4.java;
    requires org.tukaani.xz;
    requires roaringbitmap;

    exports dev.velo.core.format to
            dev.velo.shim,
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.store to
            dev.velo.shim,
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.collect to
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.tree to
            dev.velo.shim,
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.ingest to
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.base to
            dev.velo;
    exports dev.velo.core.tar to
            dev.velo;
    exports dev.velo.core.view to
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.present to
            dev.velo.shim,
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.verify to
            dev.velo,
            dev.velo.benchmarks;
    exports dev.velo.core.sandbox to
            dev.velo,
            dev.velo.benchmarks;
}
