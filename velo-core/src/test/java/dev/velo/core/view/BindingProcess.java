package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A process of its own that takes an image from the room, bound if need be, and prints its uuid. */
final class BindingProcess {
    private BindingProcess() {}

    /** Arguments: the store's folder and the manifest. */
    public static void main(String[] arguments) throws IOException {
        Path manifest = Path.of(arguments[1]);
        Digest tree = Digest.of(Hashing.sha256().digest(Files.readAllBytes(manifest)), 0);
        try (Store store = Store.open(TestStore.bytes(Path.of(arguments[0])));
                Image image =
                        Images.of(store, tree, TestStore.EXACT, () -> Store.readManifest(TestStore.bytes(manifest)))) {
            System.out.println(HexFormat.of().formatHex(image.uuid()));
        }
    }

    /** Starts one, with these options of the JVM; it prints on one stream. */
    static Process start(Path store, Path manifest, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BindingProcess.class.getName()));
        command.addAll(List.of(store.toString(), manifest.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** What a process printed; it has ended then. */
    static String printed(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }
}
