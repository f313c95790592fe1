package dev.velo.launcher;

import dev.velo.core.present.Farm;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Repair;
import dev.velo.core.verify.RepairReport;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Faults;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Recorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The launcher as a process that carries out one command after another, each with a fault of its own: hundreds of faults cost one
 * start. A line of input is a fault and the words of a command, with tabs between. Besides the launcher's commands there are {@code
 * @bind}, {@code @farm}, {@code @repair} and {@code @unregister}, with a store and a manifest. After what a command prints comes a line that tells
 * how it ended. With arguments it carries out just that command.
 */
final class FaultyLauncher {
    /** The status of a command that was killed, or cut. */
    static final int KILLED = 128 + 9;

    /** What the line that ends an answer begins with; then status, calls counted, calls befallen, open descriptors. */
    static final String END = "\u0004";

    /** What stands in the place of a fault where a command is recorded; then the name that marks its begin and its end. */
    static final String RECORD = "record:";

    /** What a line begins with that names who made a call. */
    static final String CALLER = "\u0005";

    private FaultyLauncher() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            System.exit(run(List.of(arguments)));
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = List.of(line.split("\t", -1));
            List<String> command = words.subList(1, words.size());
            if (words.getFirst().startsWith(RECORD)) {
                String name = words.getFirst().substring(RECORD.length());
                Recorder.mark("begin " + name);
                int status = run(command);
                Recorder.mark("end " + name);
                System.out.println(END + status + " 0 0 " + descriptors());
                continue;
            }
            Faults.arm(words.getFirst());
            int status;
            try {
                status = run(command);
            } catch (Faults.Cut e) {
                status = KILLED;
            }
            if (words.getFirst().startsWith("cut")) {
                awaitThreads();
            }
            Faults.Outcome outcome = Faults.disarm();
            if (words.getFirst().startsWith("cut") && outcome.done() > 0) {
                // whatever a command makes of the errors in which its calls ended
                status = KILLED;
                closeDescriptors();
            }
            outcome.callers().forEach(caller -> System.out.println(CALLER + caller));
            System.out.println(END + status + " " + outcome.counted() + " " + outcome.done() + " " + descriptors());
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // the test sees it, and fails
    private static int run(List<String> words) {
        try {
            return words.getFirst().startsWith("@") ? call(words) : Main.run(words);
        } catch (Faults.Cut e) {
            throw e;
        } catch (Throwable e) {
            if (e.getCause() instanceof Faults.Cut cut) {
                throw cut;
            }
            e.printStackTrace();
            return -1;
        }
    }

    private static int call(List<String> words) throws IOException {
        if (words.getFirst().equals("@first-version")) {
            makeFirstVersion(PathBytes.of(Path.of(words.get(1)).toAbsolutePath()));
            return 0;
        }
        byte[] manifest = PathBytes.of(words.get(2));
        try (Store store = Store.openExisting(PathBytes.of(words.get(1)))) {
            switch (words.getFirst()) {
                case "@bind" -> bind(store, manifest);
                case "@farm" -> farm(store, manifest);
                case "@repair" -> repair(store);
                case "@unregister" -> new Roots(store).remove(manifest);
                default -> throw new IllegalArgumentException(words.getFirst());
            }
            return 0;
        } catch (IOException e) {
            Terminal.err().println("velo: " + Failure.sentence(e));
            return 1;
        }
    }

    /** Makes an empty store, as an older Velo made it. */
    static void makeFirstVersion(byte[] path) throws IOException {
        Store.open(path).close();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
                PublishedFile format = PublishedFile.create(directory.fd(), 0600);
                Arena arena = Arena.ofConfined()) {
            byte[] text = "velo-store 1 sha-256 512\n".getBytes(StandardCharsets.US_ASCII);
            format.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, text));
            FileCalls.fsync(format.fd());
            format.publishOver(PathBytes.of("FORMAT"));
            FileCalls.fsync(directory.fd());
        }
    }

    /** Binds the image of a place's tree. */
    static void bind(Workplace place) throws IOException {
        try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
            bind(store, PathBytes.of(place.manifest()));
        }
    }

    private static void bind(Store store, byte[] manifest) throws IOException {
        try (Image image = Images.of(store, Roots.digestOf(manifest), policy(), source(manifest))) {
            image.verify();
        }
    }

    /** Makes the farm of a place's tree. */
    static void farm(Workplace place) throws IOException {
        try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
            farm(store, PathBytes.of(place.manifest()));
        }
    }

    private static void repair(Store store) throws IOException {
        VerifyOptions all = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);
        RepairReport report = Repair.run(store, () -> Verification.ofStore(store, all));
        if (!report.left().isEmpty()) {
            throw new IOException(String.join("; ", report.left()));
        }
    }

    private static void farm(Store store, byte[] manifest) throws IOException {
        Farm.of(store, Roots.digestOf(manifest), policy(), source(manifest), 2).close();
    }

    private static MetadataPolicy policy() {
        return TreeArgument.policy(Root.Trust.UNTRUSTED, Root.Trust.UNTRUSTED);
    }

    private static ManifestSource source(byte[] manifest) {
        return () -> Store.readManifest(manifest);
    }

    /** A killed process has no threads, so those of a command that was cut have to end before calls are made again. */
    private static void awaitThreads() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            while (thread.getName().startsWith("velo-") && thread.isAlive()) {
                Thread.onSpinWait();
            }
        }
    }

    /** Closes what a command that was cut has open in the workplace, as its end would: with it go locks, and files without names. */
    private static void closeDescriptors() throws IOException {
        Path self = Path.of("/proc/self/fd");
        List<Path> all;
        try (Stream<Path> listed = Files.list(self)) {
            all = listed.toList();
        }
        String folder = Path.of("").toAbsolutePath().toString();
        for (Path each : all) {
            if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)
                    && Files.readSymbolicLink(each).toString().startsWith(folder)) {
                FileCalls.close(Integer.parseInt(each.getFileName().toString()));
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
