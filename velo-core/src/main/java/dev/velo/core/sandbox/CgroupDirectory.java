package dev.velo.core.sandbox;

import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One cgroup that exists, as its directory tells of it. What cannot be read is taken as empty: then it is of no use. */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; compared by identity alone
record CgroupDirectory(byte[] path, byte[] mountPoint) {
    private static final String PROCESSES = "cgroup.procs";
    private static final String SUBTREE = "cgroup.subtree_control";

    /** The cgroup around it, unless that cannot be seen. */
    Optional<CgroupDirectory> parent() {
        return isMountPoint() ? Optional.empty() : Optional.of(new CgroupDirectory(PathBytes.parent(path), mountPoint));
    }

    String show() {
        return PathBytes.show(path);
    }

    /** Whether a v1 cgroup for this resource can be made in it. */
    boolean takesSeparate(LimitedResource resource) {
        return Files.isWritable(LocalPath.of(path))
                && (resource != LimitedResource.CPU || Files.exists(file("cpu.cfs_quota_us")));
    }

    /**
     * Which of these a v2 cgroup made in it can limit. A process may be moved there by who can write to {@code cgroup.procs} of the
     * nearest cgroup around where it was and where it goes, and that is this one.
     */
    Set<LimitedResource> givenUnified(Set<LimitedResource> wanted) {
        Set<LimitedResource> given = EnumSet.noneOf(LimitedResource.class);
        if (Files.isWritable(LocalPath.of(path)) && Files.isWritable(file(PROCESSES)) && isDomain()) {
            given.addAll(mayEnable() ? controllers() : enabled());
            given.retainAll(wanted);
        }
        return given;
    }

    /** What it could pass on to its children. */
    Set<LimitedResource> controllers() {
        return resources("cgroup.controllers");
    }

    /** What it passes on to its children. */
    Set<LimitedResource> enabled() {
        return resources(SUBTREE);
    }

    /** The time on processors that the quotas of v1 leave to its children, as far as they can be seen from here. */
    double cpuCores() {
        double least = Double.POSITIVE_INFINITY;
        for (Optional<CgroupDirectory> each = Optional.of(this);
                each.isPresent();
                each = each.get().parent()) {
            String quota = each.get().text("cpu.cfs_quota_us");
            String period = each.get().text("cpu.cfs_period_us");
            if (!quota.isEmpty() && !period.isEmpty() && !quota.startsWith("-")) {
                least = Math.min(least, Double.parseDouble(quota) / Double.parseDouble(period));
            }
        }
        return least;
    }

    /** A cgroup with processes cannot begin to limit its children, but for the root of all, which has no type. */
    private boolean mayEnable() {
        return Files.isWritable(file(SUBTREE))
                && (!Files.exists(file("cgroup.type")) || text(PROCESSES).isEmpty());
    }

    private boolean isDomain() {
        String type = text("cgroup.type");
        return type.isEmpty() || type.equals("domain");
    }

    private boolean isMountPoint() {
        return Arrays.equals(path, mountPoint);
    }

    private Set<LimitedResource> resources(String name) {
        List<String> words = List.of(text(name).split(" ", -1));
        Set<LimitedResource> resources = EnumSet.noneOf(LimitedResource.class);
        for (LimitedResource resource : LimitedResource.values()) {
            if (words.contains(resource.text())) {
                resources.add(resource);
            }
        }
        return resources;
    }

    private String text(String name) {
        try {
            return Files.readString(file(name), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException unreadable) {
            return "";
        }
    }

    private Path file(String name) {
        return LocalPath.of(PathBytes.join(path, PathBytes.of(name)));
    }
}
