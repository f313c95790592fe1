package dev.velo.ffm;

/** How a process ended: by itself with an exit code, {@code signal} being 0, or by a signal. */
public record SpawnStatus(int code, int signal) {
    /** The status as a shell's {@code $?} has it. */
    public int shellStatus() {
        return signal == 0 ? code : 128 + signal;
    }
}
