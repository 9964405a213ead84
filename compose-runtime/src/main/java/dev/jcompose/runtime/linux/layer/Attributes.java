package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The extended attributes of a file that a layer keeps: those that a container can give it, and file capabilities. */
final class Attributes {
    private Attributes() {}

    static Map<String, String> of(Path file, Syscalls sys) throws IOException {
        var names = sys.xattrs(file.toString());
        if (names.isEmpty()) {
            return Map.of();
        }
        var found = new HashMap<String, String>();
        for (var name : names) {
            if (isKept(name)) {
                put(name, sys.xattr(file.toString(), name), found);
            }
        }
        return found;
    }

    private static boolean isKept(String name) {
        return name.equals("security.capability") || (name.startsWith("user.") && !name.startsWith("user.overlay."));
    }

    /** An archive's extended headers are text: a value that is none cannot be in a layer. */
    private static void put(String name, byte[] value, Map<String, String> found) {
        try {
            found.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException e) {
            // left out, as engines do with attributes they cannot store
        }
    }
}
