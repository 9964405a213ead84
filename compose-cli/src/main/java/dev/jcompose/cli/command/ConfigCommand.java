package dev.jcompose.cli.command;

import dev.jcompose.cli.option.GlobalOptions;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.Project;
import dev.jcompose.model.load.ComposeProjectLoader;
import dev.jcompose.model.load.LoadOptions;
import dev.jcompose.model.load.LoadRequest;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.problem.Problem;
import dev.jcompose.model.render.ProjectDocument;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.registry.Registries;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code config}: the project as jcompose understands it. */
public final class ConfigCommand implements Command {
    /** What the launcher adds to the user's environment. */
    private static final String LAUNCHER_JAVA = "JCOMPOSE_JAVA_HOME";

    private final Options options = new Options("Check, resolve and print the project in canonical form");
    private final Value format = options.value("FORMAT", "yaml or json", "--format");
    private final Value output = options.value("FILE", "Write to a file instead of standard output", "-o", "--output");
    private final Flag quiet = options.flag("Only check, print nothing", "-q", "--quiet");
    private final Flag services = options.flag("Print the service names", "--services");
    private final Flag volumes = options.flag("Print the volume names", "--volumes");
    private final Flag networks = options.flag("Print the network names", "--networks");
    private final Flag images = options.flag("Print the image names", "--images");
    private final Flag models = options.flag("Print the model names", "--models");
    private final Flag profiles = options.flag("Print the profile names", "--profiles");
    private final Value hash =
            options.value("SERVICES", "Print the config hash of services, separated by commas; * for all", "--hash");
    private final Flag environment = options.flag("Print the environment used for interpolation", "--environment");
    private final Flag variables =
            options.flag("Print the variables the files use, with their defaults", "--variables");
    private final Flag noInterpolate = options.flag("Leave variables as written", "--no-interpolate");
    private final Flag noNormalize = options.flag("Leave out what the files do not say", "--no-normalize");
    private final Flag noPathResolution = options.flag("Leave paths relative", "--no-path-resolution");
    private final Flag noConsistency =
            options.flag("Do not check whether what is referred to exists", "--no-consistency");
    private final Flag noEnvResolution = options.flag("Leave service env files unresolved", "--no-env-resolution");
    private final Flag resolveDigests = options.flag("Pin the images to digests", "--resolve-image-digests");
    private final Flag lockDigests =
            options.flag("Print an override file that pins the images to digests", "--lock-image-digests");
    private final Values selected = options.arguments("[SERVICE...]");

    private final GlobalOptions global;
    private final Console console;
    private final ComposeProjectLoader loader;
    private final Supplier<Registries> registries;

    public ConfigCommand(
            GlobalOptions global, Console console, ComposeProjectLoader loader, Supplier<Registries> registries) {
        this.global = global;
        this.console = console;
        this.loader = loader;
        this.registries = registries;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        write(text(request()));
        return 0;
    }

    private LoadRequest request() {
        return new LoadRequest(
                console.workingDirectory(),
                console.environment(),
                console.in(),
                global.files(),
                global.projectName(),
                global.projectDirectory(),
                global.profiles(),
                global.envFiles(),
                new LoadOptions(
                        !noInterpolate.isSet() || needsValues(),
                        !noNormalize.isSet(),
                        !noPathResolution.isSet(),
                        !noConsistency.isSet(),
                        !noEnvResolution.isSet()));
    }

    /** What is printed from the project rather than from the files as written; {@code --no-interpolate} does not touch it. */
    private boolean needsValues() {
        boolean resources = volumes.isSet() || networks.isSet() || models.isSet() || images.isSet();
        boolean others = listsProfiles() || hash.get().isPresent() || environment.isSet();
        return !services.isSet() && (resources || others);
    }

    private String text(LoadRequest request) throws InterruptedException {
        if (services.isSet() || volumes.isSet() || networks.isSet() || models.isSet() || listsProfiles()) {
            return names(request);
        }
        if (hash.get().isPresent()) {
            return hashes(loaded(request));
        }
        if (variables.isSet() && !images.isSet()) {
            return variables(request);
        }
        if (environment.isSet() && !images.isSet()) {
            checkSelected(request);
            return environment(loaded(request));
        }
        return document(request);
    }

