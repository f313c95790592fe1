package dev.velo.process;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.ResourceUse;
import dev.velo.ffm.SpawnedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child of this JVM. A thread awaits it, as the JDK has one for each of its processes. */
public abstract class ChildProcess extends Process {
    private static final long STACK_BYTES = 1 << 18;

    /** Threads that wait again for a while, since making one takes longer than many a command. */
    private static final Executor AWAITING = Executors.newCachedThreadPool(Thread.ofPlatform()
            .daemon()
            .name("velo-waiting")
            .stackSize(STACK_BYTES)
            .factory());

    private final SpawnedProcess spawned;
    private final ChildPipes pipes;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** A child whose command runs; to be awaited. */
    protected ChildProcess(SpawnedProcess spawned, ChildPipes pipes) {
        this.spawned = spawned;
        this.pipes = pipes;
    }

    /** Begins to await it, once, when all else of it is made. */
    public final void await() {
        AWAITING.execute(() -> {
            Thread thread = Thread.currentThread();
            String idle = thread.getName();
            thread.setName("velo-wait-" + spawned.pid());
            try (spawned) {
                int code = spawned.waitFor().shellStatus();
                ended(spawned.use());
                status.complete(code);
                pipes.ended();
            } catch (IOException | RuntimeException e) {
                status.completeExceptionally(e); // no effect where the status is known
            } finally {
                forgotten();
                thread.setName(idle);
            }
        });
    }

    /** It has ended, and nobody knows yet. */
    protected void ended(ResourceUse use) throws IOException {}

    /** Everybody knows that it has ended: what is left to do nobody waits for. */
    protected void forgotten() {}

    @Override
    public OutputStream getOutputStream() {
        return pipes.input();
    }

    @Override
    public InputStream getInputStream() {
        return pipes.output();
    }

    @Override
    public InputStream getErrorStream() {
        return pipes.error();
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return status.get();
        } catch (ExecutionException e) {
            throw unknown(e);
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
            throw unknown(e);
        }
    }

    private IllegalStateException unknown(ExecutionException e) {
        return new IllegalStateException("process " + pid() + " cannot be awaited", e.getCause());
    }

    @Override
    public int exitValue() {
        requireEnd();
        return status.join();
    }

    /** Throws what {@link Process#exitValue} does of a process that runs. */
    protected final void requireEnd() {
        if (isAlive()) {
            throw new IllegalThreadStateException("process " + pid() + " has not ended");
        }
    }

    @Override
    public boolean isAlive() {
        return !status.isDone();
    }

    @Override
    public long pid() {
        return spawned.pid();
    }

    /** A copy of the descriptor that stands for it, the caller's to close; none once it has ended. */
    protected final OptionalInt copyPidfd() throws ErrnoException {
        return spawned.copyPidfd();
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

    /** Asks the command to end; whoever stands between forwards it. */
    @Override
    public void destroy() {
        signal(ProcessCalls.SIGTERM);
    }

    /** Ends the process itself. */
    @Override
    public Process destroyForcibly() {
        signal(ProcessCalls.SIGKILL);
        return this;
    }

    /** Ends the children of the process, which then cleans up and ends as well. One that has none yet is ended itself. */
    protected final void destroyChildren() {
        List<ProcessHandle> children = isAlive()
                ? ProcessHandle.of(pid()).stream()
                        .flatMap(ProcessHandle::children)
                        .toList()
                : List.of();
        children.forEach(ProcessHandle::destroyForcibly);
        if (children.isEmpty()) {
            signal(ProcessCalls.SIGKILL);
        }
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
        return "process " + pid() + (isAlive() ? "" : ", ended with " + status.join());
    }
}
