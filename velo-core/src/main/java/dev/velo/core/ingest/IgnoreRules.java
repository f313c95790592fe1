package dev.velo.core.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.ignore.FastIgnoreRule;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of one directory are left out: the rules of its own {@code .veloignore}, else those of the directories above, with
 * the command line's before all of them. Syntax and precedence are gitignore's. Names are matched byte by byte; a pattern
 * that is not valid matches nothing, as in git.
 */
final class IgnoreRules {
    static final String FILE = ".veloignore";

    private final IgnoreNode commandLine;
    private final @Nullable IgnoreRules above;
    private final @Nullable IgnoreNode own;

    /** The path of the directory from the root of the tree, with a slash behind each name. */
    private final String path;

    private IgnoreRules(IgnoreNode commandLine, @Nullable IgnoreRules above, @Nullable IgnoreNode own, String path) {
        this.commandLine = commandLine;
        this.above = above;
        this.own = own;
        this.path = path;
    }

    /** The rules of the root, before its own file is read. */
    static IgnoreRules of(List<String> excludes, List<String> includes) {
        List<FastIgnoreRule> rules = new ArrayList<>();
        for (String pattern : excludes) {
            rules.add(new FastIgnoreRule(pattern));
        }
        for (String pattern : includes) {
            rules.add(new FastIgnoreRule("!" + pattern));
        }
        return new IgnoreRules(new IgnoreNode(rules), null, null, "");
    }

    /** These rules with those of the directory's own file added. */
    IgnoreRules withFile(byte[] contents) {
        List<FastIgnoreRule> rules = new ArrayList<>();
        for (String line : new String(contents, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                rules.add(new FastIgnoreRule(line));
            }
        }
        return new IgnoreRules(commandLine, above, new IgnoreNode(rules), path);
    }

    /** The rules inside a directory of this name. */
    IgnoreRules enter(byte[] name) {
        return new IgnoreRules(commandLine, this, null, path + latin(name) + "/");
    }

    boolean ignores(byte[] name, boolean directory) {
        String whole = path + latin(name);
        Boolean verdict = commandLine.checkIgnored(whole, directory);
        for (IgnoreRules rules = this; verdict == null && rules != null; rules = rules.above) {
            if (rules.own != null) {
                verdict = rules.own.checkIgnored(whole.substring(rules.path.length()), directory);
            }
        }
        return Boolean.TRUE.equals(verdict);
    }

    private static String latin(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
