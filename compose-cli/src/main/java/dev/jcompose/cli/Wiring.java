package dev.jcompose.cli;

import dev.jcompose.cli.command.AttachCommand;
import dev.jcompose.cli.command.BuildCommand;
import dev.jcompose.cli.command.Command;
import dev.jcompose.cli.command.CommitCommand;
import dev.jcompose.cli.command.ConfigCommand;
import dev.jcompose.cli.command.CpCommand;
import dev.jcompose.cli.command.CreateCommand;
import dev.jcompose.cli.command.DownCommand;
import dev.jcompose.cli.command.EventsCommand;
import dev.jcompose.cli.command.ExecCommand;
import dev.jcompose.cli.command.ExportCommand;
import dev.jcompose.cli.command.ImageFromHostCommand;
import dev.jcompose.cli.command.ImageHistoryCommand;
import dev.jcompose.cli.command.ImageImportCommand;
import dev.jcompose.cli.command.ImageInspectCommand;
import dev.jcompose.cli.command.ImageListCommand;
import dev.jcompose.cli.command.ImageLoadCommand;
import dev.jcompose.cli.command.ImagePruneCommand;
import dev.jcompose.cli.command.ImageRemoveCommand;
import dev.jcompose.cli.command.ImageSaveCommand;
import dev.jcompose.cli.command.ImageTagCommand;
import dev.jcompose.cli.command.ImageTransferCommand;
import dev.jcompose.cli.command.ImagesCommand;
import dev.jcompose.cli.command.InspectCommand;
import dev.jcompose.cli.command.KillCommand;
import dev.jcompose.cli.command.LoginCommand;
import dev.jcompose.cli.command.LogoutCommand;
import dev.jcompose.cli.command.LogsCommand;
import dev.jcompose.cli.command.LsCommand;
import dev.jcompose.cli.command.PauseCommand;
import dev.jcompose.cli.command.PlanRunner;
import dev.jcompose.cli.command.PortCommand;
import dev.jcompose.cli.command.ProjectWork;
import dev.jcompose.cli.command.PsCommand;
import dev.jcompose.cli.command.PullCommand;
import dev.jcompose.cli.command.PushCommand;
import dev.jcompose.cli.command.RestartCommand;
import dev.jcompose.cli.command.RmCommand;
import dev.jcompose.cli.command.RunCommand;
import dev.jcompose.cli.command.ScaleCommand;
import dev.jcompose.cli.command.StartCommand;
import dev.jcompose.cli.command.StatsCommand;
import dev.jcompose.cli.command.StopCommand;
import dev.jcompose.cli.command.SystemBootCommand;
import dev.jcompose.cli.command.SystemCheckCommand;
import dev.jcompose.cli.command.SystemDfCommand;
import dev.jcompose.cli.command.SystemPruneCommand;
import dev.jcompose.cli.command.TopCommand;
import dev.jcompose.cli.command.UnpauseCommand;
import dev.jcompose.cli.command.UpCommand;
import dev.jcompose.cli.command.VersionCommand;
import dev.jcompose.cli.command.VolumesCommand;
import dev.jcompose.cli.command.WaitCommand;
import dev.jcompose.cli.option.GlobalOptions;
import dev.jcompose.cli.option.OutputOptions;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.Report;
import dev.jcompose.model.load.ComposeProjectLoader;
import dev.jcompose.planner.reconcile.DefaultPlanner;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.registry.Registries;
import java.time.Clock;
import java.util.function.Supplier;

/** Makes every object of the application; each command gets exactly what its constructor asks for. */
final class Wiring {
    private final Console console;
    private final GlobalOptions global;
    private final Outside outside;

    Wiring(Console console, GlobalOptions global, Outside outside) {
        this.console = console;
        this.global = global;
        this.outside = outside;
    }

