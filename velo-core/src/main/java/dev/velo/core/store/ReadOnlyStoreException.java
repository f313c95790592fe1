package dev.velo.core.store;

import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something was to be added to a store that this user can only read; the message is one sentence that names store and owner. */
public final class ReadOnlyStoreException extends FileSystemException {
    private static final long serialVersionUID = 1;

    private final String sentence;

    /**
     * For a store at this absolute path.
     *
     * @param refusal what stood against writing to its directory
     */
    ReadOnlyStoreException(byte[] store, Errno refusal) {
        super(PathBytes.show(store), null, refusal.text());
        String where = refusal == Errno.EROFS ? " and is on a file system that is mounted read-only" : "";
        this.sentence = "the store " + PathBytes.show(store) + " belongs to " + owner(store) + where
                + "; it can be read, but nothing can be added";
    }

    @Override
    public String getMessage() {
        return sentence;
    }

    private static String owner(byte[] store) {
        Path path = LocalPath.of(store);
        try {
            return Files.getOwner(path).getName();
        } catch (IOException e) {
            return "somebody else";
        }
    }
}
