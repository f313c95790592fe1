package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    @Test
    void aNumberBefallsOneCallAndWithAPlusAllThatFollow() {
        Fault one = Fault.parse("fail:3:ENOSPC");
        assertThat(one.befalls(2)).isFalse();
        assertThat(one.befalls(3)).isTrue();
        assertThat(one.befalls(4)).isFalse();
        assertThat(one.errno()).isEqualTo(Errno.ENOSPC);
        Fault lasting = Fault.parse("short:3+");
        assertThat(lasting.befalls(2)).isFalse();
        assertThat(lasting.befalls(1_000)).isTrue();
        assertThat(Fault.parse("kill:0").befalls(0)).isFalse();
        assertThat(Fault.parse("kill-after:0+").befalls(1)).isFalse();
        assertThat(Fault.parse("cut-after:2").action()).isEqualTo(Fault.Action.CUT_AFTER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kill",
                "kill:",
                "kill:x",
                "kill:1:EIO",
                "fail:1",
                "fail:1:ENONE",
                "fail:1+:EINTR",
                "short:-1"
            })
    void anotherSpellingIsRefused(String spelled) {
        assertThatThrownBy(() -> Fault.parse(spelled)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyCallsThatCanEndSoAreCounted() {
        assertThat(FaultSite.of(Errno.EDQUOT).has(Syscall.PWRITEV, 0, 0)).isTrue();
        assertThat(FaultSite.of(Errno.ENOSPC).has(Syscall.UNLINKAT, 0, 0)).isFalse();
        assertThat(FaultSite.SPACE.has(Syscall.OPENAT, 0, FileCalls.O_RDWR)).isFalse();
        assertThat(FaultSite.SPACE.has(Syscall.OPENAT, 0, FileCalls.O_RDWR | FileCalls.O_TMPFILE))
                .isTrue();
        assertThat(FaultSite.CHANGES.has(Syscall.OPENAT, 0, FileCalls.O_WRONLY | FileCalls.O_CREAT))
                .isTrue();
        assertThat(FaultSite.CHANGES.has(Syscall.OPENAT, 0, FileCalls.O_DIRECTORY))
                .isFalse();
        assertThat(FaultSite.of(Errno.EINTR).has(Syscall.LINKAT, 0, 0)).isFalse();
    }

    @Test
    void whereFailuresOfTheMachineHappenedIsToldWhole() throws Exception {
        Path folder = Files.createTempDirectory("velo-place");
        byte[] path = folder.toString().getBytes(StandardCharsets.UTF_8);
        int directory = FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_DIRECTORY, 0);
        int nameless = FileCalls.openat(directory, new byte[] {'.'}, FileCalls.O_TMPFILE | FileCalls.O_RDWR, 0600);
        long name = CString.first(new byte[] {'a'});
        try {
            assertThat(FailedPlace.of(Syscall.PWRITE64, Errno.ENOSPC, 0, nameless, 0, 0))
                    .isEqualTo(folder.toString());
            assertThat(FailedPlace.of(Syscall.MKDIRAT, Errno.EIO, name, directory, 0, 0))
                    .isEqualTo(folder + "/a");
            assertThat(FailedPlace.of(Syscall.RENAMEAT2, Errno.EDQUOT, name, -1, 0, directory))
                    .isEqualTo(folder + "/a");
            assertThat(FailedPlace.of(Syscall.MKDIRAT, Errno.EEXIST, name, directory, 0, 0))
                    .isEqualTo("a");
        } finally {
            FileCalls.close(nameless);
            FileCalls.close(directory);
            Files.delete(folder);
        }
    }
}
