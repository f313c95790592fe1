package dev.velo.nio;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;

/** What is known of a file besides its bytes. */
final class AttributeContractTest {
    private static final FileTime MODIFIED = FileTime.from(FixtureTree.MODIFIED);

    @ForEachSubject
    void basicAttributes(Subject subject) throws IOException {
        BasicFileAttributes text = Files.readAttributes(subject.at("text"), BasicFileAttributes.class);
        assertThat(text.size()).isEqualTo(8);
        assertThat(text.lastModifiedTime()).isEqualTo(MODIFIED);
        assertThat(text.isRegularFile()).isTrue();
        assertThat(text.isDirectory() || text.isSymbolicLink() || text.isOther())
                .isFalse();
        assertThat(text.creationTime()).isNotNull();
        assertThat(text.lastAccessTime()).isNotNull();
        assertThat(Files.readAttributes(subject.at("dir"), BasicFileAttributes.class)
                        .isDirectory())
                .isTrue();
    }

    @ForEachSubject
    void linksAreFollowedUnlessToldOtherwise(Subject subject) throws IOException {
        BasicFileAttributes link =
                Files.readAttributes(subject.at("to-text"), BasicFileAttributes.class, NOFOLLOW_LINKS);
        assertThat(link.isSymbolicLink()).isTrue();
        assertThat(link.isRegularFile()).isFalse();
        assertThat(Files.isSymbolicLink(subject.at("to-text"))).isTrue();
        assertThat(Files.isRegularFile(subject.at("to-text"))).isTrue();
        assertThat(Files.isRegularFile(subject.at("to-text"), NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.isDirectory(subject.at("to-dir"))).isTrue();
        assertThat(Files.isDirectory(subject.at("to-dir"), NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.exists(subject.at("to-nothing"))).isFalse();
        assertThat(Files.exists(subject.at("to-nothing"), NOFOLLOW_LINKS)).isTrue();
        assertThat(Files.notExists(subject.at("to-nothing"))).isTrue();
        assertThat(Files.exists(subject.at("loop"))).isFalse();
        assertThat(Files.exists(subject.at("loop"), NOFOLLOW_LINKS)).isTrue();
    }

    @ForEachSubject
    void posixAttributes(Subject subject) throws IOException {
        PosixFileAttributes text = Files.readAttributes(subject.at("text"), PosixFileAttributes.class);
        assertThat(PosixFilePermissions.toString(text.permissions())).isEqualTo("rw-r-----");
        assertThat(text.owner()).isEqualTo(Files.getOwner(subject.at("text")));
        assertThat(text.owner().getName()).isNotEmpty();
        assertThat(text.group().getName()).isNotEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(subject.at("tool"))))
                .isEqualTo("rwxr-xr-x");
    }

