package dev.jcompose.model.spec;

import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.syntax.VolumeSyntax;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;

/** {@code services.*.volumes}, {@code configs} and {@code secrets}: what services see in their file system. */
final class MountTable {
    static final Shape VOLUMES =
            ListShape.of(volume()).expanding(MountTable::expand).keyedBy(node -> Kinds.part(node, "target"));

    static final Shape CONFIGS = ListShape.of(reference().build()).keyedBy(node -> target(node, "/"));

    static final Shape SECRETS = ListShape.of(
                    reference().completedBy(MountTable::withSecretTarget).build())
            .keyedBy(node -> target(node, "/run/secrets/"));

    static final Shape BUILD_SECRETS = ListShape.of(reference().build()).keyedBy(node -> target(node, "/run/secrets/"));

    private MountTable() {}

    private static ObjectShape volume() {
        return ObjectShape.of()
                .key("type", TextShape.oneOf("bind", "volume", "tmpfs", "cluster", "npipe", "image"))
                .key("source", Kinds.TEXT)
                .key("target", Kinds.TEXT)
                .key("read_only", Kinds.FLAG)
                .key("consistency", Kinds.TEXT)
                .key("bind", bind())
                .key(
                        "volume",
                        ObjectShape.of()
                                .key("labels", Kinds.LABELS)
                                .key("nocopy", Kinds.FLAG)
                                .key("subpath", Kinds.TEXT)
                                .build())
                .key(
                        "tmpfs",
                        ObjectShape.of()
                                .key("size", new TmpfsSizeShape())
                                .key("mode", Kinds.WHOLE)
                                .build())
                .key("image", ObjectShape.of().key("subpath", Kinds.TEXT).build())
                .key(
                        "x-jcompose",
                        ObjectShape.of().key("owner", Kinds.TEXT).closed().build())
                .required("type")
                .completedBy(MountTable::withCleanTarget)
                .resolvedBy(MountTable::resolve)
                .build();
    }

    private static ObjectShape bind() {
        return ObjectShape.of()
                .key("propagation", Kinds.TEXT)
                .key("create_host_path", new FlagShape(true))
                .key("recursive", TextShape.oneOf("enabled", "disabled", "writable", "readonly"))
                .key("selinux", TextShape.oneOf("z", "Z"))
                .build();
    }

    private static ObjectShape.Builder reference() {
        return ObjectShape.of()
                .key("source", Kinds.TEXT)
                .key("target", Kinds.TEXT)
                .key("uid", Kinds.TEXT)
                .key("gid", Kinds.TEXT)
                .key("mode", new FileModeShape())
                .orShort(name -> Kinds.only(name, "source"));
    }

    private static String target(YamlNode node, String directory) {
        var target = Kinds.part(node, "target");
        return target.isEmpty() ? directory + Kinds.part(node, "source") : target;
    }

    private static Mapping withSecretTarget(Mapping secret) {
        return Kinds.withDefault(secret, "target", YamlNode.text(secret.at(), target(secret, "/run/secrets/")));
    }

    private static Mapping withCleanTarget(Mapping volume) {
        return volume.change(
                "target",
                node -> node instanceof Scalar target && !target.isNull()
                        ? target.withText(clean(target.text()))
                        : node);
    }

    /** A path without {@code ./}, doubled and trailing slashes. */
    private static String clean(String path) {
        boolean plain = path.indexOf("./") < 0 && path.indexOf("//") < 0 && !path.endsWith("/") && !path.endsWith("/.");
        return path.isEmpty() || plain
                ? path
                : java.nio.file.Path.of(path).normalize().toString();
    }

    private static Mapping resolve(Mapping volume, Paths paths) {
        if (!Kinds.part(volume, "type").equals("bind")) {
            return volume;
        }
        return volume.change(
                "source",
                node -> node instanceof Scalar source && !source.isNull()
                        ? source.withText(paths.bind(source.text()))
                        : node);
    }

    private static List<? extends YamlNode> expand(YamlNode raw, Place place) {
        if (!(raw instanceof Scalar scalar)) {
            return List.of(raw);
        }
        if (scalar.kind() != Scalar.Kind.TEXT) {
            place.expected("a volume as a string (like \"data:/data\") or a mapping", raw);
            return List.of();
        }
        try {
            return List.of(longForm(scalar, VolumeSyntax.parse(scalar.text())));
        } catch (SyntaxException e) {
            place.error(raw, e.reason());
            return List.of();
        }
    }

    private static Mapping longForm(Scalar at, VolumeSyntax.Volume volume) {
        var mapping = Mapping.empty(at.at()).with("type", at.withText(volume.isBind() ? "bind" : "volume"));
        if (!volume.source().isEmpty()) {
            mapping = mapping.with("source", at.withText(volume.source()));
        }
        mapping = mapping.with("target", at.withText(volume.target()));
        if (volume.readOnly()) {
            mapping = mapping.with("read_only", YamlNode.flag(at.at(), true));
        }
        if (volume.isBind()) {
            return mapping.with("bind", bindPart(at, volume));
        }
        return at.text().length() <= 2 ? mapping : mapping.with("volume", volumePart(at, volume));
    }

    private static Mapping bindPart(Scalar at, VolumeSyntax.Volume volume) {
        var bind = Mapping.empty(at.at()).with("create_host_path", YamlNode.flag(at.at(), true));
        if (!volume.propagation().isEmpty()) {
            bind = bind.with("propagation", at.withText(volume.propagation()));
        }
        return volume.selinux().isEmpty() ? bind : bind.with("selinux", at.withText(volume.selinux()));
    }

    private static Mapping volumePart(Scalar at, VolumeSyntax.Volume volume) {
        var part = Mapping.empty(at.at());
        return volume.noCopy() ? part.with("nocopy", YamlNode.flag(at.at(), true)) : part;
    }
}
