package dev.jcompose.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMountTest {
    private static final Place PLACE = new Place("Dockerfile", 2);
    private static final Expansion EXPANSION =
            new Expansion(PLACE, '\\', name -> name.equals("V") ? Optional.of("value") : Optional.empty());

    private static RunMount parse(String text) {
        return RunMount.parse(PLACE, text, EXPANSION);
    }

    @Test
    void reads_options_under_all_their_names() {
        var bind = parse("dst=/x,src=\"a,b\",rw");
        assertThat(bind.type()).isEqualTo(RunMount.Type.BIND);
        assertThat(bind.target()).isEqualTo("/x");
        assertThat(bind.source()).isEqualTo("a,b");
        assertThat(bind.readOnly()).isFalse();
        assertThat(parse("target=/x,ro").readOnly()).isTrue();
        var cache = parse("type=cache,target=/$V,sharing=locked,mode=0700,uid=5,ro");
        assertThat(cache.target()).isEqualTo("/value");
        assertThat(cache.sharing()).isEqualTo(RunMount.Sharing.LOCKED);
        assertThat(cache.mode()).hasValue(0700);
        assertThat(cache.uid()).isEqualTo(5);
        assertThat(cache.readOnly()).isTrue();
        assertThat(parse("type=tmpfs,target=/t,size=64m").size()).hasValue(64 << 20);
        assertThat(parse("type=secret,id=s,required").required()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "type=disk,target=/x | --mount: type=disk is not valid: expected bind, cache, secret, ssh, tmpfs",
                "type=cache | --mount=type=cache needs a target",
                "type=secret | --mount=type=secret needs an id or a target",
                "type=tmpfs,target=/x,id=y | --mount=type=tmpfs has no option id (known: size, target)",
                "type=cache,target=/x,sharing=all | --mount: sharing=all is not valid: expected shared, private, locked",
            })
    void says_what_is_wrong(String text, String message) {
        assertThatThrownBy(() -> parse(text)).hasMessage("Dockerfile:2: " + message);
    }
}
