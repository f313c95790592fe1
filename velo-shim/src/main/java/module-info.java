/** The preload shim: what its C side is generated from, and the built libraries. */
module dev.velo.shim {
    requires transitive static org.jspecify;
    requires dev.velo.core;
}