    Command command(CommandName name) {
        Supplier<Backend> backends = () -> outside.backend(name.words());
        return switch (name) {
            case ATTACH -> new AttachCommand(projects(), backends, console);
            case BUILD -> new BuildCommand(work(backends));
            case COMMIT -> new CommitCommand(work(backends));
            case CONFIG -> new ConfigCommand(global, console, new ComposeProjectLoader(), this::registries);
            case CP -> new CpCommand(work(backends), console);
            case CREATE -> new CreateCommand(work(backends));
            case DOWN -> new DownCommand(work(backends));
            case EVENTS -> new EventsCommand(projects(), backends, console);
            case EXEC -> new ExecCommand(projects(), backends, console);
            case EXPORT -> new ExportCommand(work(backends), console);
            case IMAGE_FROM_HOST -> new ImageFromHostCommand(backends, console);
            case IMAGE_HISTORY -> new ImageHistoryCommand(backends, report(), Clock.systemUTC());
            case IMAGE_IMPORT -> new ImageImportCommand(backends, console);
            case IMAGE_INSPECT -> new ImageInspectCommand(backends, report());
            case IMAGE_LOAD -> new ImageLoadCommand(backends, console);
            case IMAGE_LS -> new ImageListCommand(backends, report(), Clock.systemUTC());
            case IMAGE_PRUNE -> new ImagePruneCommand(backends, console);
            case IMAGE_PULL -> ImageTransferCommand.pull(backends, report());
            case IMAGE_PUSH -> ImageTransferCommand.push(backends, report());
            case IMAGE_RM -> new ImageRemoveCommand(backends, report());
            case IMAGE_SAVE -> new ImageSaveCommand(backends, console);
            case IMAGE_TAG -> new ImageTagCommand(backends);
            case IMAGES -> new ImagesCommand(projects(), backends, report());
            case INSPECT -> new InspectCommand(projects(), backends, console);
            case KILL -> new KillCommand(work(backends));
            case LOGIN -> new LoginCommand(this::registries, console);
            case LOGOUT -> new LogoutCommand(this::registries, console);
            case LOGS -> new LogsCommand(projects(), backends, report());
            case LS -> new LsCommand(backends, console);
            case PAUSE -> new PauseCommand(work(backends));
            case PORT -> new PortCommand(projects(), backends, report());
            case PS -> new PsCommand(projects(), backends, console, new ContainerText(Clock.systemUTC()));
            case PULL -> new PullCommand(work(backends));
            case PUSH -> new PushCommand(work(backends));
            case RESTART -> new RestartCommand(work(backends));
            case RM -> new RmCommand(work(backends), console);
            case RUN -> new RunCommand(work(backends), console);
            case SCALE -> new ScaleCommand(work(backends));
            case START -> new StartCommand(work(backends));
            case STATS -> new StatsCommand(projects(), backends, console);
            case STOP -> new StopCommand(work(backends));
            case SYSTEM_BOOT -> new SystemBootCommand(work(backends));
            case SYSTEM_CHECK -> new SystemCheckCommand(console);
            case SYSTEM_DF -> new SystemDfCommand(backends, report());
            case SYSTEM_PRUNE -> new SystemPruneCommand(backends, console, report());
            case TOP -> new TopCommand(projects(), backends, report());
            case UNPAUSE -> new UnpauseCommand(work(backends));
            case UP -> new UpCommand(work(backends));
            case VERSION -> new VersionCommand(console, Version.TEXT);
            case VOLUMES -> new VolumesCommand(projects(), backends, console);
            case WAIT -> new WaitCommand(work(backends));
        };
    }

    private ProjectWork work(Supplier<Backend> backends) {
        var report = report();
        int parallel = global.parallel().orElseGet(this::parallelOfEnvironment);
        var runner = new PlanRunner(report, global::dryRun, parallel);
        return new ProjectWork(projects(), new DefaultPlanner(), backends, runner, report, console.environment());
    }

    private Registries registries() {
        return Registries.from(console.environment());
    }

    private int parallelOfEnvironment() {
        var limit = console.variable("COMPOSE_PARALLEL_LIMIT");
        return limit.matches("-?\\d{1,6}") ? Integer.parseInt(limit) : -1;
    }

    private ProjectSelection projects() {
        return new ProjectSelection(global, console, outside.loader());
    }

    private Report report() {
        return new Report(console, OutputOptions.look(global, console));
    }
}
