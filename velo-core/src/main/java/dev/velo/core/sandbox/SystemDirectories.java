package dev.velo.core.sandbox;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Statx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /proc}, {@code /dev} and {@code /tmp} of a sandbox. The devices are this machine's, mounted over empty files; everything else
 * lies in the sandbox's memory.
 */
final class SystemDirectories {
    private static final byte[] NOTHING = {};
    private static final byte[] PROC = PathBytes.of("/proc");
    private static final byte[] EMPTY = PathBytes.of("empty");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

    private static final Map<String, String> LINKS = Map.of(
            "dev/fd", "/proc/self/fd",
            "dev/stdin", "/proc/self/fd/0",
            "dev/stdout", "/proc/self/fd/1",
            "dev/stderr", "/proc/self/fd/2",
            "dev/ptmx", "pts/ptmx");

    /** What of {@code /proc} would let a process change the machine: what the container engines show read-only. */
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /** What would tell it about others, or hang the machine: what the container engines hide. */
    private static final List<String> HIDDEN = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats");

    private static final long NO_PRIVILEGES = MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV;
    private static final long PROC_ATTRIBUTES = NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_NOEXEC;
    private static final long DEVICE_ATTRIBUTES = MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NOEXEC;
    private static final int S_IFREG = 0100000;
    private static final int USUAL = 0755;
    private static final int SHARED = 01777;

    /** How each of those looks on this machine; does not change while it runs. */
    private static final Map<String, Integer> MASKED = masked();

    private final PlanBuilder plan;
    private final Map<String, PlanEntry> devices = new LinkedHashMap<>();
    private final Map<String, PlanEntry> places = new LinkedHashMap<>();
    private final List<PlanEntry> empty = new ArrayList<>();
    private @Nullable PlanEntry proc;

    SystemDirectories(PlanBuilder plan) {
        this.plan = plan;
    }

    /** A new {@code /proc} must be opened by who may see this machine's whole one. */
    void openProc() {
        plan.what(
                "cannot mount /proc for the sandbox; where this machine's own is partly hidden, as in a container, the kernel refuses");
        proc = fileSystem("proc", Map.of(), PROC_ATTRIBUTES);
    }

    /** The new {@code /proc}, as a directory. */
    PlanArgument proc() {
        if (proc == null) {
            throw new IllegalStateException("/proc was not opened");
        }
        return proc.result();
    }

    /** Opens this machine's devices. */
    void openDevices() {
        plan.what("cannot open the sandbox's devices");
        for (String name : DEVICES) {
            PlanEntry device = clone(PathBytes.of("/dev/" + name));
            set(device, DEVICE_ATTRIBUTES);
            devices.put(name, device);
        }
    }

    /** Adds what makes {@code dev} and {@code tmp} in the working directory. */
    void makeDevices() {
        plan.what("cannot make the sandbox's devices");
        makeDirectory("dev", USUAL);
        makeDirectory("dev/pts", USUAL);
        makeDirectory("shm", SHARED);
        makeDirectory("dev/shm", USUAL);
        makeDirectory("tmp", SHARED);
        makeDirectory("empty", 0555);
        LINKS.forEach(
                (name, target) -> plan.symlinkat(PathBytes.of(target), PlanArgument.AT_FDCWD, PathBytes.of(name)));
        for (String name : DEVICES) {
            plan.mknodat(PlanArgument.AT_FDCWD, PathBytes.of("dev/" + name), S_IFREG | 0666);
        }
    }

    /** Opens what was made in the working directory: the sandbox's root lies elsewhere. */
    void takeDirectories() {
        plan.what("cannot make the sandbox's devices");
        places.put("/dev", clone(PathBytes.of("dev")));
        places.put("/tmp", clone(PathBytes.of("tmp")));
        places.put("/dev/shm", clone(PathBytes.of("shm")));
        for (Map.Entry<String, Integer> masked : MASKED.entrySet()) {
            if (HIDDEN.contains(masked.getKey()) && masked.getValue() == Statx.S_IFDIR) {
                PlanEntry directory = clone(EMPTY);
                set(directory, NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_RDONLY);
                empty.add(directory);
            }
        }
    }

    /** Puts everything to its place, in the new root. */
    void attach() {
        plan.what("cannot show /proc in the sandbox");
        attach(proc(), PROC);
        plan.what("cannot show the sandbox's /dev and /tmp");
        places.forEach((place, mount) -> attach(mount.result(), PathBytes.of(place)));
        devices.forEach((name, mount) -> attach(mount.result(), PathBytes.of("/dev/" + name)));
        attach(
                fileSystem(
                                "devpts",
                                Map.of("mode", "0620", "ptmxmode", "0666"),
                                MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NOEXEC)
                        .result(),
                PathBytes.of("/dev/pts"));
        plan.what("cannot mask /proc");
        int directories = 0;
        for (Map.Entry<String, Integer> masked : MASKED.entrySet()) {
            byte[] path = PathBytes.of(masked.getKey());
            PlanEntry mask;
            if (READ_ONLY.contains(masked.getKey())) {
                mask = clone(path);
                set(mask, PROC_ATTRIBUTES | MountAttributes.MOUNT_ATTR_RDONLY);
            } else if (masked.getValue() == Statx.S_IFDIR) {
                mask = empty.get(directories++);
            } else {
                mask = clone(PathBytes.of("/dev/null"));
            }
            attach(mask.result(), path);
        }
    }

    private PlanEntry fileSystem(String type, Map<String, String> parameters, long attributes) {
        PlanEntry context = plan.fsopen(type, MountCalls.FSOPEN_CLOEXEC);
        parameters.forEach((key, value) -> plan.fsconfigString(context.result(), key, PathBytes.of(value)));
        plan.fsconfigCommand(context.result(), MountCalls.FSCONFIG_CMD_CREATE);
        return plan.fsmount(context.result(), MountCalls.FSMOUNT_CLOEXEC, (int) attributes);
    }

    private PlanEntry clone(byte[] path) {
        return plan.openTree(PlanArgument.AT_FDCWD, path, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
    }

    private void set(PlanEntry mount, long attributes) {
        plan.mountSetattr(mount.result(), NOTHING, FileCalls.AT_EMPTY_PATH, MountAttributes.settingApart(attributes));
    }

    private void attach(PlanArgument mount, byte[] place) {
        plan.moveMount(mount, NOTHING, PlanArgument.AT_FDCWD, place, MountCalls.MOVE_MOUNT_F_EMPTY_PATH);
    }

    private void makeDirectory(String path, int mode) {
        plan.mkdirat(PlanArgument.AT_FDCWD, PathBytes.of(path), mode);
    }

    private static Map<String, Integer> masked() {
        Map<String, Integer> types = new LinkedHashMap<>();
        Statx stat = new Statx();
        for (List<String> paths : List.of(READ_ONLY, HIDDEN)) {
            for (String path : paths) {
                try {
                    FileCalls.statx(FileCalls.AT_FDCWD, PathBytes.of(path), FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                    types.put(path, stat.type());
                } catch (ErrnoException e) {
                    // this kernel has no such file
                }
            }
        }
        return types;
    }
}
