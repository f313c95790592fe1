package dev.velo.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A setting is read whole. */
class KernelSettingTest {
    @Test
    void aSettingHasAllItsDigits() throws Exception {
        for (String name : new String[] {"user.max_user_namespaces", "kernel.pid_max", "kernel.cap_last_cap"}) {
            Process cat = new ProcessBuilder("cat", "/proc/sys/" + name.replace('.', '/')).start();
            String expected = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            assertThat(KernelSetting.value(name)).isEqualTo(expected).isNotEmpty();
        }
    }

    @Test
    void aSettingThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> KernelSetting.value("kernel.no_such_setting")).isInstanceOf(IOException.class);
    }
}
