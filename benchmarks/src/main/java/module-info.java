/** Measurements of the inside, with JMH; whole processes are measured by the scripts beside this module. */
module dev.velo.benchmarks {
    requires transitive static org.jspecify;
    requires dev.velo.core;
    requires jdk.management;
    requires jmh.core;

    opens dev.velo.benchmarks;
}
