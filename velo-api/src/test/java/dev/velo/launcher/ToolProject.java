package dev.velo.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A project whose tools are small scripts: {@code npm} makes a package of each line {@code NAME TEXT} of {@code package-lock.json}, notes
 * its arguments in {@code calls}, and fails where a line says {@code broken}.
 * A package {@code workspace} has another one in {@code packages/a/node_modules}.
 * Where {@code hold} is it waits, after it has written its process to {@code holding}; {@code more} it adds to what it makes.
 *
 * <pre>
 * folder/
 * ├── bin/           npm, node
 * ├── calls
 * ├── store/
 * └── project/
 *     ├── package.json
 *     └── package-lock.json
 * </pre>
 */
record ToolProject(Workplace place) {
    private static final String NPM = """
            #!/bin/sh
            test "$1" = --version && { cat "${0%/*}/version"; exit; }
            echo "npm $*" >> "${0%/*}/../calls"
            echo "npm works on $PWD"
            test ! -e "${0%/*}/../hold" || { echo $$ > "${0%/*}/../holding"; while test -e "${0%/*}/../hold"; do sleep 0.05; done; }
            if grep -q broken package-lock.json; then echo "npm error: cannot find the package"; exit 3; fi
            if grep -q lying package-lock.json; then echo "other 1" > package-lock.json; fi
            if grep -q indented package-lock.json; then sed -i 's/^/  /' package-lock.json; fi
            mkdir -p node_modules
            if test "$1" = ci; then rm -rf node_modules/* node_modules/.[!.]*; fi
            for there in node_modules/*; do
                grep -q "^${there#node_modules/} " package-lock.json || rm -rf "$there"
            done
            while read -r name text; do
                test "$text" != "$(cat "node_modules/$name/index.js" 2>/dev/null)" || continue
                rm -rf "node_modules/$name"
                mkdir -p "node_modules/$name"
                echo "$text" > "node_modules/$name/index.js"
            done < package-lock.json
            if grep -q workspace package-lock.json; then
                mkdir -p packages/a/node_modules/own packages/b/node_modules
                test -e packages/a/node_modules/own/index.js || echo own > packages/a/node_modules/own/index.js
            fi
            if grep -q noise package-lock.json; then head -c 15000000 /dev/urandom > node_modules/noise/data; fi
            if test -e "${0%/*}/../more"; then cp "${0%/*}/../more" node_modules/left/added; fi
            echo "what the tool leaves in the project" > leftover
            """;

    static final String LOCK = """
            left 1.0.0
            pad 1.3.0
            right 2.0.0
            some 4.0.0
            more 5.0.0
            names 6.0.0
            """;

    static ToolProject make(Caller caller, Path folder) throws IOException, InterruptedException {
        Workplace place = Workplace.make(caller, folder);
        ToolProject made = new ToolProject(place);
        place.directory("bin");
        made.program("bin/npm", NPM);
        made.program("bin/node", "#!/bin/sh\necho v1\n");
        place.file("bin/version", "11.0.0\n");
        place.file("calls", "");
        place.directory("project");
        place.file("project/package.json", "{}\n");
        made.lock(LOCK);
        made.velo("init", "-q").run().succeeded();
        return made;
    }

    private void program(String name, String text) throws IOException {
        Files.setPosixFilePermissions(place.file(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Writes the lockfile. */
    ToolProject lock(String text) throws IOException {
        place.file("project/package-lock.json", text);
        return this;
    }

    Path folder() {
        return place.folder().resolve("project");
    }

    Path modules() {
        return folder().resolve("node_modules");
    }

    /** The launcher, started in the project. */
    Launch velo(String... words) {
        return with(place.velo(words)).in(folder());
    }

    Launch with(Launch launch) {
        String path = place.folder().resolve("bin") + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        return launch.with("PATH", path);
    }

    /** A script that sees the project's trees. */
    Launch run(String script) {
        return velo("run", "-q", "--", "sh", "-c", script);
    }

    /** A script in the project, without Velo. */
    Launch shell(String script) {
        return Launch.program(place.caller(), folder(), "sh", "-c", script);
    }

    /** Lets the tool wait when it has begun, until {@link #release}. */
    void hold() throws IOException {
        place.file("hold", "");
    }

    void release() throws IOException {
        Files.delete(place.folder().resolve("hold"));
        Files.deleteIfExists(place.folder().resolve("holding"));
    }

    /** The process of the tool, which waits. */
    ProcessHandle held(Launch.Started started) throws IOException, InterruptedException {
        Path holding = place.folder().resolve("holding");
        while (!Files.exists(holding) || Files.readString(holding).isBlank()) {
            if (!started.process().isAlive()) {
                throw new AssertionError("ended: " + Files.readString(started.errors()));
            }
            Thread.sleep(10);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(holding).strip()))
                .orElseThrow();
    }

    /** What the tool was started with, one line for each time. */
    List<String> calls() throws IOException {
        return Files.readAllLines(place.folder().resolve("calls"), StandardCharsets.UTF_8);
    }
}
