package dev.velo.nio;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Translates a glob, as {@link java.nio.file.FileSystem#getPathMatcher} describes it, to a regular expression. */
final class Glob {
    private static final String SPECIAL_IN_EXPRESSIONS = ".^$+{[]|()";

    private final String glob;
    private final StringBuilder expression = new StringBuilder();
    private int at;
    private boolean inGroup;

    private Glob(String glob) {
        this.glob = glob;
    }

    static Pattern compile(String glob) {
        return Pattern.compile(new Glob(glob).translate(), Pattern.DOTALL);
    }

    private String translate() {
        while (at < glob.length()) {
            int c = next();
            switch (c) {
                case '\\' -> literal(escaped());
                case '[' -> bracket();
                case '{' -> openGroup();
                case '}' -> closeGroup();
                case ',' -> expression.append(inGroup ? ")|(?:" : ",");
                case '*' -> star();
                case '?' -> expression.append("[^/]");
                default -> literal(c);
            }
        }
        if (inGroup) {
            throw fault("Missing '}'", glob.length() - 1);
        }
        return expression.toString();
    }

    /** A letter is a code point, as it is to regular expressions. */
    private int next() {
        int c = glob.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private int escaped() {
        if (at == glob.length()) {
            throw fault("No character to escape", at - 1);
        }
        return next();
    }

    private void literal(int c) {
        if (SPECIAL_IN_EXPRESSIONS.indexOf(c) >= 0 || "*?\\}".indexOf(c) >= 0) {
            expression.append('\\');
        }
        expression.appendCodePoint(c);
    }

    private void star() {
        if (at < glob.length() && glob.charAt(at) == '*') {
            at++;
            expression.append(".*");
        } else {
            expression.append("[^/]*");
        }
    }

    private void openGroup() {
        if (inGroup) {
            throw fault("Cannot nest groups", at - 1);
        }
        inGroup = true;
        expression.append("(?:(?:");
    }

    private void closeGroup() {
        if (inGroup) {
            inGroup = false;
            expression.append("))");
        } else {
            literal('}');
        }
    }

    private void bracket() {
        StringBuilder set = new StringBuilder();
        boolean negated = take('!');
        if (take('-')) {
            set.append("\\-");
        }
        int first = -1; // the start of a range that a hyphen may continue
        while (true) {
            int c = inBracket();
            if (c == ']') {
                break;
            }
            if (c != '-') {
                set.append(member(c));
                first = c;
                continue;
            }
            if (first < 0) {
                throw fault("Invalid range", at - 1);
            }
            int last = inBracket();
            if (last == ']') {
                set.append("\\-");
                break;
            }
            if (last < first) {
                throw fault("Invalid range", at - 3);
            }
            set.append('-').append(member(last));
            first = -1;
        }
        if (set.isEmpty()) {
            throw fault("Empty brackets", at - 1);
        }
        expression.append("[[^/]&&[").append(negated ? "^" : "").append(set).append("]]");
    }

    private boolean take(char wanted) {
        boolean there = at < glob.length() && glob.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private int inBracket() {
        if (at == glob.length()) {
            throw fault("Missing ']'", at - 1);
        }
        int c = next();
        if (c == '/') {
            throw fault("Explicit name separator in brackets", at - 1);
        }
        return c;
    }

    private static String member(int c) {
        String letter = Character.toString(c);
        return "\\[]^&-~|".indexOf(c) >= 0 ? "\\" + letter : letter;
    }

    private PatternSyntaxException fault(String what, int index) {
        return new PatternSyntaxException(what, glob, index);
    }
}
