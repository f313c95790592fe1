package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line of the launcher's that is killed in the middle, again and again. */
final class Victim {
    private static final Pattern COUNT = Pattern.compile("changing calls: ([0-9]+)");
    private static final int KILLED = 128 + 9;

    private final Workplace place;
    private final String[] arguments;
    private int killed;
    private int survived;

    Victim(Workplace place, String... arguments) {
        this.place = place;
        this.arguments = arguments;
    }

    /** How many calls change something when nobody disturbs. */
    int changingCalls() throws IOException, InterruptedException {
        Outcome outcome = place.velo(arguments).java("-Dvelo.fault=count").run().ended(0);
        Matcher count = COUNT.matcher(outcome.complaint());
        assertThat(count.find()).as("no count in <%s>", outcome.complaint()).isTrue();
        return Integer.parseInt(count.group(1));
    }

    /** Runs it until before this call; threads may have made fewer calls this time than when they were counted. */
    void killBefore(int call) throws IOException, InterruptedException {
        Outcome outcome =
                place.velo(arguments).java("-Dvelo.fault=kill:" + call).run();
        if (outcome.status() == KILLED) {
            killed++;
        } else {
            outcome.ended(0);
            survived++;
        }
    }

    /** Nearly every time it was really killed. */
    void requireKilled(List<Integer> moments) {
        assertThat(killed + survived).isEqualTo(moments.size());
        assertThat(survived).as("not killed, of %s", moments.size()).isLessThanOrEqualTo(moments.size() / 10);
        killed = 0;
        survived = 0;
    }
}
