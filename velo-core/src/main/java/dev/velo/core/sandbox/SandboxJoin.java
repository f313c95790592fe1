package dev.velo.core.sandbox;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.CommandSection;
import dev.velo.core.present.MountTable;
import dev.velo.core.present.User;
import dev.velo.core.tree.ChildProcesses;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A further command in a sandbox that is running: in its namespaces, with its users, its limits, and no more privileges than the first.
 * It ends with the sandbox, and with who started it.
 */
public final class SandboxJoin {
    private static final Map<String, Long> NAMESPACES = namespaces();

    /** pid 1 of the sandbox, as this machine numbers it. */
    private final int first;

    private SandboxJoin(int first) {
        this.first = first;
    }

    /**
     * The sandbox that this process launched, or is pid 1 of.
     *
     * @param process as this machine numbers it
     * @throws IOException if there is no such process, or it is no sandbox's
     */
    public static SandboxJoin of(int process) throws IOException {
        if (isFirst(process)) {
            return new SandboxJoin(process);
        }
        for (int child : ChildProcesses.of(process)) {
            if (isFirst(child)) {
                return new SandboxJoin(child);
            }
        }
        throw new IOException(
                "process " + process + " launched no sandbox that is running; name the velo run --isolate");
    }

    /** The plan by which this process becomes the parent of a command in the sandbox. */
    public Plan plan(byte[] directory, CommandProcess process) throws IOException {
        PlanBuilder plan = new PlanBuilder().prefix("velo: ");
        plan.setup();
        plan.what("cannot join the sandbox");
        List<PlanEntry> cgroups = openCgroups(plan);
        PlanEntry pidfd = plan.pidfdOpen(first);
        // until the command is executed its process has this one's memory and descriptors, and those in the sandbox see
        // it
        plan.prctl(ProcessCalls.PR_SET_DUMPABLE, 0, 0, 0, 0);
        boolean root = User.current().isRoot();
        if (root) {
            plan.dropGroups();
        }
        plan.setns(pidfd.result(), different());
        if (root) {
            plan.setresgid(0, 0, 0);
            plan.setresuid(0, 0, 0);
        }
        plan.child();
        cgroups.forEach(cgroup -> plan.write(cgroup.result(), PathBytes.of("0")));
        plan.closeOthersOnExec();
        int uid = inside("uid");
        int gid = inside("gid");
        Privileges.drop(plan, () -> {
            if (root) {
                plan.setresgid(gid, gid, gid);
                plan.setresuid(uid, uid, uid);
            }
        });
        plan.what("cannot bind the command to its parent's life");
        plan.prctl(ProcessCalls.PR_SET_PDEATHSIG, ProcessCalls.SIGKILL, 0, 0, 0);
        Privileges.filter(plan, SandboxOptions.Calls.FILTERED);
        CommandSection.add(plan, directory, process, null);
        return plan.build();
    }

    /** The limits of the sandbox hold for the command too. */
    private List<PlanEntry> openCgroups(PlanBuilder plan) throws IOException {
        List<PlanEntry> opened = new ArrayList<>();
        for (CgroupDirectory cgroup :
                Cgroups.of(MountTable.read(), text("cgroup")).made()) {
            opened.add(plan.openat(
                    PlanArgument.AT_FDCWD,
                    PathBytes.join(cgroup.path(), PathBytes.of("cgroup.procs")),
                    FileCalls.O_WRONLY | FileCalls.O_CLOEXEC,
                    0));
        }
        return opened;
    }

    /** The namespaces that the sandbox has and this process has not. */
    private long different() throws IOException {
        long flags = 0;
        for (Map.Entry<String, Long> namespace : NAMESPACES.entrySet()) {
            if (!name("self", namespace.getKey()).equals(name(Integer.toString(first), namespace.getKey()))) {
                flags |= namespace.getValue();
            }
        }
        return flags;
    }

    /** The number that the sandbox's users have for the user, or group, of its first process. */
    private int inside(String kind) throws IOException {
        String[] map = text(kind + "_map").strip().split("\\s+", -1);
        String head = kind.equals("uid") ? "Uid:" : "Gid:";
        for (String line : text("status").split("\n", -1)) {
            if (line.startsWith(head)) {
                long outside =
                        Long.parseLong(line.substring(head.length()).strip().split("\\s+", -1)[0]);
                return (int) (outside - Long.parseLong(map[1]) + Long.parseLong(map[0]));
            }
        }
        throw new IOException("/proc/" + first + "/status has no line " + head);
    }

    private String text(String file) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(first), file), StandardCharsets.ISO_8859_1);
    }

    /** A runner that is the first of a pid namespace. */
    private static boolean isFirst(int process) throws IOException {
        Path status = Path.of("/proc", Integer.toString(process), "status");
        String text;
        try {
            text = Files.readString(status, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no process " + process, e);
        }
        return text.startsWith("Name:\tvelo-runner\n")
                && text.lines().anyMatch(line -> line.matches("NSpid:\\s+.*\\s1"));
    }

    private static String name(String process, String namespace) throws IOException {
        byte[] path = PathBytes.of("/proc/" + process + "/ns/" + namespace);
        try {
            return PathBytes.show(LinkCalls.readlinkat(FileCalls.AT_FDCWD, path));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) {
                throw new IOException(
                        "the sandbox of process " + process + " is another user's; only that user, or root,"
                                + " may join it",
                        e);
            }
            throw e;
        }
    }

    private static Map<String, Long> namespaces() {
        Map<String, Long> flags = new LinkedHashMap<>();
        flags.put("user", PlanBuilder.CLONE_NEWUSER);
        flags.put("mnt", PlanBuilder.CLONE_NEWNS);
        flags.put("pid", PlanBuilder.CLONE_NEWPID);
        flags.put("ipc", PlanBuilder.CLONE_NEWIPC);
        flags.put("uts", PlanBuilder.CLONE_NEWUTS);
        flags.put("cgroup", PlanBuilder.CLONE_NEWCGROUP);
        flags.put("net", PlanBuilder.CLONE_NEWNET);
        return flags;
    }
}
