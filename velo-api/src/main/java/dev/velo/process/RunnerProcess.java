package dev.velo.process;

import dev.velo.core.present.Handover;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.LaunchPlan;
import dev.velo.core.present.Presented;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The runner as a child of this JVM: it carries out a plan, whose command is its own child, and ends as that does. A thread awaits it,
 * as the JDK has one for each of its processes.
 */
public final class RunnerProcess extends Process {
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int FIRST_AFTER_STREAMS = 3;
    private static final int LOW_NUMBERS = 2;
    private static final int ERRORS = 0;
    private static final int RUNNING = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final long STACK_BYTES = 1 << 18;

    private final SpawnedProcess spawned;
    private final ChildInput input;
    private final ChildOutput output;
    private final ChildOutput error;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    private RunnerProcess(SpawnedProcess spawned, ChildInput input, ChildOutput output, ChildOutput error) {
        this.spawned = spawned;
        this.input = input;
        this.output = output;
        this.error = error;
    }

    /**
     * Starts a command with this tree shown to it, and returns when it runs; the tree need not be held here any longer then.
     *
     * @throws IOException if it cannot be started; nothing is left of it
     */
    public static Process start(Presented tree, LaunchOptions options, Streams streams) throws IOException {
        LowDescriptors low = new LowDescriptors(LOW_NUMBERS, tree.inherited());
        boolean merged = streams.merging() == Streams.Merging.MERGED;
        try (ChildStream in = ChildStream.open(ChildStream.Standard.INPUT, streams.input(), low);
                ChildStream out = ChildStream.open(ChildStream.Standard.OUTPUT, streams.output(), low);
                ChildStream err = merged ? null : ChildStream.open(ChildStream.Standard.ERROR, streams.error(), low);
                StartReport report = StartReport.open(low);
                Descriptor program = low.above(Runner.openProgram())) {
            PlanBuilder start = new PlanBuilder();
            start.what("cannot start the runner");
            start.dup3(PlanArgument.of(in.fd()), 0, 0);
            start.dup3(PlanArgument.of(out.fd()), 1, 0);
            start.dup3(PlanArgument.of(report.messages()), 2, 0);
            // of this JVM's other descriptors it inherits nothing
            start.closeRange(FIRST_AFTER_STREAMS, -1, CLOSE_RANGE_CLOEXEC).ignoringErrors();
            start.dup3(PlanArgument.of(report.running()), low.number(RUNNING), 0);
            if (err != null) {
                start.dup3(PlanArgument.of(err.fd()), low.number(ERRORS), 0);
            }
            Handover handover = new Handover(err == null ? 1 : low.number(ERRORS), low.number(RUNNING));
            Plan plan = LaunchPlan.ofTree(tree, options, handover);
            try (Descriptor planFile = low.above(Runner.openPlan(plan))) {
                // other children, started meanwhile, have no use for it
                FileCalls.fcntl(planFile.fd(), F_SETFD, FD_CLOEXEC);
                execute(start, program, planFile, tree);
                String command = PathBytes.show(options.command().getFirst());
                return start(start.build(), report, tree, command, in.writing(), out.reading(), reading(err));
            }
        }
    }

    private static ChildOutput reading(@Nullable ChildStream stream) throws IOException {
        return stream == null ? ChildOutput.none() : stream.reading();
    }

    private static Process start(
            Plan start,
            StartReport report,
            Presented tree,
            String command,
            ChildInput input,
            ChildOutput output,
            ChildOutput error)
            throws IOException {
        try {
            SpawnedProcess spawned = ProcessCalls.spawn(start);
            tree.handedOver();
            String failure;
            try {
                failure = report.await();
                if (failure.isEmpty()) {
                    RunnerProcess process = new RunnerProcess(spawned, input, output, error);
                    process.await();
                    return process;
                }
            } catch (IOException | RuntimeException e) {
                spawned.signal(ProcessCalls.SIGTERM);
                failure = String.valueOf(e.getMessage());
            }
            try (spawned) {
                throw StartReport.failure(spawned.waitFor(), failure, command);
            }
        } catch (IOException e) {
            input.close();
            output.close();
            error.close();
            throw e;
        }
    }

    /** The runner inherits its plan, and what holds the tree. */
    private static void execute(PlanBuilder start, Descriptor program, Descriptor planFile, Presented tree) {
        start.setCloseOnExec(PlanArgument.of(planFile.fd()), false);
        for (int held : tree.inherited()) {
            start.setCloseOnExec(PlanArgument.of(held), false);
        }
        start.restoreMask();
        start.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        List<byte[]> words = List.of(PathBytes.of("velo"), PathBytes.of(Integer.toString(planFile.fd())));
        start.execveat(PlanArgument.of(program.fd()), words, List.of());
    }

    private void await() {
        Thread.ofPlatform()
                .daemon()
                .name("velo-wait-" + spawned.pid())
                .stackSize(STACK_BYTES)
                .start(() -> {
                    try (spawned) {
                        status.complete(spawned.waitFor().shellStatus());
                        input.ended();
                        output.ended();
                        error.ended();
                    } catch (IOException | RuntimeException e) {
                        status.completeExceptionally(e); // no effect where the status is known
                    }
                });
    }

    @Override
    public OutputStream getOutputStream() {
        return input;
    }

    @Override
    public InputStream getInputStream() {
        return output;
    }

    @Override
    public InputStream getErrorStream() {
        return error;
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return status.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("process " + pid() + " cannot be awaited", e.getCause());
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            status.get(timeout, unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("process " + pid() + " cannot be awaited", e.getCause());
        }
    }

    @Override
    public int exitValue() {
        if (isAlive()) {
            throw new IllegalThreadStateException("process " + pid() + " has not ended");
        }
        return status.join();
    }

    @Override
    public boolean isAlive() {
        return !status.isDone();
    }

    @Override
    public long pid() {
        return spawned.pid();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return status.handle((code, failure) -> this);
    }

    @Override
    public ProcessHandle toHandle() {
        return ProcessHandle.of(pid()).orElseThrow(() -> new IllegalStateException("process " + pid() + " has ended"));
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    /** Asks the command to end; the runner forwards it. */
    @Override
    public void destroy() {
        signal(ProcessCalls.SIGTERM);
    }

    /** Ends the command; the runner then cleans up and ends as well. A runner that has no command yet is ended itself. */
    @Override
    public Process destroyForcibly() {
        List<ProcessHandle> commands = isAlive()
                ? ProcessHandle.of(pid()).stream()
                        .flatMap(ProcessHandle::children)
                        .toList()
                : List.of();
        commands.forEach(ProcessHandle::destroyForcibly);
        if (commands.isEmpty()) {
            signal(ProcessCalls.SIGKILL);
        }
        return this;
    }

    private void signal(int number) {
        if (!isAlive()) {
            return;
        }
        try {
            spawned.signal(number);
        } catch (ErrnoException | IllegalStateException e) {
            // it has ended meanwhile, which is what was asked for
        }
    }

    @Override
    public String toString() {
        return "RunnerProcess " + pid() + (isAlive() ? "" : ", ended with " + status.join());
    }
}
