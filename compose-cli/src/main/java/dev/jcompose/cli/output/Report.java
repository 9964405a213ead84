package dev.jcompose.cli.output;

import dev.jcompose.cli.output.LogPrinter.Style;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.runtime.Backend.WaitListener;
import dev.jcompose.runtime.execute.StepEvent;
import java.util.function.Consumer;

/** How commands tell what they do: progress and warnings on standard error, plans and logs on standard output. */
public final class Report {
    private final Console console;
    private final Look look;

    /** How progress looks, and where colours may be used. */
    public record Look(ProgressMode progress, boolean colouredOutput, boolean colouredProgress) {}

    public Report(Console console, Look look) {
        this.console = console;
        this.look = look;
    }

    /** Starts to show progress under a title such as {@code up}; it ends with {@link Progress#close}. */
    public Progress progress(String title) {
        return switch (look.progress()) {
            case TTY ->
                new TtyProgress(console.err(), title, look.colouredProgress(), new TerminalSize(), System::nanoTime);
            case AUTO, PLAIN -> new PlainProgress(console.err());
            case JSON -> new JsonProgress(console.err());
            case QUIET -> quiet();
        };
    }

    /** Progress that shows nothing but what the user must be told. */
    public Progress quiet() {
        return new QuietProgress(console.err());
    }

    /** Where the executor's events go. */
    public Consumer<StepEvent> steps(Progress progress) {
        return new StepProgress(progress);
    }

    /** Tells what will not keep the command from going on. */
    public void warn(String text) {
        tell((look.colouredProgress() ? Colour.YELLOW.paint("warning:") : "warning:") + " " + text);
    }

    /** Tells the user something at once. */
    public void tell(String text) {
        console.out().flush();
        console.err().println(text);
        console.err().flush();
    }

    /** Tells who has to finish first. */
    public WaitListener waiting(String project) {
        return owner -> tell("waiting for " + owner + ", which is changing project \"" + project + "\"");
    }

    /** Shows a plan that will not be carried out. */
    public void plan(Plan plan) {
        if (plan.steps().isEmpty()) {
            console.out().println("nothing to do");
        }
        plan.steps().forEach(step -> console.out().println(line(step)));
        console.out().flush();
    }

    /** Prints container output; {@code plain} leaves colours out where they would be used. */
    public LogPrinter logs(boolean plain, boolean prefixed, boolean timestamps) {
        return new LogPrinter(console, new Style(look.colouredOutput() && !plain, prefixed, timestamps));
    }

    public void print(String line) {
        console.out().println(line);
    }

    private static String line(Step step) {
        var text = StepText.of(step.action());
        return "DRY-RUN MODE -  " + text.subject() + "  " + text.working() + " (" + step.reason() + ")";
    }
}
