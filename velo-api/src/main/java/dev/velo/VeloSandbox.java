package dev.velo;

import dev.velo.nio.NameCodec;
import java.io.IOException;
import java.util.List;

/**
 * A sandbox whose root directory is a view, like a {@link ProcessBuilder}: a command started in it sees the view, a {@code /proc},
 * {@code /dev} and {@code /tmp} of its own, and nothing else of this machine but what the options show it. It is alone among its
 * processes, has no privileges, and cannot get any. Rootless, or as root; nothing is copied, and no JVM and no shell is started.
 *
 * <p>For one thread; each {@link #start} makes a new sandbox. Any number of threads may start sandboxes of one view at a time, each by a
 * {@link VeloView#sandbox} of its own. Sandboxes outlive view and store, and end with this JVM.
 *
 * <p>Trees are shown by mounts, as root on Linux 6.12 or later, else by hard links, see {@link VeloCommand}. Without root it takes user
 * namespaces.
 *
 * {@snippet :
 * VeloSandboxProcess process = view.sandbox()
 *         .options(VeloSandboxOptions.DEFAULT.withHostname("builder"))
 *         .redirectErrorStream()
 *         .start("/bin/sh", "-c", "hostname; id; ls /");
 * process.inputReader().lines().forEach(System.out::println);
 * System.out.println("ended with " + process.waitFor() + ", used " + process.usage());
 * }
 */
public final class VeloSandbox extends StreamRedirects<VeloSandbox> {
    private final ViewPresentation root;
    private VeloSandboxOptions options = VeloSandboxOptions.DEFAULT;

    VeloSandbox(ViewPresentation root) {
        this.root = root;
    }

    @Override
    VeloSandbox self() {
        return this;
    }

    /**
     * What the sandbox is like.
     *
     * @param changed the options; without this, {@link VeloSandboxOptions#DEFAULT}
     * @return this sandbox
     */
    public VeloSandbox options(VeloSandboxOptions changed) {
        options = changed;
        return this;
    }

    /**
     * Makes a sandbox and starts a command in it.
     *
     * @param words the program and its arguments; see {@link #start(List)}
     * @return the process, in which the command runs already
     * @throws java.nio.file.NoSuchFileException if there is no such program
     * @throws IOException if it cannot be executed, or the sandbox cannot be made; nothing is left of the attempt
     */
    public VeloSandboxProcess start(String... words) throws IOException {
        return start(List.of(words));
    }

    /**
     * Makes a sandbox and starts a command in it.
     *
     * @param words the program and its arguments; the program is searched along the {@code PATH} of the command's environment unless
     *     it holds a slash. They are text as names in {@link VeloEntry} are, so that any bytes can be given
     * @return the process, in which the command runs already
     * @throws java.nio.file.NoSuchFileException if there is no such program
     * @throws IOException if it cannot be executed, or the sandbox cannot be made: the message says at which step, by which system call,
     *     of which path. Nothing is left of the attempt
     * @throws IllegalStateException if a view or its store is closed
     */
    public VeloSandboxProcess start(List<String> words) throws IOException {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has a name");
        }
        List<byte[]> command = words.stream().map(NameCodec::encode).toList();
        return new SandboxStart(options, command, streams()).of(root);
    }
}
