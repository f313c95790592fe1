package dev.velo;

import dev.velo.core.present.CheckoutMode;
import java.util.List;

/**
 * How a real directory is made of a view.
 *
 * {@snippet :
 * VeloCheckout.Report report = view.checkout(Path.of("work"), VeloCheckout.of(VeloCheckout.Mode.COPY));
 * System.out.println(report.files() + " files");
 * }
 *
 * @param mode how files come to be
 * @param threads how many threads make them
 */
public record VeloCheckout(Mode mode, int threads) {

    /** How the files of a checkout come to be. */
    public enum Mode {
        /** Hard links without write permission, shared with the store; a copy where no link can be made. */
        LINK,
        /** Exact and writable, sharing their blocks with the store; fails where the file system cannot. */
        REFLINK,
        /** Exact and writable. */
        COPY;

        CheckoutMode core() {
            return CheckoutMode.valueOf(name());
        }
    }

    /**
     * What a checkout made.
     *
     * @param files regular files with bytes
     * @param linked how many of them are hard links to the store
     * @param copied how many were copied although links were asked for
     * @param warnings what was left out, and why files were copied
     */
    public record Report(long files, long linked, long copied, List<String> warnings) {
        /** Copies the list. */
        public Report {
            warnings = List.copyOf(warnings);
        }
    }

    /** Checks the number of threads. */
    public VeloCheckout {
        if (threads < 1) {
            throw new IllegalArgumentException("a checkout takes a thread, not " + threads);
        }
    }

    /**
     * In this mode, on all processors.
     *
     * @param mode how files come to be
     * @return the options
     */
    public static VeloCheckout of(Mode mode) {
        return new VeloCheckout(mode, Runtime.getRuntime().availableProcessors());
    }
}
