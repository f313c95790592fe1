package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.Fuzz;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whatever the value of an attribute is, of which the meaning is known, its length stays in bounds. */
class AttributeValueFuzzTest {
    private static final byte[] ACCESS_LIST = {
        2, 0, 0, 0, 1, 0, 6, 0, -1, -1, -1, -1, 2, 0, 4, 0, -24, 3, 0, 0, 4, 0, 4, 0, -1, -1, -1, -1, 16, 0, 4, 0, -1,
        -1, -1, -1
    };
    private static final byte[] CAPABILITY = {1, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -24, 3, 0, 0};

    @Test
    void accessLists() throws IOException {
        Fuzz.of("acl").with(ACCESS_LIST).run(input -> {
            AccessList list = new AccessList(input);
            list.translate(IdMap.IDENTITY, IdMap.IDENTITY);
            assertThat(list.withOwnerPermissions(0755)).hasSameSizeAs(input);
        });
    }

    @Test
    void capabilities() throws IOException {
        Fuzz.of("capability").with(CAPABILITY).run(input -> {
            if (FileCapability.hasRoot(input)) {
                byte[] changed = FileCapability.withRoot(input, 7);
                assertThat(FileCapability.root(changed)).isEqualTo(7);
                assertThat(FileCapability.hasRoot(FileCapability.withoutRoot(changed)))
                        .isFalse();
            }
        });
    }
}
