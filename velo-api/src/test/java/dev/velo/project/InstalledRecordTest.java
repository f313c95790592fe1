package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Root;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that Velo has put at a place, and the one that takes the place of another. */
final class InstalledRecordTest {
    private static final CheckoutMode LINK = CheckoutMode.LINK;

    @TempDir
    private Path temporary;

    private Statx directory(String name) throws IOException {
        Statx stat = new Statx();
        Places.look(PathBytes.of(Files.createDirectories(temporary.resolve(name))), stat);
        return stat;
    }

    private ReadyTree tree(String key) {
        TreeDeclaration declaration = TreeDeclaration.usual(Npm.ECOSYSTEM, "", List.of());
        Project project = new Project(PathBytes.of(temporary), List.of(declaration));
        byte[] place = PathBytes.of(temporary.resolve("node_modules"));
        Root root = Root.unregistered(Digest.of(new byte[32], 0), PathBytes.of("/manifest"));
        return new ReadyTree(new ProjectTree(project, declaration, place), new TreeKey(List.of(key)), root, List.of());
    }

    @Test
    void whoIsKilledBeforeTheExchangeHasNotMadeTheOldDirectoryTheNewTree() throws IOException {
        ReadyTree first = tree("first");
        ReadyTree second = tree("second");
        InstalledRecord.of(first.tree()).write(first, LINK, directory("old"), null);

        InstalledRecord.of(second.tree()).write(second, LINK, directory("new"), directory("old"));

        InstalledRecord record = InstalledRecord.of(second.tree());
        assertThat(record.isOf(directory("old"), second.key(), LINK)).isFalse();
        assertThat(record.isOf(directory("old"), first.key(), LINK)).isTrue();
        assertThat(record.isOf(directory("new"), second.key(), LINK)).isTrue();
        assertThat(record.isOf(directory("new"), second.key(), CheckoutMode.COPY))
                .isFalse();
        assertThat(record.has(directory("other"))).isFalse();
    }

    @Test
    void whatWasSomebodyElsesIsOfNoTree() throws IOException {
        ReadyTree tree = tree("first");

        InstalledRecord.of(tree.tree()).write(tree, LINK, directory("new"), directory("old"));

        InstalledRecord record = InstalledRecord.of(tree.tree());
        assertThat(record.isOf(directory("old"), tree.key(), LINK)).isFalse();
        assertThat(record.has(directory("old"))).isTrue();
    }
}
