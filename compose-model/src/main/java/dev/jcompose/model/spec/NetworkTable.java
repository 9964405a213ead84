package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code networks.*} and {@code services.*.networks.*}. */
final class NetworkTable {
    private static final ObjectShape POOL = ObjectShape.of()
            .key("subnet", Kinds.TEXT)
            .key("gateway", Kinds.TEXT)
            .key("ip_range", Kinds.TEXT)
            .key("aux_addresses", Kinds.OPTIONS)
            .build();

    static final ObjectShape NETWORK = ObjectShape.of()
            .key("name", Kinds.TEXT)
            .key("driver", Kinds.TEXT)
            .key("driver_opts", Kinds.DRIVER_OPTIONS)
            .key("ipam", ipam())
            .key("external", new ExternalShape())
            .key("internal", Kinds.FLAG)
            .key("attachable", Kinds.FLAG)
            .key("labels", Kinds.LABELS)
            .kept("enable_ipv4", Kinds.FLAG)
            .kept("enable_ipv6", Kinds.FLAG)
            .orNull()
            .completedBy(ExternalShape::withName)
            .build();

    private NetworkTable() {}

    static ObjectShape attachment() {
        return ObjectShape.of()
                .key("aliases", Kinds.DISTINCT_WORDS)
                .key("interface_name", Kinds.TEXT)
                .key("ipv4_address", Kinds.TEXT)
                .key("ipv6_address", Kinds.TEXT)
                .key("link_local_ips", Kinds.DISTINCT_WORDS)
                .key("mac_address", Kinds.TEXT)
                .key("driver_opts", Kinds.DRIVER_OPTIONS)
                .key("priority", Kinds.NUMBER)
                .key("gw_priority", Kinds.NUMBER)
                .build();
    }

    private static ObjectShape ipam() {
        return ObjectShape.of()
                .key("driver", Kinds.TEXT)
                .key("config", new PoolsShape())
                .key("options", MapShape.of(Kinds.TEXT))
                .build();
    }

    /** Address pools; those of the same subnet merge. */
    private static final class PoolsShape implements Shape {
        private static final ListShape LIST = ListShape.of(POOL);

        @Override
        public YamlNode canonical(YamlNode raw, Place place) {
            return LIST.canonical(raw, place);
        }

        @Override
        public void check(YamlNode node, Place place) {
            LIST.check(node, place);
        }

        @Override
        public YamlNode finish(YamlNode node, Format format) {
            return LIST.finish(node, format);
        }

        @Override
        public void paths(String prefix, Consumer<String> found) {
            LIST.paths(prefix, found);
        }

        @Override
        public void attributes(String prefix, YamlNode node, Attributes found) {
            LIST.attributes(prefix, node, found);
        }

        @Override
        public YamlNode merge(YamlNode base, YamlNode over) {
            if (!(base instanceof Sequence first) || !(over instanceof Sequence second)) {
                return over;
            }
            var merged = new ArrayList<YamlNode>(first.items());
            for (var pool : second.items()) {
                int same = indexOf(merged, Kinds.part(pool, "subnet"));
                if (same < 0) {
                    merged.add(pool);
                } else {
                    merged.set(same, POOL.merge(merged.get(same), pool));
                }
            }
            return new Sequence(second.at(), merged);
        }

        private static int indexOf(List<YamlNode> pools, String subnet) {
            for (int i = 0; i < pools.size(); i++) {
                if (Kinds.part(pools.get(i), "subnet").equals(subnet)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
