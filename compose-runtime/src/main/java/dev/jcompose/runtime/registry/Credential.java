package dev.jcompose.runtime.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What proves who somebody is to a registry. */
sealed interface Credential {
    record Password(String user, String password) implements Credential {
        /** As an {@code Authorization} header has it. */
        String basic() {
            return "Basic " + encoded();
        }

        String encoded() {
            return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Password[" + user + "]";
        }
    }

    /** A long-lived token that is changed for short-lived ones. */
    record IdentityToken(String token) implements Credential {
        @Override
        public String toString() {
            return "IdentityToken[]";
        }
    }
}
