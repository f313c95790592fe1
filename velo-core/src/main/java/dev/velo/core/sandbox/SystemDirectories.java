package dev.velo.core.sandbox;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Statx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * {@code /proc}, {@code /dev} and {@code /tmp} of a sandbox. The devices are this machine's, mounted over empty files; everything else
 * lies in the sandbox's memory.
 */
final class SystemDirectories {
    private static final byte[] EMPTY = PathBytes.of("empty");
    private static final byte[] NULL = PathBytes.of("/dev/null");
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

    private static final long PROC_ATTRIBUTES = DetachedMounts.NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_NOEXEC;
    private static final long DEVICE_ATTRIBUTES = MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NOEXEC;
    private static final int S_IFREG = 0100000;
    private static final int USUAL = 0755;
    private static final int SHARED = 01777;

    /** What of {@code /proc} is mounted over, and how. */
    private record Mask(String path, Kind kind) {
        private enum Kind {
            READ_ONLY,
            EMPTY_FILE,
            EMPTY_DIRECTORY
        }
    }

    /** Those for this machine, which do not change while it runs. */
    private static final List<Mask> MASKS = masks();

    private final PlanBuilder plan;
    private final DetachedMounts mounts;
    private final Map<String, PlanEntry> devices = new LinkedHashMap<>();
    private final Map<String, PlanEntry> places = new LinkedHashMap<>();
    private final Map<Mask, PlanEntry> masks = new LinkedHashMap<>();

    SystemDirectories(PlanBuilder plan) {
        this.plan = plan;
        this.mounts = new DetachedMounts(plan);
    }

    /** A new {@code /proc} must be opened by who may see this machine's whole one. */
    void openProc() {
        plan.what(
                "cannot mount /proc for the sandbox; where this machine's own is partly hidden, as in a container, the kernel refuses");
        places.put("/proc", mounts.fileSystem("proc", Map.of(), PROC_ATTRIBUTES));
    }

    /** Opens this machine's devices. */
    void openDevices() {
        plan.what("cannot open the sandbox's devices");
        for (String name : DEVICES) {
            PlanEntry device = mounts.clone(PathBytes.of("/dev/" + name));
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
        places.put("/dev", mounts.clone(PathBytes.of("dev")));
        places.put("/tmp", mounts.clone(PathBytes.of("tmp")));
        places.put("/dev/shm", mounts.clone(PathBytes.of("shm")));
        for (Mask mask : MASKS) {
            if (mask.kind() == Mask.Kind.EMPTY_DIRECTORY) {
                PlanEntry directory = mounts.clone(EMPTY);
                set(directory, DetachedMounts.NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_RDONLY);
                masks.put(mask, directory);
            }
        }
    }

    /** Puts everything to its place, in the new root. */
    void attach() {
        plan.what("cannot show the sandbox's /proc, /dev and /tmp");
        places.forEach((place, mount) -> mounts.attach(mount, PathBytes.of(place)));
        devices.forEach((name, mount) -> mounts.attach(mount, PathBytes.of("/dev/" + name)));
        Map<String, String> modes = Map.of("mode", "0620", "ptmxmode", "0666");
        mounts.attach(mounts.fileSystem("devpts", modes, DEVICE_ATTRIBUTES), PathBytes.of("/dev/pts"));
        plan.what("cannot mask /proc");
        for (Mask mask : MASKS) {
            switch (mask.kind()) {
                case READ_ONLY -> {
                    PlanEntry itself = mounts.clone(PathBytes.of(mask.path()));
                    set(itself, PROC_ATTRIBUTES | MountAttributes.MOUNT_ATTR_RDONLY);
                    masks.put(mask, itself);
                }
                case EMPTY_FILE -> masks.put(mask, mounts.clone(NULL));
                case EMPTY_DIRECTORY -> {}
            }
        }
        masks.forEach((mask, mount) -> mounts.attach(mount, PathBytes.of(mask.path())));
    }

    private void set(PlanEntry mount, long attributes) {
        mounts.set(mount, MountAttributes.settingApart(attributes));
    }

    private void makeDirectory(String path, int mode) {
        plan.mkdirat(PlanArgument.AT_FDCWD, PathBytes.of(path), mode);
    }

    private static List<Mask> masks() {
        List<Mask> masks = new ArrayList<>();
        READ_ONLY.forEach(path -> type(path).ifPresent(type -> masks.add(new Mask(path, Mask.Kind.READ_ONLY))));
        HIDDEN.forEach(path -> type(path).ifPresent(type -> {
            Mask.Kind kind = type == Statx.S_IFDIR ? Mask.Kind.EMPTY_DIRECTORY : Mask.Kind.EMPTY_FILE;
            masks.add(new Mask(path, kind));
        }));
        return List.copyOf(masks);
    }

    /** What is at a path; nothing if this kernel has no such file. */
    private static OptionalInt type(String path) {
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, PathBytes.of(path), FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            return OptionalInt.of(stat.type());
        } catch (ErrnoException e) {
            return OptionalInt.empty();
        }
    }
}
