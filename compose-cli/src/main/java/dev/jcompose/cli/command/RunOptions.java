package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of a service one {@code run} can change. */
final class RunOptions {
    private final Values environment;
    private final Values environmentFiles;
    private final Values labels;
    private final Values capAdd;
    private final Values capDrop;
    private final Values publish;
    private final Values volumes;
    private final Value entrypoint;
    private final Value user;
    private final Value workingDir;
    private final Flag servicePorts;

    RunOptions(Options options) {
        environment = options.values("KEY=VALUE", "Set a variable", "-e", "--env");
        environmentFiles = options.values("FILE", "Set the variables of a file", "--env-from-file");
        labels = options.values("KEY=VALUE", "Add a label", "-l", "--label");
        capAdd = options.values("CAPABILITY", "Add a capability", "--cap-add");
        capDrop = options.values("CAPABILITY", "Drop a capability", "--cap-drop");
        publish = options.values("PORT", "Publish a port", "-p", "--publish");
        volumes = options.values("VOLUME", "Mount a volume or a directory", "-v", "--volume");
        entrypoint = options.value("COMMAND", "Another entrypoint, without the command of the image", "--entrypoint");
        user = options.value("USER", "Run as this user", "-u", "--user");
        workingDir = options.value("DIR", "Run in this directory", "-w", "--workdir");
        servicePorts = options.flag("Publish the ports of the service", "-P", "--service-ports");
    }

    /** The service with what the user asked for put over it. */
    RunService service(
            ProjectSelection projects, Project project, Service declared, List<String> command, Terminal terminal) {
        volumes.all().forEach(volume -> checkVolume(volume, project));
        var asked = projects.read(project, attributes());
        return new RunService(declared, asked, command, servicePorts.isSet(), terminal.tty(), terminal.stdin());
    }

    /** Whether there is a terminal, and whether there is input. */
    record Terminal(boolean tty, boolean stdin) {}

    private Map<String, Object> attributes() {
        var attributes = new LinkedHashMap<String, Object>();
        put(attributes, "environment", environment.all());
        put(attributes, "env_file", environmentFiles.all());
        put(attributes, "labels", labels.all());
        put(attributes, "cap_add", capAdd.all());
        put(attributes, "cap_drop", capDrop.all());
        put(attributes, "ports", publish.all());
        put(attributes, "volumes", volumes.all());
        put(attributes, "entrypoint", entrypoint.get());
        put(attributes, "user", user.get());
        put(attributes, "working_dir", workingDir.get());
        return attributes;
    }

    private static void put(Map<String, Object> attributes, String key, List<String> values) {
        if (!values.isEmpty()) {
            attributes.put(key, values);
        }
    }

    private static void put(Map<String, Object> attributes, String key, Optional<String> value) {
        value.ifPresent(text -> attributes.put(key, text));
    }

    private static void checkVolume(String volume, Project project) {
        int colon = volume.indexOf(':');
        var source = volume.substring(0, Math.max(0, colon));
        boolean named = !source.isEmpty() && "/.~".indexOf(source.charAt(0)) < 0;
        if (named && !project.volumes().containsKey(source)) {
            throw new ComposeException("no such volume: " + source
                    + "; declare it at the top level of the project, or give a path such as ./" + source);
        }
    }
}
