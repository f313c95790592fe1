package dev.velo.core.present;

import dev.velo.core.tree.KernelSetting;
import java.io.IOException;

/** What an administrator may have set that keeps namespaces from users, and what would permit them. */
public final class NamespaceAdvice {
    /** One setting: what it is when it forbids, and what then is to be said. */
    private record Setting(String name, String forbids, boolean bindsRoot, String advice) {}

    private static final Setting[] SETTINGS = {
        new Setting(
                "user.max_user_namespaces",
                "0",
                true,
                "this system permits no user namespaces; sysctl user.max_user_namespaces=10000 does"),
        new Setting(
                "kernel.unprivileged_userns_clone",
                "0",
                false,
                "this system permits user namespaces to root alone; sysctl kernel.unprivileged_userns_clone=1 permits them"),
        new Setting(
                "kernel.apparmor_restrict_unprivileged_userns",
                "1",
                false,
                "AppArmor takes the capabilities from user namespaces here; an AppArmor profile for Velo, or"
                        + " sysctl kernel.apparmor_restrict_unprivileged_userns=0, leaves them"),
    };

    private static final String TEXT = find();

    private NamespaceAdvice() {}

    /** An end for a sentence about namespaces that cannot be had, beginning with a semicolon; empty if nothing is known to forbid them. */
    public static String text() {
        return TEXT;
    }

    private static String find() {
        for (Setting setting : SETTINGS) {
            if ((setting.bindsRoot() || !User.current().isRoot())
                    && setting.forbids().equals(value(setting.name()))) {
                return "; " + setting.advice();
            }
        }
        return "";
    }

    private static String value(String name) {
        try {
            return KernelSetting.value(name);
        } catch (IOException e) {
            return ""; // this kernel has no such setting
        }
    }
}
