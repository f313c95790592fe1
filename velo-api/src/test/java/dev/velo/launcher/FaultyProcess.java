package dev.velo.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running {@link FaultyLauncher}; closing it ends it. */
final class FaultyProcess implements AutoCloseable {
    private static final int SECONDS = 30;

    /**
     * How a command ended.
     *
     * @param complaint what it printed, on both streams
     * @param counted how many calls there were that the fault could befall
     * @param done how many it befell
     * @param descriptors how many are open afterwards
     * @param callers who made each call that was counted, if the fault befell none
     */
    record Answer(int status, String complaint, long counted, long done, long descriptors, List<String> callers) {}

    private final Process process;
    private final int seconds;
    private final BufferedReader answers;
    private final Writer requests;
    private final ExecutorService reader = Executors.newSingleThreadExecutor();

    private FaultyProcess(Process process, int seconds) {
        this.process = process;
        this.seconds = seconds;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** One that waits for faults. */
    static FaultyProcess start(Workplace place) throws IOException {
        return start(place, words("-Dvelo.fault=armed"), SECONDS);
    }

    /** One that records what it does. */
    static FaultyProcess recording(Workplace place, Path recording) throws IOException {
        return start(place, words("-Dvelo.record=" + recording), SECONDS);
    }

    /** One that whoever the place belongs to may start, with so much heap; a command may take so many seconds. */
    static FaultyProcess start(Workplace place, int heapMegabytes, int seconds) throws IOException {
        List<String> words = new ArrayList<>(place.caller().prefix());
        words.addAll(Installation.javaWords());
        words.addAll(List.of("-Xmx" + heapMegabytes + "m", "--enable-native-access=ALL-UNNAMED"));
        words.addAll(List.of("-Dvelo.fault=armed", "-cp", Installation.classPathWithTests()));
        words.add(FaultyLauncher.class.getName());
        return start(place, words, seconds);
    }

    private static FaultyProcess start(Workplace place, List<String> words, int seconds) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.directory(place.folder().toFile()).redirectErrorStream(true);
        builder.environment().put("VELO_STORE", place.store().toString());
        return new FaultyProcess(builder.start(), seconds);
    }

    long pid() {
        return process.pid();
    }

    /** The words that start one, with this option for the JVM. */
    static List<String> words(String option) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                FaultyLauncher.class.getName());
    }

    /** Carries out a command with this fault; one that does not end fails the test with what its threads were doing. */
    Answer run(String fault, List<String> words) throws Exception {
        requests.write(fault + "\t" + String.join("\t", words) + "\n");
        requests.flush();
        Future<Answer> answer = reader.submit(this::read);
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // the JVM prints its threads
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            Thread.sleep(1_000);
            process.destroyForcibly();
            throw new AssertionError("with " + fault + " hangs: " + words, e);
        } catch (ExecutionException e) {
            throw new AssertionError("with " + fault + ": " + words, e.getCause());
        }
    }

    private Answer read() throws IOException {
        StringBuilder said = new StringBuilder();
        List<String> callers = new ArrayList<>();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(FaultyLauncher.END)) {
                String[] numbers = line.substring(FaultyLauncher.END.length()).split(" ", -1);
                return new Answer(
                        Integer.parseInt(numbers[0]),
                        said.toString(),
                        Long.parseLong(numbers[1]),
                        Long.parseLong(numbers[2]),
                        Long.parseLong(numbers[3]),
                        callers);
            }
            if (line.startsWith(FaultyLauncher.CALLER)) {
                callers.add(line);
            } else {
                said.append(line).append('\n');
            }
        }
        throw new IOException("it ended, having said: " + said);
    }

    @Override
    public void close() throws IOException {
        reader.shutdownNow();
        process.getOutputStream().close();
        process.destroy();
    }
}
