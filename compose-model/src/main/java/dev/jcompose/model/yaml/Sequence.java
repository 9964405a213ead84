package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;
import java.util.List;

/** A list of values. */
public record Sequence(Position at, List<YamlNode> items) implements YamlNode {
    @Override
    public String describe() {
        return "a list";
    }
}
