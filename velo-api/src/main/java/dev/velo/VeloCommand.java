package dev.velo;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.tree.LocalPath;
import dev.velo.nio.NameCodec;
import dev.velo.process.ProcessEnvironment;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that is started with a tree shown to it, like a {@link ProcessBuilder}: no JVM is started, and nothing is copied. For one
 * thread; each {@link #start} starts it anew, and what was started outlives view and store.
 *
 * <p>The tree is shown by the first way that can be had: in a mount namespace of the command's own the tree's image mounted (as root on
 * Linux 6.12 or later), else a farm of hard links, which takes user namespaces; else by a library that is preloaded into the command,
 * which takes programs that are linked dynamically, and no writes. Nobody but the command and its children sees it.
 *
 * <p>The first word is searched as {@code execvp} does: along the {@code PATH} of the command's environment unless it holds a slash,
 * and from its working directory. Arguments and variables are text as names in {@link VeloEntry} are, so that any bytes can be given.
 *
 * {@snippet :
 * Process node = view.command("node", "server.js")
 *         .directory(Path.of("/home/me/shop"))
 *         .inheritIO()
 *         .start();
 * System.exit(node.waitFor());
 * }
 */
public final class VeloCommand extends StreamRedirects<VeloCommand> {
    private final ViewPresentation presentation;
    private final List<String> words;
    private @Nullable Map<String, String> environment;
    private @Nullable Path directory;
    private @Nullable Path at;
    private VeloWrites writes = new VeloWrites.Refused();

    VeloCommand(ViewPresentation presentation, List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has a name");
        }
        this.presentation = presentation;
        this.words = List.copyOf(words);
    }

    /**
     * The environment of the process, to be changed; it begins as that of this process.
     *
     * @return the variables by name
     */
    public Map<String, String> environment() {
        Map<String, String> known = environment;
        if (known == null) {
            known = ProcessEnvironment.variables();
            environment = known;
        }
        return known;
    }

    /**
     * Where the command starts.
     *
     * @param path the working directory, in the tree or elsewhere, as it is when the tree is shown; without this, the tree
     * @return this command
     */
    public VeloCommand directory(Path path) {
        directory = path;
        return this;
    }

    /**
     * Where the tree appears.
     *
     * @param path the directory, made for the time if it is not there; without this, where the tree was ingested from
     * @return this command
     */
    public VeloCommand at(Path path) {
        at = path;
        return this;
    }

    /**
     * What becomes of writes to the tree.
     *
     * @param policy the policy; without this, they are refused
     * @return this command
     */
    public VeloCommand writes(VeloWrites policy) {
        writes = policy;
        return this;
    }

    @Override
    VeloCommand self() {
        return this;
    }

    /**
     * Starts the command.
     *
     * @return the process, in which the command runs already: a small program that is the command's parent, forwards signals to it and
     *     ends as it does. A command that a signal ended has the status 128 and the signal's number
     * @throws java.nio.file.NoSuchFileException if there is no such program
     * @throws IOException if it cannot be executed, or the tree cannot be shown; nothing is left of the attempt
     * @throws IllegalStateException if the view or the store is closed
     */
    public Process start() throws IOException {
        byte[] place = place();
        byte[] working = directory == null ? place : LocalPath.bytes(directory);
        List<byte[]> command = words.stream().map(NameCodec::encode).toList();
        List<byte[]> variables = CommandProcess.environmentIn(
                working, environment == null ? ProcessEnvironment.inherited() : ProcessEnvironment.encode(environment));
        return presentation.start(
                () -> new LaunchOptions(place, working, presentation.core(writes), command, variables, 0), streams());
    }

    private byte[] place() throws FileSystemException {
        byte[] origin = presentation.tree().origin();
        if (at == null && origin.length == 0) {
            throw new FileSystemException(
                    null, null, "nobody knows where this tree was ingested from; say with at(Path) where it appears");
        }
        byte[] place = at == null ? origin : LocalPath.normal(at);
        if (place.length == 1) {
            throw new FileSystemException(
                    "/", null, "a tree cannot appear where everything else is; choose another place");
        }
        return place;
    }
}
