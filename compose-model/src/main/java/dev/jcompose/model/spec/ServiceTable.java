package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;

/** {@code services.*}, in the order {@code config} prints it. */
final class ServiceTable {
    static final ObjectShape SERVICE = keys(ObjectShape.of()).build();

    private ServiceTable() {}

    private static ObjectShape.Builder keys(ObjectShape.Builder table) {
        return lastKeys(resourceKeys(middleKeys(firstKeys(table))));
    }

    private static ObjectShape.Builder firstKeys(ObjectShape.Builder table) {
        return table.key("profiles", Kinds.DISTINCT_WORDS)
                .key("annotations", Kinds.LABELS)
                .kept("attach", Kinds.FLAG)
                .key("build", BuildTable.BUILD)
                .key("develop", develop())
                .key("blkio_config", blockIo())
                .key("cap_add", Kinds.DISTINCT_WORDS)
                .key("cap_drop", Kinds.DISTINCT_WORDS)
                .key("cgroup_parent", Kinds.TEXT)
                .key("cgroup", TextShape.oneOf("host", "private"))
                .key("cpu_count", Kinds.COUNT)
                .key("cpu_percent", new WholeShape(0, 100))
                .key("cpu_period", Kinds.NUMBER)
                .key("cpu_quota", Kinds.NUMBER)
                .key("cpu_rt_period", Kinds.NUMBER)
                .key("cpu_rt_runtime", Kinds.NUMBER)
                .key("cpus", Kinds.DECIMAL)
                .key("cpuset", Kinds.TEXT)
                .key("cpu_shares", Kinds.NUMBER)
                .nullable("command", Kinds.COMMAND)
                .key("configs", MountTable.CONFIGS)
                .key(
                        "container_name",
                        TextShape.matching("a container name ([a-zA-Z0-9][a-zA-Z0-9_.-]+)", Names::isContainerName))
                .key(
                        "credential_spec",
                        ObjectShape.of()
                                .key("config", Kinds.TEXT)
                                .key("file", Kinds.TEXT)
                                .key("registry", Kinds.TEXT)
                                .build())
                .key("depends_on", MapShape.of(dependency()).orNames(ServiceTable::started))
                .key("deploy", DeployTable.DEPLOY);
    }

    private static ObjectShape.Builder middleKeys(ObjectShape.Builder table) {
        return table.key("device_cgroup_rules", Kinds.WORDS)
                .key("devices", ListShape.of(device()).keyedBy(node -> Kinds.part(node, "target")))
                .key("dns", Kinds.DISTINCT_WORDS.orSingle().dropping(ServiceTable::isBlankText))
                .key("dns_opt", Kinds.DISTINCT_WORDS)
                .key("dns_search", Kinds.DISTINCT_WORDS.orSingle())
                .key("domainname", Kinds.TEXT)
                .nullable("entrypoint", Kinds.COMMAND)
                .key("provider", provider())
                .key("environment", Kinds.VARIABLES)
                .key("env_file", ListShape.of(envFile()).orSingle().keyedBy(node -> Kinds.part(node, "path")))
                .key("expose", ListShape.of(Kinds.TEXT_OR_NUMBER).distinct().keyedByText())
                .key("extends", extended())
                .key("external_links", Kinds.WORDS)
                .key("extra_hosts", new HostsShape())
                .key("group_add", ListShape.of(Kinds.TEXT_OR_NUMBER).distinct())
                .key("gpus", DeployTable.GPUS)
                .key("hostname", Kinds.TEXT)
                .key("healthcheck", healthcheck())
                .key("image", Kinds.TEXT)
                .kept("init", Kinds.FLAG)
                .key("ipc", Kinds.TEXT)
                .key("isolation", Kinds.TEXT)
                .key("labels", Kinds.LABELS)
                .key("label_file", ListShape.of(Kinds.FILE).orSingle())
                .key("links", Kinds.DISTINCT_WORDS)
                .key("logging", logging());
    }

