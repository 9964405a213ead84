package dev.jcompose.runtime.linux.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeChangeTest {
    private static final Place PLACE = new Place("Dockerfile", 3);

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "755 | 644 | 755",
                "4711 | 644 | 4711",
                "u=rwX,go=rX | 640 | 644",
                "u=rwX,go=rX | 750 | 755",
                "go-w | 666 | 644",
                "+x | 644 | 755",
                "a=r | 777 | 444",
                "g=u | 640 | 660",
                "u+s,o+t | 755 | 5755",
            })
    void changes_modes(String text, String before, String after) {
        int changed = ModeChange.parse(PLACE, text).apply(Integer.parseInt(before, 8), false);
        assertThat(Integer.toOctalString(changed)).isEqualTo(after);
    }

    @Test
    void says_what_is_no_mode() {
        assertThatThrownBy(() -> ModeChange.parse(PLACE, "rw"))
                .isInstanceOf(BuildException.class)
                .hasMessage("Dockerfile:3: --chmod=rw is not a mode like 755 or u=rwX,go=rX");
    }
}
