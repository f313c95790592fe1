package dev.velo.core.format;

/** How often a test tries its luck: {@code -Dvelo.fuzz.iterations}, a few thousand without. */
public final class FuzzIterations {
    private FuzzIterations() {}

    public static int count() {
        return Integer.getInteger("velo.fuzz.iterations", 5000);
    }
}
