package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.TestData;
import dev.velo.ffm.Architecture;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.SpawnStatus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs run under the filter as ever. */
@Timeout(120)
class SeccompProgramsTest {
    private static final int SIGSYS = 31;

    @TempDir
    Path directory;

    @Test
    void threadsAndProcessesAreMade() throws Exception {
        assertThat(run(true, compiled("children", "-pthread"))).isEqualTo(new SpawnStatus(0, 0));
    }

    @Test
    void aCallOfA32BitProgramEndsIt() throws Exception {
        assumeTrue(Architecture.current() == Architecture.X86_64, "there is no such call elsewhere");
        String program = compiled("int80");
        assumeTrue(run(false, program).equals(new SpawnStatus(0, 0)), "the kernel has no 32-bit calls");
        SpawnStatus status = run(true, program);
        assertThat(status.signal()).isEqualTo(SIGSYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bash -c 'x=$(echo a | cat) && (sleep 0.01 &) && cat <(echo $x)'",
                "python3 -c 'import subprocess, threading, socket, tempfile, asyncio; t = threading.Thread(target=print);"
                        + " t.start(); t.join(); subprocess.run([\"true\"], check=True); socket.socket().close();"
                        + " asyncio.run(asyncio.sleep(0))'",
                "node -e 'require(\"fs\").promises.readFile(\"/etc/passwd\").then(() =>"
                        + " require(\"child_process\").execSync(\"true\"));new (require(\"worker_threads\").Worker)(\"\", {eval: true})'",
                "git --version",
                "gcc --version",
                "perl -e 'system(\"true\") == 0 or die'",
            })
    void programsRun(String script) throws Exception {
        String tool = script.substring(0, script.indexOf(' '));
        assumeTrue(CompiledProgram.has(tool), tool + " is not installed");
        Confined.Outcome outcome = new Confined(directory, true).run(List.of("bash", "-c", script));
        assertThat(outcome.status()).as(outcome.output()).isEqualTo(new SpawnStatus(0, 0));
    }

    @Test
    void aJvmRuns() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Confined.Outcome outcome = new Confined(directory, true).run(List.of(java, "-Xmx64m", "-version"));
        assertThat(outcome.status()).as(outcome.output()).isEqualTo(new SpawnStatus(0, 0));
        assertThat(outcome.output()).contains(System.getProperty("java.version"));
    }

    /** The promise not to gain privileges is all that a filter needs. */
    @Test
    void aProcessWithoutCapabilitiesMayHaveOne() throws Exception {
        assumeTrue(IdentityCalls.geteuid() == 0, "who has no capabilities shows it with every test");
        PlanBuilder plan = new PlanBuilder();
        plan.dropCapabilities(Capabilities.last());
        Confined.Outcome outcome = new Confined(directory, true)
                .run(plan, List.of("grep", "-E", "^(CapBnd|CapEff|NoNewPrivs|Seccomp):", "/proc/self/status"));
        assertThat(outcome.output()).isEqualTo("""
                CapEff:\t0000000000000000
                CapBnd:\t0000000000000000
                NoNewPrivs:\t1
                Seccomp:\t2
                """);
    }

    private SpawnStatus run(boolean filtered, String program) throws Exception {
        return new Confined(directory, filtered).run(List.of(program)).status();
    }

    private String compiled(String name, String... options) throws Exception {
        String program = directory.resolve(name).toString();
        String source = TestData.path("velo-core/src/test/c/" + name + ".c").toString();
        CompiledProgram.compile(options.length == 0 ? "-O1" : options[0], "-o", program, source);
        return program;
    }
}
