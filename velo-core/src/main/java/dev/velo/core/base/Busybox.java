package dev.velo.core.base;

import dev.velo.core.format.FormatException;
import dev.velo.core.present.ElfHead;
import dev.velo.core.store.FileBytes;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Architecture;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A busybox that runs without anything else: one program, linked statically, that is many commands. Holds its file open. */
public final class Busybox implements AutoCloseable {
    private static final String REMEDY = "; install busybox-static, or name such a busybox";
    private static final int BITS = 64;
    private static final long FILE_LIMIT = 64L << 20;
    private static final int LIST_LIMIT = 1 << 16;
    private static final int LIST_SECONDS = 10;

    private final String shown;
    private final Descriptor file;

    private Busybox(String shown, Descriptor file) {
        this.shown = shown;
        this.file = file;
    }

    /**
     * Opens the first of these that can be used.
     *
     * @throws IOException if there is none; of those that are there it says why the first is none
     */
    public static Busybox find(List<byte[]> candidates) throws IOException {
        IOException unfit = null;
        for (byte[] path : candidates) {
            try {
                return open(path);
            } catch (IOException e) {
                unfit = unfit == null && !isMissing(e) ? e : unfit;
            }
        }
        throw unfit == null ? new IOException("there is no busybox here" + REMEDY) : unfit;
    }

    private static boolean isMissing(IOException thrown) {
        return thrown instanceof ErrnoException e && (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR);
    }

    /**
     * Opens the program at this path.
     *
     * @throws IOException if it cannot be used without anything else
     */
    public static Busybox open(byte[] path) throws IOException {
        String shown = PathBytes.show(path);
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
        try {
            requireStatic(shown, file.fd());
            return new Busybox(shown, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void requireStatic(String shown, int fd) throws IOException {
        ElfHead head;
        try {
            head = ElfHead.read(shown, (offset, count) -> piece(fd, offset, count));
        } catch (FormatException e) {
            throw new IOException(shown + ": no program" + REMEDY, e);
        }
        if (head.bits() != BITS || head.machine() != Architecture.current().machine()) {
            throw new IOException(shown + ": a program for another machine" + REMEDY);
        }
        byte[] loader = head.interpreter();
        if (loader != null) {
            throw new IOException(shown + ": is linked dynamically, and would need " + PathBytes.show(loader)
                    + " and libraries beside it" + REMEDY);
        }
    }

    private static byte[] piece(int fd, long offset, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, count));
            long got = FileBytes.readFully(fd, bytes.address(), count, offset);
            return bytes.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** The program itself. */
    byte[] bytes() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return FileBytes.read(arena, file.fd(), shown, FILE_LIMIT).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /**
     * Where its commands belong, by the program's own word: paths below the root as {@code usr/bin/awk}. One that was built without
     * knowing tells names only, and those are put into {@code bin}.
     */
    List<String> commands() throws IOException {
        // called busybox whatever its name, since that is how it knows what it is to be; and the very file that was
        // checked
        Path folder = Files.createTempDirectory("velo-busybox");
        Path program = folder.resolve("busybox");
        try {
            Files.createSymbolicLink(
                    program, Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + file.fd()));
            List<String> paths = said(program, "--list-full");
            if (paths == null) {
                List<String> names = said(program, "--list");
                paths = names == null
                        ? List.of()
                        : names.stream().map(name -> "bin/" + name).toList();
            }
            List<String> commands = paths.stream().filter(Busybox::isCommand).toList();
            if (!commands.contains("bin/sh")) {
                throw new IOException(
                        shown + ": does not say that it is a shell, when asked with --list-full" + REMEDY);
            }
            return commands;
        } finally {
            Files.deleteIfExists(program);
            Files.delete(folder);
        }
    }

    /** A path of plain names with a directory; busybox tells of {@code linuxrc}, too, which is for a kernel to start. */
    private static boolean isCommand(String path) {
        return path.matches("(usr/)?s?bin/[A-Za-z0-9_.+-]*[A-Za-z0-9_+-]|(usr/)?bin/\\[\\[?")
                && !path.endsWith("/busybox");
    }

    /** The lines that it prints when it is run with this word; null if it fails. */
    private @Nullable List<String> said(Path program, String word) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), word)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        Process process = builder.start();
        try (InputStream in = process.getInputStream()) {
            // in a thread, since a read cannot be given up
            CompletableFuture<byte[]> reading = new CompletableFuture<>();
            Thread.ofPlatform().daemon().name("velo-busybox").start(() -> {
                try {
                    reading.complete(in.readNBytes(LIST_LIMIT));
                } catch (IOException e) {
                    reading.completeExceptionally(e);
                }
            });
            byte[] output = reading.get(LIST_SECONDS, TimeUnit.SECONDS);
            boolean ended = process.waitFor(LIST_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 && output.length < LIST_LIMIT
                    ? new String(output, StandardCharsets.ISO_8859_1).lines().toList()
                    : null;
        } catch (ExecutionException e) {
            throw new IOException(shown + ": its commands cannot be read: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    shown + ": does not tell its commands within " + LIST_SECONDS + " seconds" + REMEDY, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(shown + ": interrupted while it was asked for its commands", e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
