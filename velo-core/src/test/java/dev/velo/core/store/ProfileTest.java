package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    private static final Digest A = digest("a");
    private static final Digest B = digest("b");
    private static final String HEX = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static final Profile.Layout LAYOUT = new Profile.Layout(
            digest("pack"), List.of(new Profile.Stretch(512, 1024), new Profile.Stretch(4096, 5000)));

    @Test
    void isReadAsItWasWritten() throws Exception {
        for (Profile profile : List.of(
                Profile.NONE,
                new Profile(null, Map.of(A, parts(0))),
                new Profile(LAYOUT, Map.of(A, parts(0, 1, 7), B, parts(3))))) {
            assertThat(Profile.decode("p", profile.encode())).isEqualTo(profile);
            assertThat(Profile.decodeLayout("p", profile.encode())).isEqualTo(profile.layout());
        }
    }

    @Test
    void aLayoutIsForgottenWhenItLacksSomething() {
        Profile laid = new Profile(LAYOUT, Map.of(A, parts(0, 2)));
        assertThat(laid.with(Map.of(A, parts(2)))).isEqualTo(laid);
        assertThat(laid.with(Map.of(A, parts(1)))).isEqualTo(new Profile(null, Map.of(A, parts(0, 1, 2))));
        assertThat(laid.with(Map.of(B, parts(0)))).isEqualTo(new Profile(null, Map.of(A, parts(0, 2), B, parts(0))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "velo-profile 2\npack -\n",
                "velo-profile 1\n",
                "velo-profile 1\npack -",
                "velo-profile 1\n-\n",
                "velo-profile 1\npack 00\n",
                "velo-profile 1\npack -\nxyz\n",
                "velo-profile 1\npack 0-5\n",
                "velo-profile 1\npack -\n" + HEX + " 5\n",
                "velo-profile 1\npack -\n" + HEX + " 5-4\n",
                "velo-profile 1\npack -\n" + HEX + " 0-9999999999\n",
                "velo-profile 1\npack " + HEX + " -5-4\n",
                "velo-profile 1\npack -\n\n"
            })
    void whatIsNoProfileIsRefused(String text) {
        assertThatThrownBy(() -> Profile.decode("p", text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        e -> assertThat(e.reason()).isIn(Reason.BAD_MAGIC, Reason.TRUNCATED, Reason.INCONSISTENT));
    }

    private static BitSet parts(int... numbers) {
        BitSet parts = new BitSet();
        for (int number : numbers) {
            parts.set(number);
        }
        return parts;
    }

    private static Digest digest(String text) {
        return Digest.of(Hashing.sha256().digest(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
