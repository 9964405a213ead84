package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.Command;
import dev.jcompose.runtime.build.DockerfileParser;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.oci.ImageConfig;
import java.util.List;

/** Changes an image's settings by instructions of a Dockerfile, outside of a build: variables are not replaced in them. */
public final class Amendments {
    private Amendments() {}

    /** The settings with the changes; an instruction that would add files is refused. */
    public static ImageConfig apply(ImageConfig config, List<String> changes) {
        var settings = new Settings(config);
        var stage = DockerfileParser.parse("FROM scratch\n" + String.join("\n", changes) + "\n", "--change")
                .stages()
                .getFirst();
        stage.instructions().forEach(instruction -> apply(instruction, settings));
        return settings.toConfig();
    }

    private static void apply(Instruction instruction, Settings settings) {
        switch (instruction) {
            case Instruction.Env env -> settings.env().putAll(env.values());
            case Instruction.Label label -> settings.labels().putAll(label.values());
            case Instruction.Cmd cmd -> settings.setCmd(arguments(cmd.command(), settings));
            case Instruction.Entrypoint entrypoint -> settings.setEntrypoint(arguments(entrypoint.command(), settings));
            case Instruction.Workdir workdir -> settings.setWorkingDir(workdir.path());
            case Instruction.User user -> settings.setUser(user.user());
            case Instruction.Expose expose ->
                expose.ports().forEach(port -> settings.ports().add(port.contains("/") ? port : port + "/tcp"));
            case Instruction.Volume volume -> settings.volumes().addAll(volume.paths());
            case Instruction.StopSignal stop -> settings.setStopSignal(stop.signal());
            default ->
                throw new BackendException(instruction.name() + " is no change that --change can make;"
                        + " it knows CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR");
        }
    }

    private static List<String> arguments(Command command, Settings settings) {
        return command.arguments(settings.shell());
    }
}
