package dev.velo.launcher;

import dev.velo.core.present.KernelRelease;
import dev.velo.core.present.NamespaceAdvice;
import dev.velo.core.present.User;
import dev.velo.core.sandbox.CgroupSupport;
import dev.velo.core.sandbox.LimitMechanism;
import dev.velo.core.sandbox.LimitedResource;
import dev.velo.core.tree.KernelSetting;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the doctor finds of the kernel, and of what this process may ask of it. */
final class KernelFindings {
    private static final int CAP_SYS_ADMIN = 21;

    /** The kernel's fixed number of the first user namespace (PROC_USER_INIT_INO). */
    private static final String INITIAL_NAMESPACE = "user:[4026531837]";

    private KernelFindings() {}

    static List<Finding> all() throws IOException {
        return List.of(
                fileSystem("erofs", "images", "CONFIG_EROFS_FS", "--mode link and --mode preload do without"),
                fileSystem("overlay", "--writable and --upper", "CONFIG_OVERLAY_FS", "trees can be shown read-only"),
                since("idmap", 5, 12, "mounts can show other owners than their files have"),
                since("beneath", 6, 5, "a mount can be put beneath another"),
                userNamespaces(),
                privilege());
    }

    private static Finding fileSystem(String type, String what, String option, String without) {
        if (text("/proc/filesystems").lines().anyMatch(line -> line.endsWith("\t" + type))) {
            return Finding.ok(type, "this kernel has it, for " + what);
        }
        String modules = "/lib/modules/" + System.getProperty("os.version") + "/modules.";
        boolean isModule = Stream.of("dep", "builtin")
                .anyMatch(list -> text(modules + list)
                        .lines()
                        .anyMatch(line -> line.split(":", 2)[0].matches(".*/" + type + "\\.ko(\\.[a-z0-9]+)?")));
        return isModule
                ? Finding.ok(type, "this kernel has it as a module, for " + what)
                : Finding.no(
                        type, "this kernel has no " + type + " (" + option + "), which " + what + " need", without);
    }

    private static Finding since(String name, int major, int minor, String what) {
        KernelRelease release = KernelRelease.current();
        String wanted = "Linux " + major + "." + minor;
        return release.isAtLeast(major, minor)
                ? Finding.ok(name, what + ", as since " + wanted)
                : Finding.no(
                        name,
                        "this is Linux " + release + ", and only since " + wanted + " " + what,
                        "run a later kernel");
    }

    /** Makes one, in a process that ends at once. */
    private static Finding userNamespaces() {
        PlanBuilder plan = new PlanBuilder();
        plan.what("cannot make a user namespace");
        plan.namespaces(PlanBuilder.CLONE_NEWUSER);
        String settings = "user.max_user_namespaces is " + setting("user.max_user_namespaces");
        try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
            process.waitFor();
        } catch (IOException e) {
            String advice = NamespaceAdvice.text();
            return Finding.no("userns", e.getMessage() + "; " + settings, advice.isEmpty() ? "" : advice.substring(2));
        }
        // they can be had, and be worth nothing
        String advice = NamespaceAdvice.text();
        return advice.isEmpty()
                ? Finding.ok("userns", "user namespaces can be had; " + settings)
                : Finding.warn("userns", "user namespaces can be had; " + settings, advice.substring(2));
    }

    private static String setting(String name) {
        try {
            return KernelSetting.value(name);
        } catch (IOException e) {
            return "not known";
        }
    }

    private static Finding privilege() throws IOException {
        String user = User.current().isRoot()
                ? "root"
                : "user " + Integer.toUnsignedString(User.current().uid());
        boolean isInitial = PathBytes.show(LinkCalls.readlinkat(FileCalls.AT_FDCWD, PathBytes.of("/proc/self/ns/user")))
                .equals(INITIAL_NAMESPACE);
        String place = isInitial ? "in the initial user namespace" : "in a user namespace of a container";
        boolean isAdministrator = (effectiveCapabilities() >>> CAP_SYS_ADMIN & 1) != 0;
        String fact = user + " " + place + ", " + (isAdministrator ? "with" : "without") + " CAP_SYS_ADMIN";
        return isAdministrator && isInitial
                ? Finding.ok("privilege", fact)
                : Finding.no(
                        "privilege", fact, "--mode mount takes root outside of containers, the other modes do without");
    }

    private static long effectiveCapabilities() {
        return text("/proc/self/status")
                .lines()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    /** What cgroups can limit in a sandbox. */
    static Finding cgroups() throws IOException {
        CgroupSupport support = CgroupSupport.read();
        String held =
                support.held().keySet().stream().map(LimitedResource::text).collect(Collectors.joining(", "));
        String versions = new TreeSet<>(support.held().values())
                .stream().map(LimitMechanism::text).collect(Collectors.joining(" and "));
        String fact = held.isEmpty() ? "cgroups can limit nothing here" : versions + " can limit " + held;
        if (support.refused().isEmpty()) {
            return Finding.ok("cgroups", fact);
        }
        String why = support.refused().entrySet().stream()
                .map(each -> each.getKey().text() + " not, because " + each.getValue())
                .collect(Collectors.joining("; "));
        return Finding.warn(
                "cgroups", fact + "; " + why, "limits of sandboxes are held by weaker means, which the run tells");
    }

    /** What a file of the system says; nothing if it is not there. */
    private static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
