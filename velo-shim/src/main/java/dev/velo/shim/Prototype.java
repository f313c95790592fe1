package dev.velo.shim;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function of libc as C declares it. */
record Prototype(String returns, String name, List<String> parameters) {
    private static final Pattern WHOLE = Pattern.compile("(\\w[\\w ]*?[ *]+)(\\w+)\\((.*)\\)");
    private static final Pattern PARAMETER_NAME = Pattern.compile("\\(\\*(\\w+)\\)\\(|(\\w+)(?:\\[\\w*\\])?$");

    Prototype {
        parameters = List.copyOf(parameters);
    }

    /** Reads {@code int stat(const char *path, struct stat *buf)}. */
    static Prototype parse(String text) {
        Matcher matcher = WHOLE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return new Prototype(matcher.group(1).strip(), matcher.group(2), parameters(matcher.group(3)));
    }

    private static List<String> parameters(String text) {
        List<String> parameters = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '(') {
                depth++;
            } else if (letter == ')') {
                depth--;
            } else if (letter == ',' && depth == 0) {
                parameters.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        parameters.add(text.substring(from).strip());
        return parameters;
    }

    /** The same function under another name. */
    Prototype named(String other) {
        return new Prototype(returns, other, parameters);
    }

    /** The names of the parameters, without dots. */
    List<String> names() {
        return parameters.stream()
                .filter(parameter -> !parameter.equals("..."))
                .map(Prototype::nameOf)
                .toList();
    }

    boolean isVariadic() {
        return parameters.getLast().equals("...");
    }

    private static String nameOf(String parameter) {
        Matcher matcher = PARAMETER_NAME.matcher(parameter);
        if (!matcher.find()) {
            throw new IllegalArgumentException(parameter);
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    /** What stands for a failure; errno tells which. */
    String failure() {
        return returns.endsWith("*") ? "NULL" : returns.equals("void") ? "" : "-1";
    }

    @Override
    public String toString() {
        return returns + (returns.endsWith("*") ? "" : " ") + name + "(" + String.join(", ", parameters) + ")";
    }
}
