package dev.velo.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What the members of a crowd share: a store, its trees, when they stop, and what went wrong. */
record Crowd(
        Workplace place,
        LivingTrees trees,
        long endNanos,
        Queue<String> complaints,
        AtomicInteger ingests,
        AtomicInteger runs,
        AtomicInteger collections) {
    /** A command waits for others on few processors; one that takes longer hangs. */
    static final int SECONDS = 240;

    /** More would only repeat what these say. */
    private static final int MAX_COMPLAINTS = 20;

    static Crowd of(Workplace place, int seconds) {
        return new Crowd(
                place,
                new LivingTrees(),
                System.nanoTime() + seconds * 1_000_000_000L,
                new ConcurrentLinkedQueue<>(),
                new AtomicInteger(),
                new AtomicInteger(),
                new AtomicInteger());
    }

    boolean goesOn() {
        return System.nanoTime() - endNanos < 0 && complaints.size() < MAX_COMPLAINTS;
    }

    void complain(String who, String what) {
        complaints.add(who + ": " + what);
    }

    List<String> found() {
        return List.copyOf(complaints);
    }

    /** What a member does until the crowd stops; what it throws is a complaint. */
    @FunctionalInterface
    interface Member {
        void work() throws Exception;
    }

    Runnable member(String who, Member member) {
        return () -> {
            try {
                member.work();
            } catch (Exception | AssertionError e) {
                StringWriter text = new StringWriter();
                e.printStackTrace(new PrintWriter(text));
                complain(who, text.toString());
            }
        };
    }
}
