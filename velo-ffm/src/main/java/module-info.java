/** Linux system calls through the Foreign Function and Memory API; knows nothing of packs or views. */
@SuppressWarnings("module") // the modules it is exported to are built after it
module dev.velo.ffm {
    requires transitive static org.jspecify;

    exports dev.velo.ffm to
            dev.velo.core,
            dev.velo.shim,
            dev.velo;
}
