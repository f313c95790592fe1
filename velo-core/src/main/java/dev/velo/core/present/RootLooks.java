package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.Statx;
import dev.velo.ffm.Syscall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the root of a tree looks. The root of an overlay looks as its upper does, so a fresh upper takes on the looks of the tree's root:
 * owner, attributes, permissions and time.
 *
 * @param attributes those that anybody may set on what he owns
 */
public record RootLooks(Statx stat, List<Attribute> attributes) {
    private static final byte[] USER = PathBytes.of("user.");
    private static final byte[] ACL = PathBytes.of("system.posix_acl_");
    private static final int PERMISSIONS = 07777;

    /** One extended attribute. */
    @SuppressWarnings("ArrayRecordComponent") // names are bytes; never compared
    public record Attribute(byte[] name, byte[] value) {}

    /** Whether the upper gets the tree's owner, which takes root. */
    public enum Owner {
        OF_TREE,
        OF_MAKER;

        /** What this process's user can give. */
        static Owner forUser() {
            return User.current().isRoot() ? OF_TREE : OF_MAKER;
        }
    }

    /** Those of the tree that is to be seen at this path. */
    public static RootLooks of(byte[] tree) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, tree, 0, stat);
        List<Attribute> attributes = new ArrayList<>();
        byte[] names = AttributeCalls.llistxattr(tree);
        int start = 0;
        for (int end = 0; end < names.length; end++) {
            if (names[end] == 0) {
                byte[] name = Arrays.copyOfRange(names, start, end);
                if (PathBytes.startsWith(name, USER) || PathBytes.startsWith(name, ACL)) {
                    attributes.add(new Attribute(name, AttributeCalls.lgetxattr(tree, name)));
                }
                start = end + 1;
            }
        }
        return new RootLooks(stat, attributes);
    }

    /** Adds what gives them to an upper. */
    public void give(PlanBuilder plan, byte[] upper, Owner owner) {
        if (owner == Owner.OF_TREE) {
            plan.fchownat(PlanArgument.AT_FDCWD, upper, stat.uid(), stat.gid());
        }
        for (Attribute attribute : attributes) {
            plan.call(
                            Syscall.LSETXATTR,
                            PlanArgument.string(upper),
                            PlanArgument.string(attribute.name()),
                            PlanArgument.structure(attribute.value()),
                            PlanArgument.of(attribute.value().length),
                            PlanArgument.of(0))
                    .path(upper);
        }
        // after the access list, which changes the permissions
        plan.fchmodat(PlanArgument.AT_FDCWD, upper, stat.mode() & PERMISSIONS);
        plan.utimensat(PlanArgument.AT_FDCWD, upper, stat.modificationSeconds(), stat.modificationNanos());
    }

    /** Gives them to an upper at once, as root. */
    void give(byte[] upper) throws ErrnoException {
        long name = CString.first(upper);
        AttributeCalls.fchownat(FileCalls.AT_FDCWD, name, stat.uid(), stat.gid(), 0);
        for (Attribute attribute : attributes) {
            AttributeCalls.lsetxattr(upper, attribute.name(), attribute.value());
        }
        name = CString.first(upper);
        AttributeCalls.fchmodat(FileCalls.AT_FDCWD, name, stat.mode() & PERMISSIONS);
        AttributeCalls.utimensat(FileCalls.AT_FDCWD, name, stat.modificationSeconds(), stat.modificationNanos(), 0);
    }
}
