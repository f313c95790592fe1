package dev.velo.core.sandbox;

import dev.velo.core.tree.KernelSetting;
import java.io.IOException;

/** The capabilities of this machine's kernel, see capabilities(7). */
public final class Capabilities {
    private static final String LAST = "kernel.cap_last_cap";

    private Capabilities() {}

    /**
     * The number of the highest one, for {@link dev.velo.ffm.PlanCalls#dropCapabilities}.
     *
     * @throws IOException if {@code /proc} does not say, as where it is not mounted
     */
    public static int last() throws IOException {
        String text = KernelSetting.value(LAST);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(LAST + " is no number: " + text, e);
        }
    }
}
