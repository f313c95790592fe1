package dev.velo.launcher;

import java.util.List;

/** Collects, joins packs, verifies, or takes away what is idle, without end. */
final class CrowdCollector implements Crowd.Member {
    /** What two collections at a time come to; the only thing that may stand against one. */
    private static final String TAKEN = "is being collected, or packed, by another process; wait for its end";

    private final Crowd crowd;
    private final List<List<String>> commands;

    /** Carries these out, in turn. */
    CrowdCollector(Crowd crowd, List<List<String>> commands) {
        this.crowd = crowd;
        this.commands = commands;
    }

    @Override
    public void work() throws Exception {
        String who = String.join(" ", commands.getFirst());
        try (CrowdWorker worker = new CrowdWorker(crowd, who)) {
            for (int round = 0; crowd.goesOn(); round++) {
                List<String> words = commands.get(round % commands.size());
                FaultyProcess.Answer answer = worker.run(words.toArray(String[]::new));
                boolean isTaken = answer.status() == 1 && answer.complaint().contains(TAKEN);
                if (answer.status() != 0 && !isTaken) {
                    crowd.complain(
                            who,
                            String.join(" ", words) + " ended with " + answer.status() + ": " + answer.complaint());
                }
                crowd.collections().addAndGet(isTaken ? 0 : 1);
                Thread.sleep(isTaken ? 20 : 100);
            }
        }
    }
}
