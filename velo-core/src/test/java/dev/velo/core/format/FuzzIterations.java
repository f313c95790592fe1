package dev.velo.core.format;

/** How often a test tries its luck: {@code -Dvelo.fuzz.iterations}, a few thousand without. */
final class FuzzIterations {
    private FuzzIterations() {}

    static int count() {
        return Integer.getInteger("velo.fuzz.iterations", 5000);
    }
}
