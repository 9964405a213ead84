package dev.jcompose.runtime.linux.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final byte[] PAYLOAD = {0, 1, 2, 0, (byte) 255};

    @Test
    void a_frame_is_a_little_endian_length_and_terminated_strings() {
        assertThat(Frames.encode(List.of(Frame.of("env", "A=ä"))))
                .containsExactly(9, 0, 0, 0, 'e', 'n', 'v', 0, 'A', '=', 0xc3, 0xa4, 0);
    }

    @Test
    void what_was_encoded_is_read_back() throws IOException {
        byte[] bytes = Frames.encode(List.of(
                Frame.of("mount", "bind", "/a", "/b", "", ""),
                Frame.withBytes(PAYLOAD, "file", "/etc/x", "644", "0", "0"),
                Frame.of("tty", "1")));

        var decoded = Frames.decode(bytes);
        assertThat(decoded.get(0).fields()).containsExactly("bind", "/a", "/b", "", "");
        assertThat(decoded.get(1).text(2)).isEqualTo("644");
        assertThat(decoded.get(1).bytes(5)).containsExactly(PAYLOAD);
        assertThat(decoded.get(2).number(1)).isEqualTo(1);

        var stream = new ByteArrayInputStream(bytes);
        assertThat(Frames.read(stream)).get().hasToString("mount bind /a /b \"\" \"\"");
        assertThat(Frames.read(stream)).isPresent();
        assertThat(Frames.read(stream)).isPresent();
        assertThat(Frames.read(stream)).isEmpty();
    }

    @Test
    void decoding_stops_where_the_bytes_are_cut_off() {
        byte[] bytes = Frames.encode(List.of(Frame.of("a", "1"), Frame.of("b", "2")));
        assertThat(Frames.decode(Arrays.copyOf(bytes, bytes.length - 1))).hasSize(1);
        assertThatThrownBy(() -> {
                    var in = new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length - 1));
                    Frames.read(in);
                    Frames.read(in);
                })
                .isInstanceOf(EOFException.class);
    }

    @Test
    void a_field_that_is_missing_is_empty() {
        var frame = Frame.of("error", "1");
        assertThat(frame.text(4)).isEmpty();
        assertThat(frame.number(4)).isZero();
        assertThat(frame.bytes(5)).isEmpty();
    }

    @Test
    void a_text_cannot_smuggle_in_another_field() {
        assertThatThrownBy(() -> Frame.of("env", "A=\0B")).hasMessageContaining("NUL");
    }

    @Test
    void a_frame_is_never_longer_than_the_reader_takes() {
        assertThatThrownBy(() -> Frames.encode(List.of(Frame.of("env", "x".repeat(Frame.MAXIMUM)))))
                .hasMessageContaining("\"env\"");
    }
}
