package dev.velo.core.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.velo.ffm.ProcessCalls;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What an ordinary user may do to files, seen by root: a thread whose file system user is another, and those that it starts, have no
 * capabilities over files. For root only.
 */
final class Unprivileged {
    private static final int NOBODY = 65534;
    private static final int PR_SET_DUMPABLE = 4;

    private Unprivileged() {}

    /** A store that belongs to the ordinary user. */
    static TestStore store() throws Exception {
        return run(TestStore::create);
    }

    /** Runs a job as the ordinary user and hands on what it returns or throws. */
    static <T> T run(Callable<T> job) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            become("setfsgid");
            become("setfsuid");
            // the kernel makes a process that changes its user undumpable, and its /proc entries root's
            ProcessCalls.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
            return job.call();
        });
        Thread thread = new Thread(task, "unprivileged");
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    @SuppressWarnings("restricted")
    private static void become(String function) {
        Linker linker = Linker.nativeLinker();
        MethodHandle call = linker.downcallHandle(
                linker.defaultLookup().find(function).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int before = (int) call.invokeExact(NOBODY);
            // asked again it tells who this thread is now
            assertEquals(NOBODY, (int) call.invokeExact(NOBODY), () -> function + " from " + before);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
