package dev.velo.core.sandbox;

import dev.velo.core.present.OverlayOptions;
import dev.velo.core.present.RootLooks;
import dev.velo.core.present.ShownTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountAttributes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system calls by which a new process makes its world. What it takes of this machine it opens first, as mounts that are attached
 * nowhere; then it enters its namespaces, makes its root and leaves the old one; only then are the mounts put to their places, so that
 * no symbolic link of a tree leads anywhere but into the sandbox.
 */
final class SandboxWorld {
    private static final byte[] HERE = PathBytes.of(".");
    private static final byte[] SLASH = PathBytes.of("/");
    private static final byte[] LOWER = PathBytes.of("lower");
    private static final byte[] UPPER = PathBytes.of("upper");
    private static final byte[] WORK = PathBytes.of("work");
    private static final byte[] KEPT = PathBytes.of("kept");
    private static final byte[] ROOT = PathBytes.of("root");
    private static final MountAttributes WRITABLE = MountAttributes.settingApart(DetachedMounts.NO_PRIVILEGES);
    private static final int PRIVATE = 0700;
    private static final int USUAL = 0755;

    private final SandboxOptions options;
    private final ReadyNamespaces ready;
    private final PlanBuilder plan;
    private final DetachedMounts mounts;
    private final SystemDirectories system;
    private final MountPlaces places;

    private SandboxWorld(SandboxOptions options, ReadyNamespaces ready, PlanBuilder plan) {
        this.options = options;
        this.ready = ready;
        this.plan = plan;
        this.mounts = new DetachedMounts(plan);
        this.system = new SystemDirectories(plan);
        this.places =
                new MountPlaces(plan, options.root(), isFresh() ? MountPlaces.Times.KEPT : MountPlaces.Times.CHANGED);
    }

    /**
     * Adds to the child section of a plan all that makes a sandbox but the execution of its first program; returns the paths at which
     * that makes something in the root to be mounted over.
     *
     * @param ready what it need not make itself
     */
    static List<byte[]> enter(SandboxOptions options, LimitPlan limits, ReadyNamespaces ready, PlanBuilder plan)
            throws IOException {
        SandboxWorld world = new SandboxWorld(options, ready, plan);
        world.enter(limits);
        return world.places.made();
    }

    private void enter(LimitPlan limits) throws IOException {
        SandboxNamespaces.begin(plan, options.identity(), options.network());
        PlanEntry mask = plan.umask(0);
        limits.enter(plan);
        options.identity().begin(plan);
        PlanEntry root = open(options.root());
        PlanEntry kept = keptUpper();
        List<PlanEntry> binds = openBinds();
        List<PlanEntry> trees = new ArrayList<>();
        options.trees().forEach(tree -> trees.add(open(tree.tree())));
        system.openProc();
        system.openDevices();
        ready.enterNetwork(plan);
        options.identity().enter(plan);
        ready.enterMounts(plan);
        options.identity().makeNamespaces(plan, namespaces());
        if (ready.mounts().isEmpty()) {
            SandboxNamespaces.forbidFurther(plan);
            plan.what("cannot separate the sandbox's mounts from the system's");
            plan.mount(null, SLASH, null, MountCalls.MS_REC | MountCalls.MS_PRIVATE, null);
        }
        makeScratch();
        system.makeDevices();
        makeRoot(root, kept);
        for (int i = 0; i < trees.size(); i++) {
            trees.set(i, shown(i, trees.get(i)));
        }
        leaveOldRoot();
        system.attach();
        for (int i = 0; i < trees.size(); i++) {
            attachTree(options.trees().get(i), trees.get(i));
        }
        attachBinds(binds);
        if (options.network() == SandboxOptions.Network.NONE && ready.network().isEmpty()) {
            SandboxNetwork.prepare(plan);
        }
        plan.what("cannot set the sandbox's host name");
        plan.sethostname(options.hostname());
        plan.umask(mask.result());
        Privileges.drop(plan, () -> options.identity().assume(plan));
    }

    private long namespaces() {
        long all = SandboxNamespaces.flags(options.network());
        return ready.network().isPresent() ? all & ~PlanBuilder.CLONE_NEWNET : all;
    }

    /** A mount of a tree, read-only, whose owners are those of the sandbox. */
    private PlanEntry open(ShownTree tree) {
        plan.what("cannot open the tree");
        PlanEntry mount = mounts.clone(tree.tree());
        mounts.set(mount, translated());
        return mount;
    }

    /** The attributes of a mount that is only read, whose files belong to the sandbox's users as they belong to this machine's. */
    private MountAttributes translated() {
        long attributes = DetachedMounts.NO_PRIVILEGES | MountAttributes.MOUNT_ATTR_RDONLY;
        return options.identity() instanceof Identity.Range range
                ? MountAttributes.settingApart(attributes, range.namespace().fd())
                : MountAttributes.settingApart(attributes);
    }

    private @Nullable PlanEntry keptUpper() {
        if (!(options.writes() instanceof SandboxOptions.Writes.Kept kept)) {
            return null;
        }
        plan.what("cannot open the upper");
        PlanEntry mount = mounts.clone(kept.upper().path());
        mounts.set(mount, WRITABLE);
        return mount;
    }

