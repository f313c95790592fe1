package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrapperSourceTest {
    @Test
    void aPathIsLocatedAnsweredOrHandedOn() {
        List<Interposed> functions = new Rows()
                .atPath(
                        Access.ASK,
                        "int fstatat(int dirfd, const char *path, struct stat *buf, int flags)",
                        "velo_at(flags)",
                        "velo_stat_at(&place, flags, buf)",
                        "stats:fstatat")
                .twin("fstatat64", "stats:fstatat64")
                .list();
        assertThat(WrapperSource.text(functions, List.of())).contains("""
                WRAP(int, fstatat, int dirfd, const char *path, struct stat *buf, int flags)
                {
                \tstruct velo_place place;

                \tif (!velo_locate(&place, dirfd, path, velo_at(flags))) {
                \t\t__typeof__(&velo_wrap_fstatat) behind = BEHIND(fstatat);
                \t\tint before = errno;
                \t\tint result;

                \t\tif (!behind)
                \t\t\treturn velo_lacks();
                \t\tdo
                \t\t\tresult = behind(place.dirfd, place.path, buf, flags);
                \t\twhile (result == -1 && velo_redirected(&place, before));
                \t\tif (place.kind != VELO_VIEW)
                \t\t\treturn result;
                \t}
                \treturn (int)velo_result(velo_stat_at(&place, flags, buf));
                }
                TWIN(fstatat64, fstatat);
                """);
    }

    @Test
    void whatOpensTakesItsModeAndForgetsWhatTheDescriptorWas() {
        List<Interposed> functions = new Rows()
                .atPath(Access.OPEN, "int open(const char *path, int flags, ...)", "FLAGS", "ANSWER", "opening:open")
                .list();
        assertThat(WrapperSource.text(functions, List.of()))
                .contains("\tmode_t mode = VELO_MODE(flags);\n")
                .contains("behind(place.path, flags, mode)")
                .contains("\t\tvelo_fd_set(result, VELO_NO_SLOT);\n");
    }

    @Test
    void aDescriptorIsLookedUp() {
        List<Interposed> functions = new Rows()
                .onDescriptor(
                        Access.ASK, "int fstat(int fd, struct stat *buf)", "velo_stat_slot(slot, buf)", "stats:fstat")
                .list();
        assertThat(WrapperSource.text(functions, List.of())).contains("""
                \tvelo_slot slot = velo_fd(fd);

                \tif (slot != VELO_NO_SLOT)
                \t\treturn (int)velo_result(velo_stat_slot(slot, buf));
                \tbehind = BEHIND(fstat);
                \treturn behind ? behind(fd, buf) : velo_lacks();
                """);
    }

    @Test
    void namesStandOneAfterTheOther() {
        List<Interposed> functions = new Rows()
                .byHand(Access.HOLD, "int close(int fd)", "descriptors.c", "descriptors:close")
                .list();
        assertThat(WrapperSource.text(functions, List.of("fileno")))
                .contains("\t\"close\\0\"\n\t\"fileno\\0\";\n")
                .contains("= {\n\t0,\n\t6,\n};\n");
    }

    @Test
    void prototypesAreRead() {
        Prototype prototype =
                Prototype.parse("char *f(int (*order)(const void *, int), const struct timeval times[2], ...)");
        assertThat(prototype.returns()).isEqualTo("char *");
        assertThat(prototype.name()).isEqualTo("f");
        assertThat(prototype.names()).containsExactly("order", "times");
        assertThat(prototype.isVariadic()).isTrue();
        assertThat(prototype.failure()).isEqualTo("NULL");
        assertThat(prototype)
                .hasToString("char *f(int (*order)(const void *, int), const struct timeval times[2], ...)");
        assertThatThrownBy(() -> Prototype.parse("nothing")).isInstanceOf(IllegalArgumentException.class);
    }
}
