package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.YamlNode;

/** {@code external}: a flag, or in old files a mapping with the name. */
final class ExternalShape implements Shape {
    private static final Shape NAMED = ObjectShape.of().key("name", Kinds.TEXT).build();

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Mapping) {
            place.problems()
                    .warning(
                            raw.at(), place.path(), "\"external.name\" is deprecated; set \"name\" and external: true");
            return NAMED.canonical(raw, place);
        }
        return Kinds.FLAG.canonical(raw, place);
    }

    /** The old form with the name moved to where it belongs. */
    static Mapping withName(Mapping resource) {
        var external = resource.mapping("external");
        if (external.isEmpty()) {
            return resource;
        }
        var flagged = resource.with("external", YamlNode.flag(external.get().at(), true));
        if (external.get().has("name") && resource.has("name")) {
            return resource;
        }
        return external.get()
                .get("name")
                .map(name -> flagged.with("name", name))
                .orElse(flagged);
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull()) {
            place.noValue("true or false", node);
        }
        if (node instanceof Mapping) {
            place.error(node, "name and external.name conflict; only use name");
        }
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return Kinds.FLAG.isBlank(node);
    }
}
