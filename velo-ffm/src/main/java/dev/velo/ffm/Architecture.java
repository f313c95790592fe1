package dev.velo.ffm;

import java.util.Locale;

/** The processor architectures whose system call numbers and machine code Velo carries. */
public enum Architecture {
    X86_64("x86_64", 62),
    AARCH64("aarch64", 183);

    private static final Architecture CURRENT = detect();

    private final String resourceName;
    private final int machine;

    Architecture(String resourceName, int machine) {
        this.resourceName = resourceName;
        this.machine = machine;
    }

    /** The architecture of this process. */
    public static Architecture current() {
        return CURRENT;
    }

    /** The name that resources of this architecture end in, as {@code uname -m} prints it. */
    public String resourceName() {
        return resourceName;
    }

    /** Its number in ELF files: {@code e_machine}. */
    public int machine() {
        return machine;
    }

    private static Architecture detect() {
        String os = System.getProperty("os.name", "");
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!os.equals("Linux")) {
            throw new UnsupportedOperationException("Velo speaks to the Linux kernel and cannot run on " + os);
        }
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException(
                        "Velo runs on x86-64 and aarch64; this machine is of architecture " + name);
        };
    }
}
