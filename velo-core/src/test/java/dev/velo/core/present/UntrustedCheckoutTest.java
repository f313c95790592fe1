package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers' trees give nobody rights: no setuid bits, no devices, no capabilities, no orders to an overlay. */
class UntrustedCheckoutTest {
    private static final MetadataPolicy STRANGE =
            new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.MAKER);
    private static final byte[] CAPABILITY = PathBytes.of("security.capability");

    /** VFS_CAP_REVISION_2 with CAP_NET_RAW permitted. */
    private static final byte[] NET_RAW = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode") & 07777;
    }

    private static List<String> attributes(Path file) throws IOException {
        return List.of(
                PathBytes.show(AttributeCalls.llistxattr(TestStore.bytes(file))).split("\0", -1));
    }

    private void setCapability(Path file) throws IOException {
        try {
            AttributeCalls.lsetxattr(TestStore.bytes(file), CAPABILITY, NET_RAW);
        } catch (ErrnoException e) {
            assumeTrue(e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP, "no capabilities can be set here");
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CheckoutMode.class,
            names = {"COPY", "LINK", "FARM"})
    void setuidBitsOfFilesAreLeftOut(CheckoutMode mode) throws IOException {
        Path program = Files.writeString(tree.resolve("program"), "program");
        Files.setAttribute(program, "unix:mode", 06755);
        store.ingest(tree);
        Path strange = store.folder().resolve("strange");
        store.checkout(store.manifest(tree), strange, mode, STRANGE);
        assertThat(mode(strange.resolve("program"))).isEqualTo(mode == CheckoutMode.LINK ? 0555 : 0755);
        Path trusted = store.folder().resolve("trusted");
        store.checkout(store.manifest(tree), trusted, mode, TestStore.EXACT);
        assertThat(mode(trusted.resolve("program"))).isEqualTo(mode == CheckoutMode.LINK ? 06555 : 06755);
    }

    @Test
    void deviceNodesAndTheirFurtherNamesAreLeftOutWithAWarning() throws IOException {
        assumeTrue(HostileTree.isRoot(), "only root can make device nodes");
        byte[] node = TestStore.bytes(tree.resolve("null"));
        LinkCalls.mknodat(FileCalls.AT_FDCWD, CString.first(node), 0020666, 1, 3);
        Files.createLink(tree.resolve("zero"), tree.resolve("null"));
        Files.writeString(tree.resolve("file"), "file");
        store.ingest(tree);
        Path strange = store.folder().resolve("strange");
        CheckoutReport report = store.checkout(store.manifest(tree), strange, CheckoutMode.COPY, STRANGE);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("null")
                .contains("--trust");
        assertThat(strange.toFile().list()).containsExactly("file");
    }

    @Test
    void capabilitiesAreNotSet() throws IOException {
        Files.writeString(tree.resolve("program"), "program");
        setCapability(tree.resolve("program"));
        store.ingest(tree);
        Path strange = store.folder().resolve("strange");
        store.checkout(store.manifest(tree), strange, CheckoutMode.COPY, STRANGE);
        assertThat(attributes(strange.resolve("program"))).doesNotContain("security.capability");
        Path trusted = store.folder().resolve("trusted");
        store.checkout(store.manifest(tree), trusted, CheckoutMode.COPY, TestStore.EXACT);
        assertThat(attributes(trusted.resolve("program"))).contains("security.capability");
    }

    @Test
    void aTrustedFarmAndAnUntrustedOneDoNotShareWhatHasCapabilities() throws IOException {
        Files.writeString(tree.resolve("program"), "program");
        Files.writeString(tree.resolve("plain"), "plain");
        setCapability(tree.resolve("program"));
        IngestReport report = store.ingest(tree);
        Path trusted = store.farm(report, tree, TestStore.EXACT);
        Path strange =
                store.farm(report, tree, new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.STORED));
        assertThat(attributes(trusted.resolve("program"))).contains("security.capability");
        assertThat(attributes(strange.resolve("program"))).doesNotContain("security.capability");
        assertThat(Files.isSameFile(trusted.resolve("plain"), strange.resolve("plain")))
                .isTrue();
    }

    @Test
    void attributesThatAnOverlayWouldObeyAreNeverSet() throws IOException {
        Files.writeString(tree.resolve("file"), "file");
        Files.createDirectory(tree.resolve("folder"));
        for (String name : List.of("file", "folder")) {
            byte[] path = TestStore.bytes(tree.resolve(name));
            AttributeCalls.lsetxattr(path, PathBytes.of("user.overlay.opaque"), new byte[] {'y'});
            AttributeCalls.lsetxattr(path, PathBytes.of("user.kept"), new byte[] {'y'});
        }
        IngestReport report = store.ingest(tree);
        Path farm = store.farm(report, tree, TestStore.EXACT);
        Path strange = store.folder().resolve("strange");
        store.checkout(store.manifest(tree), strange, CheckoutMode.COPY, STRANGE);
        for (Path root : List.of(farm, strange)) {
            for (String name : List.of("file", "folder")) {
                assertThat(attributes(root.resolve(name))).contains("user.kept").doesNotContain("user.overlay.opaque");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Root.Trust.class)
    void anAttributeWithTheShortestNameIsAnErrorOfTheSystemAndNoOther(Root.Trust trust) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(2);
        builder.entry(EntryKind.DIRECTORY, new byte[0], 0, 0, 0755);
        builder.mtime(1, 0);
        builder.children(1);
        builder.entry(EntryKind.FILE, new byte[] {'f'}, 0, 1, 0644);
        builder.mtime(1, 0);
        builder.attributes(AttributeSet.encode(List.of(new AttributeSet.Attribute(new byte[] {'s'}, new byte[] {1}))));
        builder.emptyFile();
        Path file = store.folder().resolve("odd.velo");
        try (WritableByteChannel out = Channels.newChannel(Files.newOutputStream(file))) {
            builder.writeTo(chunk -> out.write(chunk.asByteBuffer()));
        }
        Manifest manifest = Store.readManifest(TestStore.bytes(file));
        MetadataPolicy metadata = new MetadataPolicy(trust, MetadataPolicy.Ownership.MAKER);
        assertThatThrownBy(() -> store.checkout(manifest, store.folder().resolve("out"), CheckoutMode.COPY, metadata))
                .isInstanceOf(ErrnoException.class);
    }
}
