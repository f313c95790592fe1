package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    private static final Digest A = digest("a");
    private static final Digest B = digest("b");
    private static final Digest PACK = digest("pack");

    @Test
    void isReadAsItWasWritten() throws Exception {
        for (Profile profile : Set.of(Profile.NONE, new Profile(null, Set.of(A)), new Profile(PACK, Set.of(A, B)))) {
            assertThat(Profile.decode("p", profile.encode())).isEqualTo(profile);
        }
    }

    @Test
    void aPackIsForgottenWhenItLacksSomething() {
        Profile packed = new Profile(PACK, Set.of(A));
        assertThat(packed.with(Set.of(A))).isEqualTo(packed);
        assertThat(packed.with(Set.of(B))).isEqualTo(new Profile(null, Set.of(A, B)));
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
                "velo-profile 1\npack -\n\n"
            })
    void whatIsNoProfileIsRefused(String text) {
        assertThatThrownBy(() -> Profile.decode("p", text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        e -> assertThat(e.reason()).isIn(Reason.BAD_MAGIC, Reason.TRUNCATED, Reason.INCONSISTENT));
    }

    private static Digest digest(String text) {
        return Digest.of(Hashing.sha256().digest(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
