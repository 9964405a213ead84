package dev.jcompose.model;

/**
 * What one service needs of another before it starts.
 *
 * @param restart whether this service restarts when the other is restarted or recreated by a command
 * @param required whether a missing or failed dependency is an error, not a warning
 */
public record Dependency(Condition condition, boolean restart, boolean required) {
    /** The states a dependency may be asked to reach. */
    public enum Condition {
        STARTED("service_started"),
        HEALTHY("service_healthy"),
        COMPLETED("service_completed_successfully");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        /** As written in a Compose file. */
        public String text() {
            return text;
        }
    }
}
