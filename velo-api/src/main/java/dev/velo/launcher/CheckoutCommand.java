package dev.velo.launcher;

import dev.velo.core.format.Manifest;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.present.User;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo checkout}: a manifest becomes a directory. */
@Command(name = "checkout", sortOptions = false, description = "Makes a directory of a manifest.")
final class CheckoutCommand implements Callable<Integer> {
    /** At most one of the ways. */
    static final class Way {
        @Option(
                names = "--link",
                description =
                        "Hard links without write permission (default): nothing is copied, and tools that write in place fail.")
        @SuppressWarnings("UnusedVariable") // the default
        private boolean link;

        @Option(names = "--reflink", description = "Exact, writable files that share their blocks with the store.")
        private boolean reflink;

        @Option(names = "--copy", description = "Exact, writable files.")
        private boolean copy;

        CheckoutMode mode() {
            return copy ? CheckoutMode.COPY : reflink ? CheckoutMode.REFLINK : CheckoutMode.LINK;
        }
    }

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "MANIFEST", description = "The manifest.")
    private String manifest = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "The directory to make; an empty one may be there.")
    private String directory = "";

    @ArgGroup
    private @Nullable Way way;

    @Option(names = "--trust", description = "Setuid bits, capabilities and device nodes of the tree become real.")
    private boolean trust;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads; by default one per processor.")
    private int threads = Workers.processors();

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    @Override
    @SuppressWarnings("try") // the lock is only held
    public Integer call() throws IOException {
        byte[] manifestPath = ProcessFacts.path(manifest);
        byte[] target = ProcessFacts.path(directory);
        CheckoutMode mode = way == null ? CheckoutMode.LINK : way.mode();
        try (Store opened = store.open();
                Descriptor lock = opened.lockShared();
                Packs packs = opened.packs()) {
            if (mode == CheckoutMode.LINK && opened.isReadOnly()) {
                throw new IOException(StoreOptions.shown(opened.path())
                        + ": nothing can be linked to a store that can only be read; --copy makes files of your own");
            }
            Manifest tree = ManifestAhead.read(manifest);
            MetadataPolicy metadata = metadata(opened, manifestPath);
            if (QuickCompiler.isAlone() && !Checkout.isQuick(opened, packs, tree, mode, metadata)) {
                QuickCompiler.leave();
            }
            CheckoutReport report;
            boolean wasThere = Existence.of(FileCalls.AT_FDCWD, target, 0);
            Descriptor made = Checkout.makeTarget(target);
            try (made) {
                report = Checkout.run(opened, packs, tree, made.fd(), mode, metadata, Math.max(1, threads));
            } catch (IOException e) {
                if (wasThere) {
                    Trash.discardContents(target, e);
                } else {
                    Trash.discard(target, e);
                }
                throw e;
            }
            report.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
            tell(report, target);
        }
        return 0;
    }

    private MetadataPolicy metadata(Store opened, byte[] manifestPath) throws IOException {
        Root.Trust trusted = Root.Trust.TRUSTED;
        if (!trust) {
            trusted = StoreOptions.registeredTrust(opened, manifestPath);
        }
        return User.current().policy(trusted);
    }

    private void tell(CheckoutReport report, byte[] target) throws IOException {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("directory", StoreOptions.shown(target));
            fields.put("files", report.files());
            fields.put("linked", report.linked());
            fields.put("made", report.made());
            fields.put("copied", report.copied());
            Json.print(fields);
        } else if (!quiet) {
            Terminal.out()
                    .println(StoreOptions.shown(target) + ": " + report.files() + " files, "
                            + (report.linked() > 0 ? report.linked() + " of them links" : "all of them copies"));
        }
    }
}
