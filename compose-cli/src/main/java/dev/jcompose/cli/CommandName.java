package dev.jcompose.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every command there is, in the order of {@code --help}: known without loading any of their classes. */
enum CommandName {
    ATTACH("attach", "Attach standard streams to a running container"),
    BUILD("build", "Build or rebuild services"),
    COMMIT("commit", "Make an image of a container"),
    CONFIG("config", "Check, resolve and print the project in canonical form"),
    CP("cp", "Copy files between containers and this machine"),
    CREATE("create", "Create containers without starting them"),
    DOWN("down", "Stop and remove containers and networks"),
    EVENTS("events", "Show what happens to containers"),
    EXEC("exec", "Run a command in a running container"),
    EXPORT("export", "Write a container's file system as a tar"),
    IMAGE_FROM_HOST("image from-host", "Make an image of programs of this machine"),
    IMAGE_HISTORY("image history", "Show the steps an image was made in"),
    IMAGE_IMPORT("image import", "Make an image of a root file system tar"),
    IMAGE_INSPECT("image inspect", "Show everything known of images"),
    IMAGE_LOAD("image load", "Load images from a docker save or OCI archive"),
    IMAGE_LS("image ls", "List the images of this machine"),
    IMAGE_PRUNE("image prune", "Remove images nobody needs"),
    IMAGE_PULL("image pull", "Fetch images from registries"),
    IMAGE_PUSH("image push", "Give images to registries"),
    IMAGE_RM("image rm", "Remove images"),
    IMAGE_SAVE("image save", "Write images to an archive"),
    IMAGE_TAG("image tag", "Give an image one more name"),
    IMAGES("images", "List the images the project's containers use"),
    INSPECT("inspect", "Show what is known of containers, as JSON"),
    KILL("kill", "Send a signal to containers, SIGKILL by default"),
    LOGIN("login", "Log in to a registry"),
    LOGOUT("logout", "Log out from a registry"),
    LOGS("logs", "Show the output of containers"),
    LS("ls", "List the projects of this machine"),
    PAUSE("pause", "Freeze the processes of containers"),
    PORT("port", "Show where a container's port is published"),
    PS("ps", "List containers"),
    PULL("pull", "Fetch the images of services"),
    PUSH("push", "Give the images of services to their registries"),
    RESTART("restart", "Restart containers"),
    RM("rm", "Remove stopped containers"),
    RUN("run", "Run a command in a container of its own"),
    SCALE("scale", "Change how many containers services have"),
    START("start", "Start existing containers"),
    STATS("stats", "Show what containers use"),
    STOP("stop", "Stop containers"),
    SYSTEM_BOOT("system boot", "Bring containers back after a reboot"),
    SYSTEM_CHECK("system check", "Check what this machine offers"),
    SYSTEM_DF("system df", "Show what images, containers and volumes take on disk"),
    SYSTEM_PRUNE("system prune", "Remove what nobody needs"),
    TOP("top", "Show the processes of containers"),
    UNPAUSE("unpause", "Let paused containers go on"),
    UP("up", "Create and start containers"),
    VERSION("version", "Show the version"),
    VOLUMES("volumes", "List the volumes of the project"),
    WAIT("wait", "Wait until the containers of services have ended");

    private final String words;
    private final String description;

    CommandName(String words, String description) {
        this.words = words;
        this.description = description;
    }

    /** As typed. */
    String words() {
        return words;
    }

    String description() {
        return description;
    }

    /** The command the arguments begin with. */
    static Optional<CommandName> of(List<String> arguments) {
        return Arrays.stream(values()).filter(name -> name.matches(arguments)).findFirst();
    }

    /** Whether it does what no plan describes, so that it cannot be shown without being done. */
    boolean actsWithoutPlan() {
        return switch (this) {
            case ATTACH, EXEC, EXPORT, WAIT, LOGIN, LOGOUT, SYSTEM_PRUNE -> true;
            case IMAGE_FROM_HOST, IMAGE_IMPORT, IMAGE_LOAD, IMAGE_PRUNE, IMAGE_PULL, IMAGE_PUSH, IMAGE_RM, IMAGE_TAG ->
                true;
            default -> false;
        };
    }

    /** How many of the arguments name the command. */
    int length() {
        return words.indexOf(' ') < 0 ? 1 : 2;
    }

    /** What could be typed first. */
    static List<String> firstWords() {
        return Arrays.stream(values()).map(CommandName::firstWord).distinct().toList();
    }

    private String firstWord() {
        return length() == 1 ? words : words.substring(0, words.indexOf(' '));
    }

    private boolean matches(List<String> arguments) {
        return arguments.size() >= length() && words.equals(String.join(" ", arguments.subList(0, length())));
    }
}
