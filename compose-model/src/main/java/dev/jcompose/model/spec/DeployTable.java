package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;
import java.util.function.Consumer;

/** {@code services.*.deploy} and {@code gpus}. */
final class DeployTable {
    static final Shape GPUS = new GpusShape(
            ListShape.of(device().completedBy(DeployTable::withCount).build()));

    private static final ObjectShape RESOURCES = ObjectShape.of()
            .key(
                    "limits",
                    ObjectShape.of()
                            .key("cpus", Kinds.DECIMAL)
                            .key("memory", new SizeShape(false))
                            .key("pids", Kinds.WHOLE)
                            .build())
            .key(
                    "reservations",
                    ObjectShape.of()
                            .key("cpus", Kinds.DECIMAL)
                            .key("memory", new SizeShape(false))
                            .key("devices", ListShape.of(reservedDevice()))
                            .key("generic_resources", ListShape.of(genericResource()))
                            .build())
            .build();

    private static final ObjectShape PLACEMENT = ObjectShape.of()
            .key("constraints", ListShape.of(Kinds.TEXT))
            .key(
                    "preferences",
                    ListShape.of(ObjectShape.of().key("spread", Kinds.TEXT).build()))
            .key("max_replicas_per_node", Kinds.WHOLE)
            .build();

    static final ObjectShape DEPLOY = ObjectShape.of()
            .key("mode", Kinds.TEXT)
            .kept("replicas", Kinds.COUNT)
            .key("labels", Kinds.LABELS)
            .key("update_config", update())
            .key("rollback_config", update())
            .always("resources", RESOURCES)
            .key(
                    "restart_policy",
                    ObjectShape.of()
                            .key("condition", Kinds.TEXT)
                            .key("delay", Kinds.DURATION)
                            .kept("max_attempts", Kinds.COUNT)
                            .key("window", Kinds.DURATION)
                            .build())
            .always("placement", PLACEMENT)
            .key("endpoint_mode", Kinds.TEXT)
            .orAbsent()
            .build();

    private DeployTable() {}

    private static ObjectShape update() {
        return ObjectShape.of()
                .kept("parallelism", Kinds.COUNT)
                .key("delay", Kinds.DURATION)
                .key("failure_action", Kinds.TEXT)
                .key("monitor", Kinds.DURATION)
                .key("max_failure_ratio", Kinds.DECIMAL)
                .key("order", TextShape.oneOf("start-first", "stop-first"))
                .build();
    }

    private static ObjectShape genericResource() {
        return ObjectShape.of()
                .key(
                        "discrete_resource_spec",
                        ObjectShape.of()
                                .key("kind", Kinds.TEXT)
                                .key("value", Kinds.WHOLE)
                                .build())
                .build();
    }

    private static ObjectShape reservedDevice() {
        return device().completedBy(DeployTable::withCount)
                .checkedBy((device, place) -> {
                    if (!device.has("capabilities")) {
                        place.error(device, "\"capabilities\" is required");
                    }
                })
                .build();
    }

    private static ObjectShape.Builder device() {
        return ObjectShape.of()
                .key("capabilities", Kinds.WORDS)
                .key("driver", Kinds.TEXT)
                .key("count", new DeviceCountShape())
                .key("device_ids", Kinds.WORDS)
                .key("options", Kinds.LABELS);
    }

    /** Without a count or identifiers all devices are meant. */
    private static Mapping withCount(Mapping device) {
        return device.has("count") || device.has("device_ids")
                ? device
                : device.with("count", YamlNode.whole(device.at(), -1));
    }

    /** A number of devices, or {@code all}, which counts as -1. */
    private static final class DeviceCountShape extends ScalarShape {
        @Override
        String expected() {
            return "a whole number or \"all\"";
        }

        @Override
        YamlNode read(Scalar scalar, Place place) {
            return scalar.text().equals("all") ? YamlNode.whole(scalar.at(), -1) : Kinds.WHOLE.canonical(scalar, place);
        }
    }

    /** {@code gpus: all} or a list of devices. */
    private record GpusShape(Shape list) implements Shape {
        @Override
        public YamlNode canonical(YamlNode raw, Place place) {
            if (raw instanceof Scalar scalar && scalar.text().equals("all")) {
                var count = place.literal() ? scalar : YamlNode.whole(raw.at(), -1);
                return YamlNode.list(raw.at(), List.of(Mapping.empty(raw.at()).with("count", count)));
            }
            if (raw instanceof Scalar) {
                place.expected("\"all\" or a list of devices", raw);
                return YamlNode.list(raw.at(), List.of());
            }
            return list.canonical(raw, place);
        }

        @Override
        public YamlNode merge(YamlNode base, YamlNode over) {
            return list.merge(base, over);
        }

        @Override
        public YamlNode finish(YamlNode node, Format format) {
            return list.finish(node, format);
        }

        @Override
        public void paths(String prefix, Consumer<String> found) {
            list.paths(prefix, found);
        }

        @Override
        public void attributes(String prefix, YamlNode node, Attributes found) {
            list.attributes(prefix, node, found);
        }
    }
}
