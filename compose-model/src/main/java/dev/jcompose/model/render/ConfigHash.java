package dev.jcompose.model.render;

import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Shape;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Digests of what makes a container, network or volume: the same on every machine for the same canonical mapping. The text
 * that is digested is the compact JSON Docker Compose digests, so that both tools recognise each other's containers.
 */
public final class ConfigHash {
    private static final List<String> NOT_THE_CONTAINER =
            List.of("build", "pull_policy", "scale", "depends_on", "profiles");

    private ConfigHash() {}

    /** Of a normalised service. */
    public static String ofService(Mapping service) {
        var relevant = service;
        for (var key : NOT_THE_CONTAINER) {
            relevant = relevant.without(key);
        }
        var trimmed = relevant.change(
                "deploy", deploy -> deploy instanceof Mapping mapping ? mapping.without("replicas") : deploy);
        return sha256(compact(ComposeFile.service().finish(trimmed, Shape.Format.JSON)));
    }

    /** Of a network or volume. */
    public static String ofResource(Mapping resource) {
        return sha256(compact(resource));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String compact(YamlNode node) {
        var out = new StringBuilder();
        append(out, node);
        return out.toString();
    }

    private static void append(StringBuilder out, YamlNode node) {
        if (node instanceof Mapping mapping) {
            mapping(out, mapping);
        } else if (node instanceof Sequence sequence) {
            sequence(out, sequence);
        } else if (node instanceof Scalar scalar) {
            scalar(out, scalar);
        }
    }

    private static void mapping(StringBuilder out, Mapping mapping) {
        char separator = '{';
        for (var entry : mapping.entries().entrySet()) {
            out.append(separator);
            text(out, entry.getKey());
            append(out.append(':'), entry.getValue().value());
            separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private static void sequence(StringBuilder out, Sequence sequence) {
        char separator = '[';
        for (var item : sequence.items()) {
            append(out.append(separator), item);
            separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private static void scalar(StringBuilder out, Scalar scalar) {
        switch (scalar.kind()) {
            case TEXT -> text(out, scalar.text());
            case WHOLE, DECIMAL, FLAG -> out.append(scalar.text());
            case NULL -> out.append("null");
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> escaped(out, c);
                default -> {
                    if (c < 0x20) {
                        escaped(out, c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escaped(StringBuilder out, char c) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
}
