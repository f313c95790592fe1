package dev.velo.launcher;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** {@code velo completion}: what a shell needs to complete Velo's commands and options. */
@Command(
        name = "completion",
        sortOptions = false,
        description = "Prints a script by which a shell completes commands and options.",
        footer = {
            "bash: velo completion bash > ~/.local/share/bash-completion/completions/velo",
            "zsh:  velo completion zsh > ~/.velo-completion.zsh, and source that file in ~/.zshrc",
            "fish: velo completion fish > ~/.config/fish/completions/velo.fish"
        })
final class CompletionCommand implements Callable<Integer> {
    /** Who reads the script. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private Shell shell = Shell.BASH;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        CommandLine velo = Main.line(name -> true);
        switch (shell) {
            // one script does for both: it loads zsh's emulation of bash's completion by itself
            case BASH, ZSH -> Terminal.out().print(AutoComplete.bash("velo", velo));
            case FISH -> Terminal.out().print(fish(velo));
        }
        return 0;
    }

    private static String fish(CommandLine velo) {
        StringBuilder script = new StringBuilder("complete -c velo -f -n __fish_use_subcommand\n");
        for (Map.Entry<String, CommandLine> each : sorted(velo)) {
            line(script, "__fish_use_subcommand", "-a " + each.getKey(), about(each.getValue()));
            String seen = "__fish_seen_subcommand_from " + each.getKey();
            options(script, seen, each.getValue());
            for (Map.Entry<String, CommandLine> below : sorted(each.getValue())) {
                line(script, seen, "-f -a " + below.getKey(), about(below.getValue()));
                options(script, seen + "; and __fish_seen_subcommand_from " + below.getKey(), below.getValue());
            }
        }
        return script.toString();
    }

    private static Iterable<Map.Entry<String, CommandLine>> sorted(CommandLine line) {
        return new TreeMap<>(line.getSubcommands()).entrySet();
    }

    private static void options(StringBuilder script, String condition, CommandLine command) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.hidden()) {
                continue;
            }
            StringBuilder words = new StringBuilder();
            for (String name : option.names()) {
                words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            if (option.arity().max() > 0) {
                words.append(" -r");
            }
            String[] description = option.description();
            line(script, condition, words.toString().strip(), description.length == 0 ? "" : description[0]);
        }
    }

    private static String about(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    private static void line(StringBuilder script, String condition, String words, String description) {
        String sentence = description.replace("$$", "$").replaceAll("[.;:].*", "");
        script.append("complete -c velo -n '")
                .append(condition)
                .append("' ")
                .append(words)
                .append(" -d '")
                .append(sentence.replace("\\", "\\\\").replace("'", "\\'"))
                .append("'\n");
    }
}
