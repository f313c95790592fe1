package dev.velo.core.sandbox;

import dev.velo.core.present.User;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.Optional;

/**
 * Whom the command of a sandbox believes to be, and which users of this machine stand behind it: a user namespace (user_namespaces(7)).
 * Root of this machine never does.
 */
public sealed interface Identity {
    /** The user of the command, as it sees it. */
    int uid();

    /** Its group. */
    int gid();

    /**
     * One user: whoever starts the sandbox, under another name. What belongs to others appears as nobody's. Anybody may do that.
     */
    record Single(int uid, int gid) implements Identity {}

    /**
     * Many users: those from 0 on in the sandbox are a range of users of this machine that belongs to nobody.
     *
     * @param namespace a user namespace with that range, which stays open until the sandbox is started
     */
    record Range(int uid, int gid, UserNamespace namespace) implements Identity {}

    /**
     * Many users, for who is not root: 0 is whoever starts the sandbox, those from 1 on are a range that was assigned to that user
     * (subuid(5)). The launcher's runner enters the namespace, so a sandbox of this kind takes one.
     *
     * @param namespace a user namespace with those users, which stays open until the sandbox is started
     */
    record Subordinate(int uid, int gid, UserNamespace namespace) implements Identity {}

    /**
     * The one that anybody can have: as root of this machine a range of users, otherwise one.
     *
     * @param uid the user of the command, as it sees it
     * @param gid its group
     */
    static Identity ofProcess(int uid, int gid) throws IOException {
        return UserNamespace.isNeeded() ? new Range(uid, gid, UserNamespace.ofProcess()) : new Single(uid, gid);
    }

    /** The namespaces that the sandbox's first process is made in; {@link #makeNamespaces} makes the rest of these. */
    default long cloned(long namespaces) {
        return switch (this) {
            case Single single -> namespaces | PlanBuilder.CLONE_NEWUSER;
            // who makes mounts for it must still be root; a process gets its pid namespace at its start or never
            case Range range -> namespaces & PlanBuilder.CLONE_NEWPID;
            case Subordinate subordinate -> namespaces;
        };
    }

    /** Adds what a process does first that was made in a user namespace of its own. */
    default void begin(PlanBuilder plan) {
        if (this instanceof Single single) {
            User user = User.current();
            plan.what("cannot map your user into the sandbox's user namespace");
            plan.writeFile(PathBytes.of("/proc/self/setgroups"), PathBytes.of("deny"));
            plan.writeFile(PathBytes.of("/proc/self/uid_map"), PathBytes.of(single.uid() + " " + user.uid() + " 1\n"));
            plan.writeFile(PathBytes.of("/proc/self/gid_map"), PathBytes.of(single.gid() + " " + user.gid() + " 1\n"));
        }
    }

    /** Adds what a process does that has opened everything for which it needs to be who it was: it becomes root of the sandbox. */
    default void enter(PlanBuilder plan) {
        if (this instanceof Range range) {
            plan.what("cannot enter the sandbox's user namespace");
            become(plan, range.namespace());
        }
    }

    /** Adds what makes a process, of root's, that of a user namespace. */
    static void become(PlanBuilder plan, UserNamespace users) {
        plan.dropGroups();
        plan.setns(PlanArgument.of(users.fd()), PlanBuilder.CLONE_NEWUSER);
        plan.setresgid(0, 0, 0);
        plan.setresuid(0, 0, 0);
    }

    /** Adds what makes those of the namespaces that a process has not been made in. */
    default void makeNamespaces(PlanBuilder plan, long namespaces) {
        if (this instanceof Range) {
            plan.what("cannot make the sandbox's namespaces");
            plan.unshare(namespaces & ~PlanBuilder.CLONE_NEWPID);
        }
    }

    /** Adds what makes a process whom the command shall be. Its root's capabilities end with it. */
    default void assume(PlanBuilder plan) {
        if (!(this instanceof Single)) {
            plan.what("cannot become the sandbox's user");
            plan.setresgid(gid(), gid(), gid());
            plan.setresuid(uid(), uid(), uid());
        }
    }

    /** The user namespace that was made for it before, if any. */
    default Optional<UserNamespace> prepared() {
        return switch (this) {
            case Single single -> Optional.empty();
            case Range range -> Optional.of(range.namespace());
            case Subordinate subordinate -> Optional.of(subordinate.namespace());
        };
    }
}
