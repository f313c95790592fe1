package dev.velo.core.sandbox;

import dev.velo.core.present.MountTable;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cgroups of this process, and where it can make others: below its own or, in the unified hierarchy, beside it, because there a
 * cgroup that limits its children has no processes of its own. Sources: cgroups(7), and Documentation/admin-guide/cgroup-v2.rst and
 * cgroup-v1/ of the kernel. Asks nobody but the kernel: a system manager that could be asked for a cgroup is not.
 */
final class Cgroups {
    /** What the names of cgroups begin with that are made for limits. */
    static final byte[] NAME = PathBytes.of("velo-");

    private final List<CgroupDirectory> unified = new ArrayList<>();
    private final Map<LimitedResource, CgroupDirectory> separate = new HashMap<>();

    private Cgroups(MountTable mounts, String memberships) {
        for (String line : memberships.split("\n", -1)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[2].startsWith("/") && !fields[2].contains("/..")) {
                member(mounts, List.of(fields[1].split(",", -1)), PathBytes.of(fields[2]));
            }
        }
    }

    static Cgroups read() throws IOException {
        Path memberships = Path.of("/proc/self/cgroup");
        // a kernel without cgroups
        if (!Files.exists(memberships)) {
            return of(MountTable.of(""), "");
        }
        return of(MountTable.read(), Files.readString(memberships, StandardCharsets.ISO_8859_1));
    }

    /** From a table of mounts and the text of a {@code /proc/<pid>/cgroup} in which each character stands for one byte. */
    static Cgroups of(MountTable mounts, String memberships) {
        return new Cgroups(mounts, memberships);
    }

    /** Where cgroups can be made that limit these: no resource twice, and not all if that cannot be. */
    List<CgroupParent> parents(Set<LimitedResource> wanted) {
        List<CgroupParent> parents = new ArrayList<>();
        Set<LimitedResource> left = EnumSet.noneOf(LimitedResource.class);
        left.addAll(wanted);
        unifiedParent(left).ifPresent(parent -> {
            parents.add(parent);
            left.removeAll(parent.resources());
        });
        Map<CgroupDirectory, Set<LimitedResource>> shared = new HashMap<>();
        for (LimitedResource resource : left) {
            CgroupDirectory directory = separate.get(resource);
            if (directory != null && directory.takesSeparate(resource)) {
                shared.computeIfAbsent(directory, any -> EnumSet.noneOf(LimitedResource.class))
                        .add(resource);
            }
        }
        shared.forEach((directory, resources) -> parents.add(new CgroupParent(
                LimitMechanism.CGROUP_V1, directory.path(), resources, Set.of(), directory.cpuCores())));
        return parents;
    }

    /** Absolute paths of those that were made for limits, and that these memberships are in. */
    Set<CgroupDirectory> made() {
        Set<CgroupDirectory> made = new LinkedHashSet<>(separate.values());
        made.addAll(unified);
        made.removeIf(directory -> !PathBytes.startsWith(PathBytes.lastName(directory.path()), NAME));
        return made;
    }

    /** Why no cgroup that limits this can be made, in a clause without an end. */
    String whyNot(LimitedResource resource) {
        CgroupDirectory directory = separate.get(resource);
        for (CgroupDirectory each : unified) {
            if (each.controllers().contains(resource)) {
                return each.show()
                        + " is no cgroup in which this user may make others with the controller " + resource.text()
                        + " (under systemd, systemd-run --user --scope begins in one that is)";
            }
        }
        return directory == null
                ? "there is no cgroup with the controller " + resource.text()
                : directory.show() + " is no cgroup in which this user may make others";
    }

    private Optional<CgroupParent> unifiedParent(Set<LimitedResource> wanted) {
        CgroupParent best = null;
        for (CgroupDirectory directory : unified) {
            Set<LimitedResource> given = directory.givenUnified(wanted);
            if (!given.isEmpty()
                    && (best == null || given.size() > best.resources().size())) {
                Set<LimitedResource> enabled = EnumSet.copyOf(given);
                enabled.removeAll(directory.enabled());
                best = new CgroupParent(
                        LimitMechanism.CGROUP_V2, directory.path(), given, enabled, Double.POSITIVE_INFINITY);
            }
        }
        return Optional.ofNullable(best);
    }

    /** Notes where the cgroup that this process is in can be seen. */
    private void member(MountTable mounts, List<String> controllers, byte[] cgroup) {
        boolean isUnified = controllers.equals(List.of(""));
        for (MountTable.Mount mount : mounts.mounts()) {
            boolean shown = isUnified
                    ? mount.type().equals("cgroup2")
                    : mount.type().equals("cgroup")
                            && List.of(mount.options().split(",", -1)).containsAll(controllers);
            if (!shown || !PathBytes.isInside(cgroup, mount.root())) {
                continue;
            }
            CgroupDirectory own = new CgroupDirectory(below(mount, cgroup), mount.point());
            if (isUnified) {
                unified.add(own);
                own.parent().ifPresent(unified::add);
                return;
            }
            for (LimitedResource resource : LimitedResource.values()) {
                if (controllers.contains(resource.text())) {
                    separate.putIfAbsent(resource, own);
                }
            }
            return;
        }
    }

    private static byte[] below(MountTable.Mount mount, byte[] cgroup) {
        byte[] path = mount.point();
        byte[] rest = Arrays.copyOfRange(cgroup, mount.root().length, cgroup.length);
        for (byte[] name : PathBytes.names(rest)) {
            path = PathBytes.join(path, name);
        }
        return path;
    }
}
