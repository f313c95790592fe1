package dev.velo.examples.build;

import dev.velo.VeloStore;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Compiles a Java project: {@code src/} against the jars in {@code lib/}, into {@code classes/}. Start it twice, and the second time
 * nothing is compiled; change a file and change it back, and nothing is compiled either.
 *
 * <pre>{@code java -cp velo-api/target/velo-api.jar:examples/target/classes dev.velo.examples.build.BuildTool examples/shop}</pre>
 */
public final class BuildTool {
    private BuildTool() {}

    /** Builds the project in the directory that is named first; the store is where {@code VELO_STORE} says. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: BuildTool PROJECT");
            System.exit(2);
        }
        try (VeloStore store = VeloStore.open()) {
            Build build = new Build(store, Path.of(arguments[0]));
            System.out.println(build.run().describe());
        } catch (CompilationFailure e) {
            System.err.print(e.getMessage());
            System.exit(1);
        }
    }
}
