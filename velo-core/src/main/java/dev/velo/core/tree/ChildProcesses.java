package dev.velo.core.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the first thread of a process has started, as {@code children} in proc_pid_task(5) tells it. */
public final class ChildProcesses {
    private ChildProcesses() {}

    /**
     * Its children that nobody has waited for yet.
     *
     * @throws IOException if there is no such process
     */
    public static List<Integer> of(int process) throws IOException {
        String id = Integer.toString(process);
        String text = Files.readString(Path.of("/proc", id, "task", id, "children"), StandardCharsets.ISO_8859_1);
        List<Integer> children = new ArrayList<>();
        for (String child : text.strip().split(" ", -1)) {
            if (!child.isEmpty()) {
                children.add(Integer.parseInt(child));
            }
        }
        return children;
    }
}
