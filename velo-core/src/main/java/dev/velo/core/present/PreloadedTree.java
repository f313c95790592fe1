package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.core.view.View;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is shown by the preload shim, a library in the command that answers its calls from the mapped image: nothing is mounted
 * and nothing is made. Owns the view, leases of the image and its packs, and a pipe in which the shim says that it is there. The store stays open as long as this.
 */
public final class PreloadedTree implements Presented {
    private static final int F_SETFD = 2;

    private final Store store;
    private final ShimFiles shim;
    private final View view;
    private final Descriptor ready;
    private final Descriptor readyInCommand;
    private final List<Descriptor> leases;

    private PreloadedTree(Store store, ShimFiles shim, View view, int[] pipe, List<Descriptor> leases) {
        this.store = store;
        this.shim = shim;
        this.view = view;
        this.ready = new Descriptor(pipe[0]);
        this.readyInCommand = new Descriptor(pipe[1]);
        this.leases = leases;
    }

    /** The tree with its image, which is bound now if it is not there. */
    @SuppressWarnings("try") // the lock is only held
    static PreloadedTree of(
            Store store, Digest tree, MetadataPolicy policy, ManifestSource source, ShimSource libraries)
            throws IOException {
        ShimFiles shim = requireLoadable(store, libraries);
        // packs that the image names may not go before they are open
        try (Descriptor shared = store.lockShared()) {
            View view = View.open(store, Images.of(store, tree, policy, source));
            List<Descriptor> leases = new ArrayList<>();
            try {
                // every program that is started with the shim opens them by their names
                leases(store, view.image(), leases);
                return new PreloadedTree(store, shim, view, FileCalls.pipe2(FileCalls.O_CLOEXEC), leases);
            } catch (ErrnoException e) {
                leases.forEach(Descriptor::close);
                view.close();
                throw e;
            }
        }
    }

    private static void leases(Store store, Image image, List<Descriptor> leases) throws ErrnoException {
        leases.add(FileLease.take(FileCalls.AT_FDCWD, image.path()));
        for (Digest pack : image.packs()) {
            leases.add(FileLease.take(store.fd(Store.Room.PACKS), PackFile.name(pack)));
        }
    }

    /** The shim for a store, where it can be loaded from; throws the reason if it cannot. */
    static ShimFiles requireLoadable(Store store, ShimSource libraries) throws IOException {
        ShimFiles there = store.isReadOnly() ? thereAlready(store, libraries) : null;
        if (there != null) {
            return there;
        }
        Store.Place room = roomOf(store);
        requireNameable(room.path());
        requireExecutable(room.path());
        return libraries.in(room);
    }

    private static Store.Place roomOf(Store store) throws IOException {
        try {
            return store.making(Store.Room.SHIM);
        } catch (IOException e) {
            throw new UnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable ShimFiles thereAlready(Store store, ShimSource libraries) throws IOException {
        if (!store.has(Store.Room.SHIM)) {
            return null;
        }
        Store.Place room = store.place(Store.Room.SHIM);
        try {
            requireNameable(room.path());
            requireExecutable(room.path());
        } catch (UnavailableException e) {
            return null;
        }
        return libraries.find(room);
    }

    /** Lists of libraries are separated by colons and spaces, and nothing can quote them. */
    static void requireNameable(byte[] room) throws UnavailableException {
        for (byte b : room) {
            if (b == ':' || b == ' ' || b == '$') {
                throw new UnavailableException(
                        "the preload shim cannot be named in LD_PRELOAD, because the path of its folder ("
                                + PathBytes.show(room) + ") has a space, a colon or a dollar sign; keep it elsewhere");
            }
        }
    }

    private static void requireExecutable(byte[] room) throws ErrnoException, UnavailableException {
        if ((FileCalls.statfs(room).flags() & FileSystemFacts.ST_NOEXEC) != 0) {
            throw new UnavailableException(
                    "the preload shim cannot be loaded from its folder, which is on a file system mounted noexec ("
                            + PathBytes.show(room) + "); keep it elsewhere");
        }
    }

    Store store() {
        return store;
    }

    ShimFiles shim() {
        return shim;
    }

    View view() {
        return view;
    }

    /** The descriptor in which the command's shim says that it is there. */
    int readyInCommand() {
        return readyInCommand.fd();
    }

    /** What the runner asks of the command. */
    PlanBuilder.Readiness readiness(int limitMillis, String failure) {
        return new PlanBuilder.Readiness(ready.fd(), readyInCommand.fd(), limitMillis, failure);
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public boolean hasDirectory(byte[] path) throws FormatException {
        int node = path.length == 0 ? view.root() : view.find(path);
        return node != View.NONE && view.kind(node) == EntryKind.DIRECTORY;
    }

    /** The pipe and the leases go to the runner, and the pipe's other end to the command. */
    @Override
    public void hold(PlanBuilder plan) throws ErrnoException {
        FileCalls.fcntl(ready.fd(), F_SETFD, 0);
        FileCalls.fcntl(readyInCommand.fd(), F_SETFD, 0);
        plan.what("cannot keep the shim's pipe from the command");
        plan.setCloseOnExec(PlanArgument.of(ready.fd()), true);
        for (Descriptor lease : leases) {
            FileCalls.fcntl(lease.fd(), F_SETFD, 0);
            plan.setCloseOnExec(PlanArgument.of(lease.fd()), true);
        }
    }

    @Override
    public List<Integer> inherited() {
        List<Integer> all = new ArrayList<>(List.of(ready.fd(), readyInCommand.fd()));
        leases.forEach(lease -> all.add(lease.fd()));
        return all;
    }

    /** The pipe ends with the command's hold on it. */
    @Override
    public void handedOver() {
        readyInCommand.close();
    }

    @Override
    public void close() {
        view.close();
        ready.close();
        readyInCommand.close();
        leases.forEach(Descriptor::close);
    }
}
