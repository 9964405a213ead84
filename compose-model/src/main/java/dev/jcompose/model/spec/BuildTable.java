package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;

/** {@code services.*.build}. */
final class BuildTable {
    static final ObjectShape BUILD = ObjectShape.of()
            .key("context", new PathShape(true))
            .key("dockerfile", Kinds.TEXT)
            .key("dockerfile_inline", Kinds.TEXT)
            .key("entitlements", Kinds.DISTINCT_WORDS)
            .key("args", Kinds.VARIABLES)
            .key("provenance", Kinds.TEXT.orFlag())
            .key("sbom", Kinds.TEXT.orFlag())
            .key("ssh", new SshShape())
            .key("labels", Kinds.LABELS)
            .key("cache_from", ListShape.of(Kinds.TEXT))
            .key("cache_to", ListShape.of(Kinds.TEXT))
            .key("no_cache", Kinds.FLAG)
            .key("no_cache_filter", Kinds.WORD_OR_WORDS)
            .key("additional_contexts", PairsShape.contexts())
            .key("pull", Kinds.FLAG)
            .key("extra_hosts", new HostsShape())
            .key("isolation", Kinds.TEXT)
            .key("network", Kinds.TEXT)
            .key("target", Kinds.TEXT)
            .key("secrets", MountTable.BUILD_SECRETS)
            .key("shm_size", Kinds.SIZE)
            .key("tags", ListShape.of(Kinds.TEXT).keyedByText())
            .key("ulimits", Kinds.ULIMITS)
            .key("platforms", ListShape.of(Kinds.TEXT).keyedByText())
            .key("privileged", Kinds.FLAG)
            .orShort((Scalar context) -> Kinds.only(context, "context"))
            .build();

    private BuildTable() {}
}
