package dev.jcompose.runtime.oci;

import dev.jcompose.runtime.BackendException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of some content, written {@code sha256:<64 hex digits>}; the name of a blob, an image or a layer. */
public record Digest(String hex) implements Comparable<Digest> {
    private static final String PREFIX = "sha256:";
    private static final int LENGTH = 64;

    public Digest {
        if (!isHex(hex)) {
            throw new BackendException("\"" + hex + "\" is not a sha256 digest");
        }
    }

    /** Reads {@code sha256:<hex>}; other algorithms are refused. */
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new BackendException("\"" + text + "\" is not a sha256 digest");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /** Whether {@code hex} could stand in a digest. */
    public static boolean isHex(String hex) {
        return hex.length() == LENGTH && hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && digest.hex.equals(hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    public static Digest of(byte[] content) {
        return of(sha256(content));
    }

    public static Digest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of everything fed to {@code digest}, which starts anew. */
    public static Digest of(MessageDigest digest) {
        return new Digest(HexFormat.of().formatHex(digest.digest()));
    }

    /** A new SHA-256 to be fed. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest sha256(byte[] content) {
        var digest = sha256();
        digest.update(content);
        return digest;
    }

    /** The first 12 digits, as people read them. */
    public String brief() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
