package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The top level of a Compose file, and the way to everything below it. */
public final class ComposeFile {
    private static final ObjectShape VOLUME = ObjectShape.of()
            .key("name", Kinds.TEXT)
            .key("driver", Kinds.TEXT)
            .key("driver_opts", Kinds.DRIVER_OPTIONS)
            .key("external", new ExternalShape())
            .key("labels", Kinds.LABELS)
            .orNull()
            .completedBy(ExternalShape::withName)
            .resolvedBy(ComposeFile::resolveDevice)
            .build();

    private static final ObjectShape SECRET = fileObject()
            .key("driver", Kinds.TEXT)
            .key("driver_opts", Kinds.DRIVER_OPTIONS)
            .build();

    private static final ObjectShape CONFIG =
            fileObject().key("content", Kinds.TEXT).build();

    private static final ObjectShape MODEL = ObjectShape.of()
            .key("name", Kinds.TEXT)
            .key("model", Kinds.TEXT)
            .key("context_size", Kinds.WHOLE)
            .key("runtime_flags", ListShape.of(Kinds.TEXT))
            .required("model")
            .build();

    private static final ObjectShape INCLUDE = ObjectShape.of()
            .key("path", Kinds.WORD_OR_WORDS)
            .key("project_directory", Kinds.TEXT)
            .key("env_file", Kinds.WORD_OR_WORDS)
            .ignoringUnknown()
            .orShort(path -> Kinds.only(path, "path").with("path", YamlNode.list(path.at(), List.of(path))))
            .build();

    private static final Map<String, ObjectShape> RESOURCES = Map.of(
            "networks", NetworkTable.NETWORK, "volumes", VOLUME, "secrets", SECRET, "configs", CONFIG, "models", MODEL);

    private static final ObjectShape ROOT = ObjectShape.of()
            .key("version", Kinds.TEXT)
            .key("name", Kinds.TEXT)
            .key("include", new IncludesShape(ListShape.of(INCLUDE)))
            .kept("services", MapShape.topLevel(ServiceTable.SERVICE))
            .key("networks", MapShape.topLevel(NetworkTable.NETWORK))
            .key("volumes", MapShape.topLevel(VOLUME))
            .key("secrets", MapShape.topLevel(SECRET))
            .key("configs", MapShape.topLevel(CONFIG))
            .key("models", MapShape.topLevel(MODEL))
            .build();

    private ComposeFile() {}

    private static ObjectShape.Builder fileObject() {
        return ObjectShape.of()
                .key("name", Kinds.TEXT)
                .key("file", Kinds.FILE)
                .key("environment", Kinds.TEXT)
                .key("external", new ExternalShape())
                .key("labels", Kinds.LABELS)
                .key("template_driver", Kinds.TEXT)
                .completedBy(ExternalShape::withName);
    }

    /** A local volume that is a bind mount names a host directory. */
    private static Mapping resolveDevice(Mapping volume, Paths paths) {
        var options = volume.mapping("driver_opts");
        boolean local = volume.text("driver").map("local"::equals).orElse(true);
        boolean bind = options.flatMap(o -> o.text("o"))
                .map(o -> List.of(o.split(",")).contains("bind"))
                .orElse(false);
        if (options.isEmpty() || !local || !bind) {
            return volume;
        }
        return volume.with(
                "driver_opts",
                options.get()
                        .change(
                                "device",
                                device -> device instanceof Scalar scalar
                                        ? scalar.withText(paths.file(scalar.text()))
                                        : device));
    }

    /** The shape of a whole file. */
    public static Shape root() {
        return ROOT;
    }

    /** Every attribute of the specification, such as {@code services.*.build.args}, in the order it is printed. */
    public static List<String> attributes() {
        var found = new ArrayList<String>();
        ROOT.paths("", found::add);
        return found;
    }

    /** Reports the attributes of networks, volumes and so on that a file sets, such as {@code networks.front.driver}. */
    public static void resourceAttributes(Mapping file, Shape.Attributes found) {
        RESOURCES.forEach((kind, shape) -> file.mapping(kind)
                .ifPresent(all -> all.entries().forEach((key, entry) -> {
                    if (!key.startsWith("x-")) {
                        shape.attributes(kind + "." + key, entry.value(), found);
                    }
                })));
    }

    /** The shape of one service. */
    public static Shape service() {
        return ServiceTable.SERVICE;
    }

    /** A port with what {@code config} shows where nothing is set. */
    public static Mapping portWithDefaults(Mapping port) {
        return PortTable.withDefaults(port);
    }

    /** The keys a service may have. */
    public static List<String> serviceKeys() {
        return ServiceTable.names();
    }
}