    /**
     * What is written through a bind belongs to the sandbox's users, never to root of this machine; what is only read is translated, so
     * that it can be read as whoever starts the sandbox reads it.
     */
    private List<PlanEntry> openBinds() {
        List<PlanEntry> binds = new ArrayList<>();
        for (SandboxOptions.Bind bind : options.binds()) {
            plan.what("cannot open what shall be bound");
            PlanEntry mount = mounts.cloneAll(bind.source());
            mounts.setAll(mount, bind.access() == SandboxOptions.Access.READ_WRITE ? WRITABLE : translated());
            binds.add(mount);
        }
        return binds;
    }

    /** Memory that holds all that the sandbox writes, with one limit; the working directory from here on. */
    private void makeScratch() {
        plan.what("cannot mount memory for the sandbox");
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("mode", "0755");
        options.memoryBytes().ifPresent(bytes -> parameters.put("size", Long.toString(bytes)));
        PlanEntry scratch = mounts.fileSystem("tmpfs", parameters, DetachedMounts.NO_PRIVILEGES);
        // any directory will do; not the root, where a mount would lie over the one that is left
        mounts.attach(scratch, BareMounts.PLACE);
        plan.fchdir(scratch.result());
    }

    private PlanEntry makeDirectory(byte[] path, int mode) {
        return plan.mkdirat(PlanArgument.AT_FDCWD, path, mode);
    }

    private void makeRoot(PlanEntry tree, @Nullable PlanEntry kept) throws IOException {
        plan.what("cannot make the sandbox's root");
        makeDirectory(LOWER, USUAL);
        mounts.attach(tree, LOWER);
        makeDirectory(ROOT, USUAL);
        byte[] upper = UPPER;
        byte[] work = WORK;
        if (kept == null) {
            makeDirectory(UPPER, USUAL);
            makeDirectory(WORK, PRIVATE);
        } else {
            makeDirectory(KEPT, USUAL);
            mounts.attach(kept, KEPT);
            upper = PathBytes.join(KEPT, UPPER);
            work = PathBytes.join(KEPT, WORK);
        }
        for (byte[] missing : MissingDirectories.ofSystem(options.root())) {
            makeDirectory(PathBytes.join(upper, missing), USUAL).ignoringErrors();
            places.made().add(missing);
        }
        if (isFresh()) {
            likeRoot(options.root(), upper);
        }
        overlay(ROOT, LOWER, upper, work);
    }

    private boolean isFresh() {
        return !(options.writes() instanceof SandboxOptions.Writes.Kept kept)
                || kept.upper().fresh();
    }

    private void overlay(byte[] place, byte[] lower, byte[] upper, byte[] work) {
        plan.mount(
                PathBytes.of("velo"),
                place,
                "overlay",
                MountCalls.MS_NOSUID | MountCalls.MS_NODEV,
                OverlayOptions.of(lower, upper, work));
    }

    private void likeRoot(ShownTree tree, byte[] upper) throws IOException {
        RootLooks.Owner owner =
                options.identity() instanceof Identity.Range ? RootLooks.Owner.OF_TREE : RootLooks.Owner.OF_MAKER;
        RootLooks.of(tree.tree()).give(plan, upper, owner);
    }

    /** What is shown of a further tree: itself, or what is written over it in memory. */
    private PlanEntry shown(int index, PlanEntry mount) throws IOException {
        SandboxOptions.PlacedTree tree = options.trees().get(index);
        if (tree.access() == SandboxOptions.Access.READ_ONLY) {
            return mount;
        }
        plan.what("cannot lay a writable layer over the tree at " + PathBytes.show(tree.at()));
        byte[] own = PathBytes.of("tree-" + index);
        makeDirectory(own, USUAL);
        for (byte[] part : List.of(LOWER, ROOT, UPPER, WORK)) {
            makeDirectory(PathBytes.join(own, part), USUAL);
        }
        byte[] lower = PathBytes.join(own, LOWER);
        byte[] upper = PathBytes.join(own, UPPER);
        mounts.attach(mount, lower);
        likeRoot(tree.tree(), upper);
        byte[] shown = PathBytes.join(own, ROOT);
        overlay(shown, lower, upper, PathBytes.join(own, WORK));
        return mounts.clone(shown);
    }

    private void leaveOldRoot() {
        plan.what("cannot change to the sandbox's root");
        system.takeDirectories();
        plan.chdir(ROOT);
        if (ready.mounts().isPresent()) {
            // nothing of this machine is below it, so it may lie over what is left
            plan.moveMount(PlanArgument.AT_FDCWD, HERE, PlanArgument.AT_FDCWD, SLASH, 0);
            plan.chroot(HERE);
        } else {
            plan.pivotRoot(HERE, HERE);
            plan.umount(HERE, MountCalls.MNT_DETACH);
        }
        plan.chdir(SLASH);
    }

    private void attachTree(SandboxOptions.PlacedTree tree, PlanEntry mount) throws IOException {
        plan.what("cannot show the tree at " + PathBytes.show(tree.at()));
        places.attachDirectory(mount, tree.at());
    }

    private void attachBinds(List<PlanEntry> opened) throws IOException {
        Statx stat = new Statx();
        for (int i = 0; i < opened.size(); i++) {
            SandboxOptions.Bind bind = options.binds().get(i);
            FileCalls.statx(FileCalls.AT_FDCWD, bind.source(), 0, stat);
            plan.what("cannot bind " + PathBytes.show(bind.source()) + " to " + PathBytes.show(bind.target()));
            if (stat.type() == Statx.S_IFDIR) {
                places.attachDirectory(opened.get(i), bind.target());
            } else {
                places.attachFile(opened.get(i), bind.target());
            }
        }
    }
}
