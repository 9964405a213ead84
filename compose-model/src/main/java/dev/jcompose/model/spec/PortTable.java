package dev.jcompose.model.spec;

import dev.jcompose.model.syntax.HostAddress;
import dev.jcompose.model.syntax.PortSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;

/** {@code services.*.ports}. */
final class PortTable {
    static final Shape PORTS = ListShape.of(port()).expanding(PortTable::expand).keyedBy(PortTable::key);

    private PortTable() {}

    private static ObjectShape port() {
        return ObjectShape.of()
                .key("name", Kinds.TEXT)
                .key("mode", Kinds.TEXT)
                .key("host_ip", TextShape.matching("an IP address", HostAddress::isNumeric))
                .key("target", new WholeShape(0, 0xFFFF_FFFFL))
                .key("published", new PublishedShape())
                .key("protocol", Kinds.TEXT)
                .key("app_protocol", Kinds.TEXT)
                .required("target")
                .defaultedBy(PortTable::withDefaults)
                .build();
    }

    static Mapping withDefaults(Mapping port) {
        var withMode = Kinds.withDefault(port, "mode", YamlNode.text(port.at(), "ingress"));
        return Kinds.withDefault(withMode, "protocol", YamlNode.text(port.at(), "tcp"));
    }

    private static String key(YamlNode port) {
        return port instanceof Scalar scalar
                ? scalar.text()
                : String.join(
                        "/",
                        orElse(Kinds.part(port, "host_ip"), "0.0.0.0"),
                        PublishedShape.key(port),
                        Kinds.part(port, "target"),
                        orElse(Kinds.part(port, "protocol"), "tcp"));
    }

    private static String orElse(String text, String usual) {
        return text.isEmpty() ? usual : text;
    }

    private static List<? extends YamlNode> expand(YamlNode raw, Place place) {
        if (!(raw instanceof Scalar scalar)) {
            return List.of(raw);
        }
        boolean portLike = scalar.kind() == Scalar.Kind.TEXT || scalar.kind() == Scalar.Kind.WHOLE;
        if (!portLike) {
            place.expected("a port (like 80, \"8080:80\" or a mapping)", raw);
            return List.of();
        }
        try {
            return PortSyntax.parse(scalar.text()).stream()
                    .map(port -> longForm(scalar, port))
                    .toList();
        } catch (SyntaxException e) {
            place.error(raw, e.reason());
            return List.of();
        }
    }

    private static Mapping longForm(Scalar at, PortSyntax.Port port) {
        var mapping = Mapping.empty(at.at())
                .with("target", YamlNode.whole(at.at(), port.target()))
                .with("protocol", at.withText(port.protocol()));
        if (!port.published().isEmpty()) {
            mapping = mapping.with("published", at.withText(port.published()));
        }
        return port.hostIp().isEmpty() ? mapping : mapping.with("host_ip", at.withText(port.hostIp()));
    }
}
