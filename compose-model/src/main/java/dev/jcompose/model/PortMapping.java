package dev.jcompose.model;

import java.util.Optional;

/**
 * One published port.
 *
 * @param hostIp the numeric host address; empty for all
 * @param published a port or a range {@code a-b} on the host; empty for any free one
 * @param target the port inside the container
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record PortMapping(
        Optional<String> hostIp, Optional<String> published, int target, String protocol, Optional<String> mode) {}