    @ForEachSubject
    void ownersAreFoundByName(Subject subject) throws IOException {
        String owner = Files.getOwner(subject.at("text")).getName();
        assertThat(subject.fileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner))
                .isEqualTo(Files.getOwner(subject.at("text")));
    }

    @ForEachSubject
    void attributesByName(Subject subject) throws IOException {
        assertThat(Files.readAttributes(subject.at("text"), "size,lastModifiedTime"))
                .isEqualTo(Map.of("size", 8L, "lastModifiedTime", MODIFIED));
        assertThat(Files.readAttributes(subject.at("text"), "*")).containsKeys("size", "fileKey", "isOther");
        assertThat(Files.readAttributes(subject.at("text"), "basic:isRegularFile"))
                .isEqualTo(Map.of("isRegularFile", true));
        assertThat(Files.readAttributes(subject.at("text"), "posix:permissions"))
                .isEqualTo(Map.of("permissions", PosixFilePermissions.fromString("rw-r-----")));
        assertThat(Files.readAttributes(subject.at("text"), "posix:*"))
                .containsKeys("size", "owner", "group", "permissions", "isSymbolicLink");
        assertThat(Files.getAttribute(subject.at("text"), "owner:owner")).isEqualTo(Files.getOwner(subject.at("text")));
        assertThat(Files.getAttribute(subject.at("to-text"), "isSymbolicLink", NOFOLLOW_LINKS))
                .isEqualTo(true);
    }

    @ForEachSubject
    void unixAttributes(Subject subject) throws IOException {
        assertThat(Files.readAttributes(subject.at("text"), "unix:*"))
                .containsKeys(
                        "mode", "ino", "dev", "rdev", "nlink", "uid", "gid", "ctime", "permissions", "size", "owner");
        assertThat((int) Files.getAttribute(subject.at("text"), "unix:mode") & 07777)
                .isEqualTo(0640);
        assertThat(Files.getAttribute(subject.at("text"), "unix:nlink")).isEqualTo(2);
        assertThat(Files.getAttribute(subject.at("text"), "unix:ctime")).isInstanceOf(FileTime.class);
        assertThat(Files.getAttribute(subject.at("text"), "unix:ino"))
                .isInstanceOf(Number.class)
                .isEqualTo(Files.getAttribute(subject.at("twin"), "unix:ino"))
                .isNotEqualTo(Files.getAttribute(subject.at("data"), "unix:ino"));
        assertThat(Files.getAttribute(subject.at("text"), "unix:dev"))
                .isEqualTo(Files.getAttribute(subject.at("dir"), "unix:dev"));
        assertThat(Files.readAttributes(subject.at("text"), "unix:uid,gid"))
                .allSatisfy((name, id) -> assertThat(id).isInstanceOf(Integer.class));
    }

    @ForVeloAndLinux
    void modesTellTheType(Subject subject) throws IOException {
        assertThat(Files.getAttribute(subject.at("text"), "unix:mode")).isEqualTo(0100640);
        assertThat((int) Files.getAttribute(subject.at("dir"), "unix:mode") & 0170000)
                .isEqualTo(0040000);
        assertThat(Files.getAttribute(subject.at("to-text"), "unix:mode", NOFOLLOW_LINKS))
                .isEqualTo(0120777);
        assertThat(Files.size(subject.at("to-text"))).isEqualTo(8);
        assertThat(Files.getAttribute(subject.at("to-text"), "size", NOFOLLOW_LINKS))
                .isEqualTo(4L);
    }

    @ForEachSubject
    void whatIsNoAttributeIsRefused(Subject subject) {
        for (String names : List.of("basic:mode", "nothing", "size,nothing", "posix:mode", "unix:nothing", "basic:")) {
            assertThatThrownBy(() -> Files.readAttributes(subject.at("text"), names))
                    .as(names)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Files.getAttribute(subject.at("text"), "*"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ForVeloAndLinux
    void whatIsNoViewIsNotSupported(Subject subject) {
        assertThatThrownBy(() -> Files.readAttributes(subject.at("text"), "nothing:size"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ForEachSubject
    void nothingIsKnownOfWhatIsNotThere(Subject subject) {
        assertThatThrownBy(() -> Files.readAttributes(subject.at("missing"), BasicFileAttributes.class))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Files.readAttributes(subject.at("missing"), "*"))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(Files.exists(subject.at("missing"))).isFalse();
        assertThat(Files.exists(subject.at("text/below"))).isFalse();
        assertThat(Files.isDirectory(subject.at("missing"))).isFalse();
    }

    @ForEachSubject
    void viewsOfAttributes(Subject subject) throws IOException {
        BasicFileAttributeView basic = Files.getFileAttributeView(subject.at("text"), BasicFileAttributeView.class);
        assertThat(basic.name()).isEqualTo("basic");
        assertThat(basic.readAttributes().size()).isEqualTo(8);
        PosixFileAttributeView posix =
                Files.getFileAttributeView(subject.at("to-text"), PosixFileAttributeView.class, NOFOLLOW_LINKS);
        assertThat(posix.name()).isEqualTo("posix");
        assertThat(posix.readAttributes().isSymbolicLink()).isTrue();
        FileOwnerAttributeView owner = Files.getFileAttributeView(subject.at("text"), FileOwnerAttributeView.class);
        assertThat(owner.name()).isEqualTo("owner");
        assertThat(owner.getOwner()).isEqualTo(Files.getOwner(subject.at("text")));
        assertThat(Files.getFileAttributeView(subject.at("text"), AclFileAttributeView.class))
                .isNull();
        BasicFileAttributeView later = Files.getFileAttributeView(subject.at("missing"), BasicFileAttributeView.class);
        assertThatThrownBy(later::readAttributes).isInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void viewsAreNamed(Subject subject) throws IOException {
        assertThat(subject.fileSystem().supportedFileAttributeViews())
                .contains("basic", "owner", "posix", "unix", "user");
        FileStore store = Files.getFileStore(subject.at("text"));
        assertThat(store.supportsFileAttributeView("posix")).isTrue();
        assertThat(store.supportsFileAttributeView("nothing")).isFalse();
        assertThat(store.supportsFileAttributeView(PosixFileAttributeView.class))
                .isTrue();
        assertThat(store.supportsFileAttributeView(AclFileAttributeView.class)).isFalse();
        assertThat(store.name()).isNotEmpty();
        assertThat(store.type()).isNotEmpty();
        assertThat(store.getUsableSpace()).isLessThanOrEqualTo(store.getTotalSpace());
        assertThat(subject.fileSystem().getFileStores()).isNotEmpty();
        assertThatThrownBy(() -> store.getAttribute("nothing")).isInstanceOf(UnsupportedOperationException.class);
    }

    @ForVeloAndLinux
    void storesHaveAttributesToo(Subject subject) throws IOException {
        FileStore store = Files.getFileStore(subject.at("text"));
        assertThat(store.getAttribute("totalSpace")).isEqualTo(store.getTotalSpace());
        assertThatThrownBy(() -> Files.getFileStore(subject.at("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void attributesThatUsersDefine(Subject subject) throws IOException {
        UserDefinedFileAttributeView user =
                Files.getFileAttributeView(subject.at("text"), UserDefinedFileAttributeView.class);
        assertThat(user.name()).isEqualTo("user");
        assertThat(user.list()).containsExactly("note");
        assertThat(user.size("note")).isEqualTo(8);
        ByteBuffer value = ByteBuffer.allocate(20);
        assertThat(user.read("note", value)).isEqualTo(8);
        assertThat(StandardCharsets.UTF_8.decode(value.flip()).toString()).isEqualTo("remember");
        assertThat(Files.getAttribute(subject.at("text"), "user:note"))
                .isEqualTo("remember".getBytes(StandardCharsets.UTF_8));
        assertThat(Files.readAttributes(subject.at("text"), "user:*")).containsOnlyKeys("note");
        assertThat(Files.getFileAttributeView(subject.at("data"), UserDefinedFileAttributeView.class)
                        .list())
                .isEmpty();
    }

    @ForVeloAndLinux
    void attributesThatUsersHaveNotDefined(Subject subject) {
        UserDefinedFileAttributeView user =
                Files.getFileAttributeView(subject.at("text"), UserDefinedFileAttributeView.class);
        assertThatThrownBy(() -> user.size("other")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> user.read("other", ByteBuffer.allocate(9))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> user.read("note", ByteBuffer.allocate(2))).isInstanceOf(IOException.class);
    }

    @ForEachSubject
    void accessIsTold(Subject subject) {
        assertThat(Files.isReadable(subject.at("text"))).isTrue();
        assertThat(Files.isReadable(subject.at("missing"))).isFalse();
        assertThat(Files.isExecutable(subject.at("tool"))).isTrue();
        assertThat(Files.isExecutable(subject.at("dir"))).isTrue();
    }

    @ForVeloAndLinux
    void onlyWhatIsMarkedIsExecutable(Subject subject) {
        assertThat(Files.isExecutable(subject.at("text"))).isFalse();
    }

    @ForEachSubject
    void dotsHide(Subject subject) throws IOException {
        assertThat(Files.isHidden(subject.at(".hidden"))).isTrue();
        assertThat(Files.isHidden(subject.at("text"))).isFalse();
        assertThat(Files.isHidden(subject.at(".hidden/text"))).isFalse();
        assertThat(Files.isHidden(subject.path("/"))).isFalse();
        assertThat(Files.isHidden(subject.path(""))).isFalse();
    }

    @ForVeloAndLinux
    void keysTellFilesApart(Subject subject) throws IOException {
        Object text = Files.getAttribute(subject.at("text"), "fileKey");
        assertThat(text)
                .isEqualTo(Files.getAttribute(subject.at("twin"), "fileKey"))
                .hasSameHashCodeAs(Files.getAttribute(subject.at("to-text"), "fileKey"))
                .isNotEqualTo(Files.getAttribute(subject.at("to-text"), "fileKey", NOFOLLOW_LINKS))
                .isNotEqualTo(Files.getAttribute(subject.at("Text"), "fileKey"));
    }

    @ForEachSubject
    void attributesOfOtherKindsAreRefused(Subject subject) {
        if (!subject.fileSystem().supportedFileAttributeViews().contains("dos")) {
            assertThatThrownBy(() -> Files.readAttributes(subject.at("text"), DosFileAttributes.class))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