    private static ObjectShape.Builder resourceKeys(ObjectShape.Builder table) {
        return table.key("mem_limit", Kinds.SIZE)
                .key("mem_reservation", Kinds.SIZE)
                .key("memswap_limit", Kinds.SIZE)
                .key("mem_swappiness", Kinds.SIZE)
                .key("mac_address", Kinds.TEXT)
                .key("models", MapShape.ofOptional(modelBinding(), ServiceTable::nothing))
                .key("network_mode", Kinds.TEXT)
                .key("networks", MapShape.ofOptional(NetworkTable.attachment(), ServiceTable::nothing))
                .key("oom_kill_disable", Kinds.FLAG)
                .key("oom_score_adj", new WholeShape(-1000, 1000))
                .key("pid", Kinds.TEXT.orNull())
                .key("pids_limit", Kinds.NUMBER)
                .key("platform", Kinds.TEXT)
                .key("ports", PortTable.PORTS)
                .key("privileged", Kinds.FLAG)
                .key("pull_policy", new PullPolicyShape())
                .key("pull_refresh_after", Kinds.TEXT)
                .key("read_only", Kinds.FLAG)
                .key("restart", Kinds.TEXT)
                .key("runtime", Kinds.TEXT)
                .kept("scale", Kinds.COUNT);
    }

    private static ObjectShape.Builder lastKeys(ObjectShape.Builder table) {
        return table.key("secrets", MountTable.SECRETS)
                .key("security_opt", Kinds.WORDS)
                .key("shm_size", Kinds.SIZE)
                .key("stdin_open", Kinds.FLAG)
                .key("stop_grace_period", Kinds.DURATION)
                .key("stop_signal", Kinds.TEXT)
                .key("storage_opt", Kinds.OPTIONS)
                .key("sysctls", Kinds.LABELS)
                .key("tmpfs", Kinds.DISTINCT_WORDS.orSingle())
                .key("tty", Kinds.FLAG)
                .key("ulimits", Kinds.ULIMITS)
                .key("use_api_socket", Kinds.FLAG)
                .key("user", Kinds.TEXT)
                .key("userns_mode", Kinds.TEXT)
                .key("uts", Kinds.TEXT)
                .key("volumes", MountTable.VOLUMES)
                .key("volumes_from", Kinds.WORDS)
                .key("working_dir", Kinds.TEXT)
                .key(
                        "pre_start",
                        ListShape.of(hook().key("image", Kinds.TEXT)
                                .key("per_replica", Kinds.FLAG)
                                .build()))
                .key("post_start", ListShape.of(hook().required("command").build()))
                .key("pre_stop", ListShape.of(hook().required("command").build()))
                .key(
                        "x-jcompose",
                        ObjectShape.of()
                                .key("restart-unhealthy", Kinds.FLAG)
                                .closed()
                                .build());
    }

    private static YamlNode started(Scalar name) {
        return Kinds.only(name.withText("service_started"), "condition");
    }

    private static YamlNode nothing(Scalar name) {
        return new Scalar(name.at(), "", Scalar.Kind.NULL);
    }

    private static ObjectShape dependency() {
        return ObjectShape.of()
                .key(
                        "condition",
                        TextShape.oneOf("service_started", "service_healthy", "service_completed_successfully"))
                .key("restart", Kinds.FLAG)
                .kept("required", Kinds.FLAG)
                .required("condition")
                .completedBy(
                        dependency -> Kinds.withDefault(dependency, "required", YamlNode.flag(dependency.at(), true)))
                .build();
    }

    private static ObjectShape.Builder hook() {
        return ObjectShape.of()
                .nullable("command", Kinds.COMMAND)
                .key("user", Kinds.TEXT)
                .key("privileged", Kinds.FLAG)
                .key("working_dir", Kinds.TEXT)
                .key("environment", Kinds.VARIABLES);
    }

    private static ObjectShape develop() {
        var rule = ObjectShape.of()
                .key("path", Kinds.FILE)
                .key("action", TextShape.oneOf("rebuild", "sync", "restart", "sync+restart", "sync+exec"))
                .key("target", Kinds.TEXT)
                .always("exec", hook().required("command").build())
                .key("include", Kinds.WORD_OR_WORDS)
                .key("ignore", Kinds.WORD_OR_WORDS)
                .key("initial_sync", Kinds.FLAG)
                .required("path", "action")
                .build();
        return ObjectShape.of().key("watch", ListShape.of(rule)).orAbsent().build();
    }

