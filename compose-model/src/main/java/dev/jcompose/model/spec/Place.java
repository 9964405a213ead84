package dev.jcompose.model.spec;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.YamlNode;

/**
 * Where in the project a value stands, for messages.
 *
 * @param literal whether variables are left as written, so that a value with a dollar cannot be judged
 */
public record Place(Problems problems, boolean literal, String path) {
    public Place child(String key) {
        return new Place(problems, literal, path.isEmpty() ? key : path + "." + key);
    }

    public Place item(int index) {
        return new Place(problems, literal, path + "[" + index + "]");
    }

    void error(YamlNode node, String message) {
        problems.error(node.at(), path, message);
    }

    void noValue(String expected, YamlNode found) {
        error(found, "must be " + expected + ", but has no value");
    }

    void expected(String expected, YamlNode found) {
        error(found, "must be " + expected + ", not " + found.describe());
    }
}