    private String names(LoadRequest request) {
        var outline = loader.outline(request);
        if (listsProfiles()) {
            checkSelected(request);
            return lines(outline.profiles());
        }
        if (services.isSet() || volumes.isSet() || networks.isSet()) {
            return lines(outline.keys(services.isSet() ? "services" : volumes.isSet() ? "volumes" : "networks"));
        }
        return lines(outline.models());
    }

    /** Of several lists asked for only one is printed, as Docker Compose chooses. */
    private boolean listsProfiles() {
        boolean earlier = services.isSet() || volumes.isSet() || networks.isSet() || models.isSet();
        return profiles.isSet() && !earlier && hash.get().isEmpty();
    }

    /** Services named where they choose nothing must still exist. */
    private void checkSelected(LoadRequest request) {
        if (!selected.all().isEmpty()) {
            loader.document(request, selected.all());
        }
    }

    private Project loaded(LoadRequest request) {
        var project = loader.load(request);
        warn(project.warnings());
        return project;
    }

    private String document(LoadRequest request) throws InterruptedException {
        var document = loader.document(request, selected.all());
        warn(document.warnings());
        if (images.isSet()) {
            return lines(document.images());
        }
        var pinned = pinned(document);
        var text = switch (format.or("yaml")) {
            case "yaml" -> pinned.yaml();
            case "json" -> pinned.json();
            default -> throw new UsageException("unsupported format \"" + format.or("") + "\" (yaml or json)");
        };
        return quiet.isSet() ? "" : text;
    }

    private ProjectDocument pinned(ProjectDocument document) throws InterruptedException {
        if (!resolveDigests.isSet() && !lockDigests.isSet()) {
            return document;
        }
        var open = registries.get();
        var digests = new LinkedHashMap<String, String>();
        document.withImages(
                image -> Optional.ofNullable(digests.putIfAbsent(image, image)).orElse(image));
        for (var image : List.copyOf(digests.keySet())) {
            digests.put(image, pinned(image, open));
        }
        var pinned = document.withImages(image -> digests.getOrDefault(image, image));
        return lockDigests.isSet() ? pinned.imagesOnly() : pinned;
    }

    private static String pinned(String image, Registries registries) throws InterruptedException {
        var reference = ImageReference.parse(image);
        try {
            var digest = reference.digest().isPresent() ? reference.digest().get() : registries.digest(reference);
            return reference.name() + "@" + digest;
        } catch (BackendException e) {
            throw new ComposeException("cannot resolve the digest of image \"" + image + "\": " + e.getMessage(), e);
        }
    }

    private String hashes(Project project) {
        var wanted = hash.or("*");
        var names = wanted.equals("*") ? List.copyOf(project.services().keySet()) : List.of(wanted.split(","));
        var lines = new ArrayList<String>();
        for (var name : names) {
            var service = project.services().get(name);
            if (service == null) {
                throw new ComposeException("no such service: " + name
                        + Nearest.hint(name, project.services().keySet()));
            }
            lines.add(name + " " + service.configHash());
        }
        return lines(lines);
    }

    private static String environment(Project project) {
        var variables = new TreeMap<>(project.environment());
        variables.remove(LAUNCHER_JAVA);
        var lines = new ArrayList<String>();
        variables.forEach((name, value) -> lines.add(name + "=" + value));
        return lines(lines);
    }

    private String variables(LoadRequest request) {
        var uses = loader.variables(request);
        return format.or("").equals("json") ? VariableTable.json(uses) : VariableTable.text(uses);
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private void warn(List<Problem> warnings) {
        warnings.forEach(warning -> console.err().println("warning: " + warning));
    }

    private void write(String text) {
        if (output.get().isEmpty() || quiet.isSet()) {
            console.out().print(text);
            return;
        }
        var file = console.workingDirectory().resolve(output.or(""));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ComposeException("cannot write " + file + ": " + e, e);
        }
    }
}