    private static ObjectShape blockIo() {
        return ObjectShape.of()
                .key("weight", Kinds.WHOLE)
                .key(
                        "weight_device",
                        ListShape.of(ObjectShape.of()
                                .key("path", "Path", Kinds.TEXT)
                                .key("weight", "Weight", Kinds.WHOLE)
                                .closed()
                                .build()))
                .key("device_read_bps", throttles())
                .key("device_read_iops", throttles())
                .key("device_write_bps", throttles())
                .key("device_write_iops", throttles())
                .closed()
                .build();
    }

    private static Shape throttles() {
        return ListShape.of(ObjectShape.of()
                .key("path", "Path", Kinds.TEXT)
                .key("rate", "Rate", Kinds.SIZE)
                .closed()
                .build());
    }

    private static ObjectShape device() {
        return ObjectShape.of()
                .key("source", Kinds.TEXT)
                .key("target", Kinds.TEXT)
                .key("permissions", Kinds.TEXT)
                .required("source", "target")
                .orShort(ServiceTable::deviceParts)
                .checkedBy((device, place) -> {
                    if (device.text("permissions").orElse("").indexOf(':') >= 0) {
                        place.error(device, "is not a device SOURCE[:TARGET[:PERMISSIONS]]; use the long syntax");
                    }
                })
                .build();
    }

    private static Mapping deviceParts(Scalar device) {
        var parts = device.text().split(":", 3);
        var mapping = Kinds.only(device.withText(parts[0]), "source")
                .with("target", device.withText(parts.length > 1 ? parts[1] : parts[0]));
        return mapping.with("permissions", device.withText(parts.length > 2 ? parts[2] : "rwm"));
    }

    private static ObjectShape provider() {
        return ObjectShape.of()
                .key("type", Kinds.TEXT)
                .key(
                        "options",
                        MapShape.of(ListShape.of(Kinds.TEXT.orNumber().orFlag()).orSingle()))
                .required("type")
                .build();
    }

    private static ObjectShape envFile() {
        return ObjectShape.of()
                .key("path", Kinds.FILE)
                .kept("required", Kinds.FLAG)
                .key("format", Kinds.TEXT)
                .closed()
                .required("path")
                .orShort(path -> Kinds.only(path, "path"))
                .completedBy(file -> Kinds.withDefault(file, "required", YamlNode.flag(file.at(), true)))
                .build();
    }

    private static ObjectShape extended() {
        return ObjectShape.of()
                .key("service", Kinds.TEXT)
                .key("file", Kinds.TEXT)
                .ignoringUnknown()
                .required("service")
                .orShort(service -> Kinds.only(service, "service"))
                .build();
    }

    private static ObjectShape healthcheck() {
        return ObjectShape.of()
                .key("test", new CommandShape(true))
                .key("timeout", Kinds.DURATION)
                .key("interval", Kinds.DURATION)
                .kept("retries", new WholeShape(0, Long.MAX_VALUE).orFraction())
                .key("start_period", Kinds.DURATION)
                .key("start_interval", Kinds.DURATION)
                .key("disable", Kinds.FLAG)
                .build();
    }

    private static ObjectShape logging() {
        return ObjectShape.of()
                .key("driver", Kinds.TEXT)
                .key("options", Kinds.OPTIONS)
                .mergedBy(ServiceTable::mergeLogging)
                .build();
    }

    /** Options of one driver mean nothing to another. */
    private static Mapping mergeLogging(Mapping base, Mapping over) {
        var before = base.text("driver");
        var after = over.text("driver");
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            return over;
        }
        return Merging.mappings(base, over, key -> key.equals("options") ? Kinds.OPTIONS : AnyShape.ANY);
    }

    private static ObjectShape modelBinding() {
        return ObjectShape.of()
                .key("endpoint_var", Kinds.TEXT)
                .key("model_var", Kinds.TEXT)
                .build();
    }

    private static boolean isBlankText(YamlNode node) {
        return node instanceof Scalar scalar && scalar.text().isEmpty();
    }

    static List<String> names() {
        return List.copyOf(SERVICE.table().keySet());
    }
}
