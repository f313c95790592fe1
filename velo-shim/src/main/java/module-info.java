/** The preload shim: what its C side is generated from, and the built libraries. */
@SuppressWarnings("module") // the module that it is exported to is built after it
module dev.velo.shim {
    requires transitive static org.jspecify;
    requires dev.velo.core;

    exports dev.velo.shim to
            dev.velo;
}
