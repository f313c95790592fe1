package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Path;

/** Where the store is that nobody has named, as the launcher finds it. */
public final class StorePlace {
    private StorePlace() {}

    /** {@code $VELO_STORE}, else {@code $XDG_DATA_HOME/velo}, else {@code ~/.local/share/velo}. */
    public static Path standard() throws IOException {
        String named = variable("VELO_STORE");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        String data = variable("XDG_DATA_HOME");
        if (data.startsWith("/")) {
            return Path.of(data, "velo");
        }
        String home = variable("HOME");
        if (home.isEmpty()) {
            throw new IOException("there is no $HOME to keep a store in; name one, or set VELO_STORE");
        }
        return Path.of(home, ".local", "share", "velo").toAbsolutePath();
    }

    /** A path of the default file system, absolute and normal, as bytes. */
    public static byte[] bytes(Path path) {
        return PathBytes.of(path.toAbsolutePath().normalize());
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }
}
