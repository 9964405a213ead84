package dev.jcompose.cli;

import dev.jcompose.cli.output.Console;
import java.util.List;

/** Where the process begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        var interruption = Interruption.ofThisThread();
        try {
            var console = Console.ofProcess();
            int code = new Application(console, new OutsideWorld(console.environment())).run(List.of(arguments));
            console.flush();
            interruption.finish();
            end(code);
        } finally {
            interruption.finish(); // an Error ends the process too, also one that a signal led to
        }
    }

    /** Ends the JVM at once, since {@code System.exit} first sets up logging; a training run needs the orderly end. */
    private static void end(int code) {
        if (code == ExitCodes.TRAINED) {
            System.exit(ExitCodes.DONE);
        }
        Runtime.getRuntime().halt(code);
    }
}
