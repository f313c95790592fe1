package dev.velo.core.present;

/** The release of the running kernel. */
public record KernelRelease(int major, int minor) {
    public static KernelRelease current() {
        return of(System.getProperty("os.version", ""));
    }

    /** As {@code uname -r} tells it: numbers first, anything behind. */
    static KernelRelease of(String text) {
        int major = 0;
        int minor = 0;
        int at = 0;
        for (; at < text.length() && Character.isDigit(text.charAt(at)); at++) {
            major = major * 10 + text.charAt(at) - '0';
        }
        for (at++; at < text.length() && Character.isDigit(text.charAt(at)); at++) {
            minor = minor * 10 + text.charAt(at) - '0';
        }
        return new KernelRelease(major, minor);
    }

    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
