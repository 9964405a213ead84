package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.Removed;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@code image prune}: removes images nobody needs. */
public final class ImagePruneCommand implements Command {
    private final Options options = new Options("Remove images without a name");
    private final Flag all = options.flag("Remove all images that no container uses", "-a", "--all");
    private final Flag force = options.flag("Do not ask", "-f", "--force");

    private final Supplier<Backend> backends;
    private final Console console;

    public ImagePruneCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (!force.isSet()) {
            new Confirmation(console)
                    .ask(
                            all.isSet()
                                    ? "This will remove all images without at least one container associated to them."
                                    : "This will remove all dangling images.",
                            "image prune");
        }
        Removed removed;
        try (var backend = backends.get()) {
            removed = backend.images().prune(all.isSet());
        }
        if (!removed.deleted().isEmpty()) {
            console.out().println("Deleted Images:");
            print(removed, console.out()::println);
            console.out().println();
        }
        console.out().println("Total reclaimed space: " + HumanSize.of(removed.bytes()));
        return 0;
    }

    static void print(Removed removed, Consumer<String> line) {
        removed.untagged().forEach(name -> line.accept("Untagged: " + name));
        removed.deleted().forEach(id -> line.accept("Deleted: " + id));
    }
}
