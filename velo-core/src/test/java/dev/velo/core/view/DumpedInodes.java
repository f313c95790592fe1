package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.EntryKind;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.SplittableRandom;

/** Compares what {@code dump.erofs} says of inodes with what a view says of them. */
final class DumpedInodes {
    private static final int SAMPLE = 200;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.nnnnnnnnn", Locale.ROOT);

    private record Found(String path, int node) {}

    private final View view;
    private final String device;
    private final String image;
    private int compared;

    private DumpedInodes(View view, String device, String image) {
        this.view = view;
        this.device = device;
        this.image = image;
    }

    /** Compares a sample of all inodes, by number and by path; returns how many. */
    static int compare(View view, String device, String image) throws IOException {
        DumpedInodes inodes = new DumpedInodes(view, device, image);
        long every = Math.max(1, view.image().inodeCount() / SAMPLE);
        SplittableRandom random = new SplittableRandom(1);
        Deque<Found> directories = new ArrayDeque<>();
        directories.add(new Found("", view.root()));
        inodes.compare(new Found("/", view.root()));
        while (!directories.isEmpty()) {
            Found directory = directories.remove();
            DirectoryCursor cursor = view.list(directory.node());
            while (cursor.next()) {
                Found found = new Found(directory.path() + "/" + PathBytes.show(cursor.name()), cursor.node());
                if (random.nextLong(every) == 0) {
                    inodes.compare(found);
                }
                if (cursor.kind() == EntryKind.DIRECTORY) {
                    directories.add(found);
                }
            }
        }
        return inodes.compared;
    }

    private void compare(Found found) throws IOException {
        String expected = expected(found.node());
        ErofsTools.Said said = ErofsTools.run("dump.erofs", device, "--nid=" + found.node(), image);
        assertThat(told(said.text())).as(found + ": " + said.text()).isEqualTo(expected);
        if (found.path().matches("[/a-zA-Z0-9._-]{1,1000}")) {
            said = ErofsTools.run("dump.erofs", device, "--path=" + found.path(), image);
            assertThat(told(said.text())).as(found + ": " + said.text()).isEqualTo(expected);
        }
        compared++;
    }

    /** Of all that is told, what a view tells too. */
    private static String told(String text) {
        StringBuilder told = new StringBuilder();
        for (String field : new String[] {"Size", "NID", "Links", "Uid", "Gid", "Access", "Timestamp"}) {
            int start = text.indexOf(field + ": ");
            int end = start < 0 ? 0 : text.indexOf('\n', start);
            String value = start < 0 ? "" : text.substring(start + field.length() + 2, end);
            told.append(field).append(' ');
            told.append(field.equals("Timestamp") ? value : value.replaceFirst("[ /].*", ""));
            told.append(", ");
        }
        return told.toString();
    }

    private String expected(int node) throws IOException {
        return String.format(
                Locale.ROOT,
                "Size %d, NID %d, Links %d, Uid %d, Gid %d, Access %04o, Timestamp %s, ",
                view.size(node),
                node,
                view.linkCount(node),
                view.uid(node),
                view.gid(node),
                view.permissions(node) & 0777, // the tool shows no others
                TIME.format(
                        LocalDateTime.ofEpochSecond(view.mtimeSeconds(node), view.mtimeNanos(node), ZoneOffset.UTC)));
    }
}
