package dev.jcompose.runtime.linux.layer;

/** Whether this process is root only in a user namespace that the helper has made for an ordinary user. */
public final class UserNamespace {
    private static final boolean ENTERED = System.getenv("JCOMPOSE_ROOTLESS") != null;
    private static final boolean SINGLE_ID = System.getenv("JCOMPOSE_ROOTLESS_SINGLE_ID") != null;

    private UserNamespace() {}

    public static boolean isEntered() {
        return ENTERED;
    }

    /** Whether no other user and group than our own can own a file there. */
    public static boolean isSingleId() {
        return SINGLE_ID;
    }

    /** The extended attribute by which overlay marks directories that hide those below. */
    static String opaqueAttribute() {
        return ENTERED ? "user.overlay.opaque" : "trusted.overlay.opaque";
    }
}
