package dev.velo.launcher;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the script does before its first start: which JDK it takes, and where its start-up archive goes. */
@Execution(ExecutionMode.CONCURRENT)
final class ScriptSetupIT {
    private static final String PREPARING = "velo: preparing fast starts, once\n";

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    private final Caller caller = Caller.all().getFirst();

    @Test
    void theJdkIsTheNamedOneThenTheUsualOneThenTheOneInThePath() throws Exception {
        ScriptFixture velo = installed();
        Path named = jdk("named", 30);
        Path usual = jdk("usual", 31);
        Path old = jdk("old", 21);
        Path inPath = jdk("path", 32);
        String path = inPath + "/bin:/usr/bin:/bin";

        chooses("named", plain(velo).with("VELO_JAVA_HOME", named.toString()).with("JAVA_HOME", usual.toString()));
        chooses("usual", plain(velo).with("JAVA_HOME", usual.toString()).with("PATH", path));
        chooses("path", plain(velo).with("JAVA_HOME", old.toString()).with("PATH", path));
        chooses("path", plain(velo).with("PATH", path));
    }

    @Test
    void ofTheInstalledJdksTheNewestIsTaken() throws Exception {
        ScriptFixture velo = installed();
        jdk(".jdks/younger", 98);
        jdk(".sdkman/candidates/java/youngest", 99);
        jdk(".jdks/old", 21);

        chooses("youngest", plain(velo).with("PATH", pathWithoutJava()));
        jdk("elsewhere/candidates/java/next", 100);
        chooses("next", plain(velo).with("PATH", pathWithoutJava()).with("SDKMAN_DIR", temporary + "/elsewhere"));
    }

    @Test
    void aNamedJdkThatIsNoneIsToldNotReplaced() throws Exception {
        ScriptFixture velo = installed();

        plain(velo).with("VELO_JAVA_HOME", "/nowhere").run().failed(125, "VELO_JAVA_HOME=/nowhere", "22");
        plain(velo).with("VELO_JAVA_HOME", jdk("old", 21).toString()).run().failed(125, "VELO_JAVA_HOME", "22");
    }

    @Test
    void withoutAnyJdkItSaysWhatToInstall() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can hide the system's JDKs");
        ScriptFixture velo = installed();
        String hiding = "mount -t tmpfs none /usr/lib/jvm && exec env PATH=\"$BARE\" \"$VELO\" --version";

        Launch.program(caller, temporary, "unshare", "-m", "sh", "-c", hiding)
                .with("VELO", velo.script().toString())
                .with("BARE", pathWithoutJava())
                .run()
                .failed(125, "no JDK of version 22 or later", "install", "VELO_JAVA_HOME");
    }

    @Test
    void theArchiveLiesBesideTheJarAndIsMadeOnceForEachJar() throws Exception {
        ScriptFixture velo = installed();

        Outcome first = velo.velo(caller, temporary, "--version").run().ended(0);
        Outcome second = velo.velo(caller, temporary, "--version").run().ended(0);
        Files.setLastModifiedTime(velo.jar(), FileTime.from(Instant.now().plusSeconds(1)));
        Outcome changed = velo.velo(caller, temporary, "--version").run().ended(0);

        assertThat(first.complaint()).isEqualTo(PREPARING);
        assertThat(second.complaint()).isEmpty();
        assertThat(changed.complaint()).isEqualTo(PREPARING);
        assertThat(ScriptFixture.archives(velo.target())).hasSize(1);
        assertThat(Workplace.names(velo.target())).hasSize(2);
    }

    @Test
    void toPrepareLeavesNothingWhereOneStands() throws Exception {
        ScriptFixture velo = installed();
        Path here = Files.createDirectory(temporary.resolve("here"));
        caller.own(here);

        Outcome first = velo.velo(caller, here, "--version").run().ended(0);

        assertThat(first.complaint()).isEqualTo(PREPARING);
        assertThat(Workplace.names(here)).isEmpty();
    }

    @Test
    void whereTheJarCannotBeWrittenToTheArchiveIsInTheUsersCache() throws Exception {
        assumeTrue(Caller.all().size() == 2, "needs root and a plain user");
        ScriptFixture velo = installed();
        Path home = Files.createDirectory(temporary.resolve("home"));
        Caller.USER.own(home);

        Outcome first = velo.velo(Caller.USER, home, "--version").run().ended(0);
        Outcome second = velo.velo(Caller.USER, home, "--version").run().ended(0);

        assertThat(first.complaint()).isEqualTo(PREPARING);
        assertThat(second.complaint()).isEmpty();
        assertThat(ScriptFixture.archives(home.resolve(".cache/velo"))).hasSize(1);
        assertThat(ScriptFixture.archives(velo.target())).isEmpty();
    }

    @Test
    void whereNothingCanBeWrittenItWorksWithout() throws Exception {
        assumeTrue(Caller.all().size() == 2, "needs root and a plain user");
        ScriptFixture velo = installed();

        Outcome outcome = velo.velo(Caller.USER, temporary, "--version").run().ended(0);

        assertThat(outcome.text()).startsWith("velo ");
        assertThat(outcome.complaint()).isEmpty();
    }

    @Test
    void aDamagedArchiveOnlyMakesTheStartSlow() throws Exception {
        ScriptFixture velo = ScriptFixture.installAndTrain(temporary.resolve("install"));
        Path archive =
                velo.target().resolve(ScriptFixture.archives(velo.target()).getFirst());
        byte[] whole = Files.readAllBytes(archive);

        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), "junk".getBytes(US_ASCII), new byte[0])) {
            Files.write(archive, damaged);
            assertThat(velo.velo(caller, temporary, "--version")
                            .run()
                            .succeeded()
                            .lines())
                    .hasSize(1);
        }
    }

    @Test
    void firstStartsAtOnceAllSucceed() throws Exception {
        ScriptFixture velo = installed();
        List<Launch.Started> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(velo.velo(caller, temporary, "--version").start());
        }
        for (Launch.Started start : starts) {
            assertThat(start.await().ended(0).text()).matches("velo [0-9.]+\n");
        }

        assertThat(Workplace.names(velo.target())).hasSize(2);
        assertThat(velo.velo(caller, temporary, "--version").run().succeeded().text())
                .startsWith("velo ");
    }

    private ScriptFixture installed() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        ScriptFixture velo = ScriptFixture.install(temporary.resolve("install"));
        assumeTrue(
                Launch.program(caller, temporary, "sh", "-c", "[ -x install/velo ]")
                                .run()
                                .status()
                        == 0,
                "programs cannot be run there");
        return velo;
    }

    /** The script without a JDK named. */
    private Launch plain(ScriptFixture velo) {
        return Launch.program(caller, temporary, velo.script().toString(), "--version");
    }

    private static void chooses(String name, Launch launch) throws Exception {
        assertThat(launch.run().ended(0).text()).isEqualTo("the JDK " + name + "\n");
    }

    /** What the script takes for a JDK; it tells its name only. */
    private Path jdk(String folder, int version) throws Exception {
        Path home = temporary.resolve(folder);
        Path java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        Files.writeString(java, "#!/bin/sh\necho the JDK " + home.getFileName() + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    /** A directory of what the script needs, and nothing else. */
    private String pathWithoutJava() throws Exception {
        Path bin = temporary.resolve("bin");
        if (!Files.exists(bin)) {
            Files.createDirectory(bin);
            for (String tool : List.of("sh", "readlink", "cksum", "mktemp", "mkdir", "mv", "rm", "env", "tail")) {
                Path made = Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return bin.toString();
    }
}
