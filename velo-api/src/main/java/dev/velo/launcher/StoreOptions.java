package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands of a store have in common. */
final class StoreOptions {
    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "The store; else $$VELO_STORE, else $$XDG_DATA_HOME/velo, else ~/.local/share/velo.")
    private @Nullable String store;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    /** Opens the store, and makes it first if it is not there. */
    Store open() throws IOException {
        return Store.open(path());
    }

    /** Opens the store, which must be there. */
    Store openExisting() throws IOException {
        byte[] path = path();
        try {
            return Store.openExisting(path);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                throw new IOException(PathBytes.show(path) + ": no Velo store; name one with --store", e);
            }
            throw e.at(PathBytes.show(path));
        }
    }

    private byte[] path() throws IOException {
        if (store != null) {
            return ProcessFacts.path(store);
        }
        String named = ProcessFacts.variable("VELO_STORE");
        if (!named.isEmpty()) {
            return ProcessFacts.path(named);
        }
        String data = ProcessFacts.variable("XDG_DATA_HOME");
        if (data.startsWith("/")) {
            return ProcessFacts.path(data + "/velo");
        }
        String home = ProcessFacts.variable("HOME");
        if (home.isEmpty()) {
            throw new IOException("there is no $HOME to keep a store in; name one with --store");
        }
        return ProcessFacts.path(home + "/.local/share/velo");
    }

    /** The root of this manifest file, from which its digest is known at once; one without hints where it is not registered. */
    static Root rootOf(Store opened, byte[] manifest) throws IOException {
        Roots roots = new Roots(opened);
        Root registered = roots.find(manifest);
        if (registered != null) {
            return registered;
        }
        Digest digest = Roots.digestOf(manifest);
        Root same = null;
        // of another manifest that is damaged only the hints are lost
        for (Root root : roots.readable(damaged -> {})) {
            if (root.tree().equals(digest)) {
                same = root;
            }
        }
        return same == null ? Root.unregistered(digest, manifest) : same;
    }

    /** Whether this manifest file is registered as trusted. */
    static Root.Trust registeredTrust(Store opened, byte[] manifest) throws IOException {
        Root registered = new Roots(opened).find(manifest);
        return registered == null ? Root.Trust.UNTRUSTED : registered.trust();
    }

    /** Names a path in a message. */
    static String shown(byte[] path) {
        return PathBytes.show(path);
    }
}
