package dev.velo.shim;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code wrappers.c}: the wrappers that need no thought of their own, printed from {@link Interposed}. */
final class WrapperSource {
    private static final String MADE =
            "/* Printed by dev.velo.shim.WrapperSource from the list in dev.velo.shim.Interposed. Do not edit. */\n";

    private final StringBuilder text = new StringBuilder(MADE);

    private WrapperSource() {}

    /** The whole file. */
    static String text(List<Interposed> functions, List<String> called) {
        WrapperSource source = new WrapperSource();
        source.line("#include \"answers.h\"");
        source.line("#include \"wrap.h\"");
        source.line("");
        source.line("#include <sys/fanotify.h>");
        source.line("#include <sys/inotify.h>");
        source.line("#include <unistd.h>");
        for (Interposed function : functions) {
            source.wrap(function);
        }
        source.names(Stream.concat(functions.stream().map(Interposed::name), called.stream())
                .toList());
        return source.text.toString();
    }

    private void wrap(Interposed function) {
        switch (function.serving()) {
            case Serving.AtPath at -> atPath(function, at.flags(), at.answer());
            case Serving.OnDescriptor on -> onDescriptor(function.prototype(), on.answer());
            case Serving.TwinOf twin -> line("TWIN(" + function.name() + ", " + twin.name() + ");");
            case Serving.ByHand hand -> {}
        }
    }

    private void begin(Prototype prototype) {
        line("");
        line("WRAP(%s, %s, %s)"
                .formatted(prototype.returns(), prototype.name(), String.join(", ", prototype.parameters())));
        line("{");
    }

    private void atPath(Interposed function, String flags, String answer) {
        Prototype prototype = function.prototype();
        String returns = prototype.returns();
        boolean from = prototype.names().contains("dirfd");
        begin(prototype);
        line("\tstruct velo_place place;");
        if (prototype.isVariadic()) {
            line("\tmode_t mode = VELO_MODE(flags);");
        }
        line("");
        line("\tif (!velo_locate(&place, %s, path, %s)) {".formatted(from ? "dirfd" : "AT_FDCWD", flags));
        line("\t\t__typeof__(&velo_wrap_%1$s) behind = BEHIND(%1$s);".formatted(prototype.name()));
        line("\t\tint before = errno;");
        line("\t\t%s result;".formatted(returns));
        line("");
        line("\t\tif (!behind)");
        line("\t\t\treturn velo_lacks();");
        line("\t\tdo");
        line("\t\t\tresult = behind(%s);".formatted(handedOn(prototype)));
        line("\t\twhile (result == -1 && velo_redirected(&place, before));");
        if (function.access() == Access.OPEN) {
            line("\t\tvelo_fd_set(result, VELO_NO_SLOT);");
        }
        line("\t\tif (place.kind != VELO_VIEW)");
        line("\t\t\treturn result;");
        line("\t}");
        line("\treturn (%s)velo_result(%s);".formatted(returns, answer));
        line("}");
    }

    private static String handedOn(Prototype prototype) {
        String arguments = prototype.names().stream()
                .map(name -> name.equals("path") || name.equals("dirfd") ? "place." + name : name)
                .collect(Collectors.joining(", "));
        return prototype.isVariadic() ? arguments + ", mode" : arguments;
    }

    private void onDescriptor(Prototype prototype, String answer) {
        begin(prototype);
        line("\t__typeof__(&velo_wrap_%s) behind;".formatted(prototype.name()));
        line("\tvelo_slot slot = velo_fd(fd);");
        line("");
        line("\tif (slot != VELO_NO_SLOT)");
        line("\t\treturn (%s)velo_result(%s);".formatted(prototype.returns(), answer));
        line("\tbehind = BEHIND(%s);".formatted(prototype.name()));
        line("\treturn behind ? behind(%s) : velo_lacks();".formatted(String.join(", ", prototype.names())));
        line("}");
    }

    private void names(List<String> names) {
        line("");
        line("const char velo_next_names[] =");
        names.forEach(name -> line("\t\"" + name + "\\0\"" + (name.equals(names.getLast()) ? ";" : "")));
        line("");
        line("const uint16_t velo_next_starts[VELO_NEXT_COUNT] = {");
        int start = 0;
        for (String name : names) {
            line("\t" + start + ",");
            start += name.length() + 1;
        }
        line("};");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
