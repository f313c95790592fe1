package dev.velo.ffm;

import static dev.velo.ffm.Texts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts in this machine's own namespace, each taken away again; needs privileges. */
class MountCallsTest {
    private static final int CWD = FileCalls.AT_FDCWD;
    private static final byte[] EMPTY = {};

    @TempDir
    Path directory;

    @Test
    void aFileSystemIsMadeMountedClonedAndMadeReadOnly() throws Exception {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        mountTmpfs(first);
        try {
            Files.writeString(first.resolve("file"), "text");
            int tree = MountCalls.openTree(CWD, bytes(first), MountCalls.OPEN_TREE_CLONE);
            MountCalls.mountSetattr(
                    tree, EMPTY, FileCalls.AT_EMPTY_PATH, MountAttributes.setting(MountAttributes.MOUNT_ATTR_RDONLY));
            MountCalls.moveMount(tree, EMPTY, CWD, bytes(second), MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
            FileCalls.close(tree);
            assertThat(second.resolve("file")).hasContent("text");
            assertThat(Files.isWritable(second)).isFalse();
        } finally {
            MountCalls.umount2(bytes(second), MountCalls.MNT_DETACH);
            MountCalls.umount2(bytes(first), 0);
        }
        assertThat(first).isEmptyDirectory();
    }

    @Test
    void theOldCallMountsAndNamesThePathOfAFailure() throws Exception {
        assumePrivileged();
        Path target = Files.createDirectory(directory.resolve("target"));
        MountCalls.mount(bytes("none"), bytes(target), "tmpfs", MountCalls.MS_NOSUID, bytes("size=1m"));
        MountCalls.mount(null, bytes(target), null, MountCalls.MS_PRIVATE, null);
        MountCalls.umount2(bytes(target), 0);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> MountCalls.umount2(bytes(target), 0))
                .satisfies(e -> assertThat(e.path()).isEqualTo(target.toString()))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }

    @Test
    void theReasonOfAFailureStandsInTheLogOfTheContext() throws Exception {
        assumePrivileged();
        int context = MountCalls.fsopen("tmpfs");
        try {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> MountCalls.fsconfigString(context, "nonsense", bytes("1")));
            assertThat(MountCalls.fsmessages(context)).contains("nonsense").doesNotStartWith("e ");
            assertThat(MountCalls.fsmessages(context)).isEmpty();
        } finally {
            FileCalls.close(context);
        }
    }

    @Test
    void aFileSystemTellsItsTypeAndWhereItBegins() throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        Statx stat = new Statx();
        FileCalls.statx(CWD, bytes(target), 0, stat);
        assertThat(stat.isMountRoot()).isFalse();
        mountTmpfs(target);
        try {
            assertThat(FileCalls.statfs(bytes(target)).type()).isEqualTo(FileSystemFacts.TMPFS_MAGIC);
            FileCalls.statx(CWD, bytes(target), 0, stat);
            assertThat(stat.isMountRoot()).isTrue();
        } finally {
            MountCalls.umount2(bytes(target), 0);
        }
    }

    private static void mountTmpfs(Path target) throws Exception {
        assumePrivileged();
        int context = MountCalls.fsopen("tmpfs");
        try {
            MountCalls.fsconfigString(context, "size", bytes("1m"));
            MountCalls.fsconfigCommand(context, MountCalls.FSCONFIG_CMD_CREATE);
            int mount = MountCalls.fsmount(context, (int) MountAttributes.MOUNT_ATTR_NODEV);
            MountCalls.moveMount(mount, EMPTY, CWD, bytes(target), MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
            FileCalls.close(mount);
        } finally {
            FileCalls.close(context);
        }
    }

    private static void assumePrivileged() {
        long fd = Door.raw(Syscall.FSOPEN, CString.first(bytes("tmpfs")), MountCalls.FSOPEN_CLOEXEC, 0, 0, 0, 0);
        assumeTrue(fd >= 0, "mounting is not permitted here: errno " + -fd);
        FileCalls.close((int) fd);
    }
}
