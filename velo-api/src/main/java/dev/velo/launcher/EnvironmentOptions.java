package dev.velo.launcher;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.tree.PathBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The environment of a command in a sandbox. */
final class EnvironmentOptions {
    @Option(
            names = "--env",
            paramLabel = "NAME[=VALUE]",
            description = "Sets a variable of the command's environment, or keeps this one from --clear-env.")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--clear-env", description = "The command gets no variables but those of --env, and PWD.")
    private boolean clear;

    boolean isGiven() {
        return clear || !variables.isEmpty();
    }

    /** All of it, for a command that starts in this directory. */
    List<byte[]> variables(byte[] working) {
        List<byte[]> inherited = ProcessFacts.environment();
        List<byte[]> environment = new ArrayList<>(clear ? List.of() : inherited);
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            byte[] name = PathBytes.of((equals < 0 ? variable : variable.substring(0, equals)) + "=");
            environment.removeIf(other -> PathBytes.startsWith(other, name));
            if (equals >= 0) {
                environment.add(variable.getBytes(StandardCharsets.ISO_8859_1));
            } else {
                inherited.stream()
                        .filter(other -> PathBytes.startsWith(other, name))
                        .forEach(environment::add);
            }
        }
        return CommandProcess.environmentIn(working, environment);
    }
}
