package dev.velo.nio;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes of one path, looked up anew each time, as basic, owner or POSIX attributes. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record VeloAttributeView(String name, VeloPath path, LinkOption... options) implements PosixFileAttributeView {
    static final Set<Class<? extends FileAttributeView>> TYPES = Set.of(
            BasicFileAttributeView.class,
            PosixFileAttributeView.class,
            FileOwnerAttributeView.class,
            UserDefinedFileAttributeView.class);

    /** The view of this type, or null if there is none. */
    static @Nullable FileAttributeView of(Class<?> type, VeloPath path, LinkOption... options) {
        if (type == UserDefinedFileAttributeView.class) {
            return new ExtendedAttributes(path, options);
        }
        if (type == BasicFileAttributeView.class) {
            return new VeloAttributeView("basic", path, options);
        }
        if (type == PosixFileAttributeView.class) {
            return new VeloAttributeView("posix", path, options);
        }
        return type == FileOwnerAttributeView.class ? new VeloAttributeView("owner", path, options) : null;
    }

    @Override
    public VeloAttributes readAttributes() throws IOException {
        return path.getFileSystem().attributes(path, options);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created) {
        throw path.getFileSystem().refusal();
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) {
        throw path.getFileSystem().refusal();
    }

    @Override
    public void setGroup(GroupPrincipal group) {
        throw path.getFileSystem().refusal();
    }

    @Override
    public void setOwner(UserPrincipal owner) {
        throw path.getFileSystem().refusal();
    }
}
