package dev.jcompose.runtime;

import java.util.List;

/**
 * How our standard streams meet a container's.
 *
 * @param tty whether it has a terminal, which then is as large as ours; {@code stdin} whether our standard input is passed on
 * @param detachKeys bytes that, typed one after another at a terminal, end this and leave the container running
 */
public record AttachRequest(boolean tty, boolean stdin, List<Integer> detachKeys) {
    public AttachRequest {
        detachKeys = List.copyOf(detachKeys);
    }
}
