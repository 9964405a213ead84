package dev.jcompose.cli.output;

import dev.jcompose.model.problem.ComposeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of Go's text templates that {@code --format} is used with: fields, literals, the functions of {@link TemplateFunctions},
 * pipes, {@code range}, {@code if} and {@code else}, and dashes that trim. Anything else is refused by name.
 */
public final class GoTemplate {
    private final List<Node> nodes;

    private GoTemplate(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** What a template consists of. */
    private sealed interface Node {
        record Text(String text) implements Node {}

        record Value(List<List<String>> pipe) implements Node {}

        record Each(List<List<String>> pipe, List<Node> body, List<Node> otherwise) implements Node {}

        record Choice(List<List<String>> pipe, List<Node> body, List<Node> otherwise) implements Node {}
    }

    /** Reads a template; {@code \t} and {@code \n} in it stand for tab and line end, as shells pass them. */
    public static GoTemplate parse(String text) {
        var parser = new Parser(TemplateTokens.of(text.replace("\\t", "\t").replace("\\n", "\n")));
        var nodes = parser.nodes();
        parser.expectEnd();
        return new GoTemplate(nodes);
    }

    /** The text for one object; a field it does not have is an error. */
    public String render(Map<String, Object> object) {
        var out = new StringBuilder();
        render(nodes, object, out);
        return out.toString();
    }

    private static void render(List<Node> nodes, Object dot, StringBuilder out) {
        for (var node : nodes) {
            switch (node) {
                case Node.Text text -> out.append(text.text());
                case Node.Value value -> out.append(TemplateFunctions.text(evaluate(value.pipe(), dot)));
                case Node.Choice choice ->
                    render(
                            TemplateFunctions.isTrue(evaluate(choice.pipe(), dot)) ? choice.body() : choice.otherwise(),
                            dot,
                            out);
                case Node.Each each -> each(each, dot, out);
            }
        }
    }

    private static void each(Node.Each each, Object dot, StringBuilder out) {
        var value = evaluate(each.pipe(), dot);
        var elements = value instanceof Map<?, ?> map
                ? List.<Object>copyOf(map.values())
                : value instanceof List<?> list ? List.<Object>copyOf(list) : List.of();
        if (elements.isEmpty()) {
            render(each.otherwise(), dot, out);
        }
        elements.forEach(element -> render(each.body(), element, out));
    }

    private static Object evaluate(List<List<String>> pipe, Object dot) {
        Optional<Object> passed = Optional.empty();
        for (var words : pipe) {
            passed = Optional.of(command(words, dot, passed));
        }
        return passed.orElse("");
    }

    private static Object command(List<String> words, Object dot, Optional<Object> passed) {
        var first = words.getFirst();
        if (TemplateFunctions.isName(first)) {
            List<Object> arguments = new ArrayList<>();
            words.subList(1, words.size()).forEach(word -> arguments.add(operand(word, dot)));
            passed.ifPresent(arguments::add);
            return TemplateFunctions.call(first, arguments);
        }
        var value = operand(first, dot);
        if (words.size() > 1 || passed.isPresent()) {
            throw refused("\"" + first + "\" is no function and takes no arguments");
        }
        return value;
    }

    private static Object operand(String word, Object dot) {
        char letter = word.charAt(0);
        if (letter == '"' || letter == '`') {
            return word.substring(1, word.length() - 1);
        }
        if (Character.isDigit(letter) || letter == '-') {
            return Long.valueOf(word);
        }
        if (word.equals("true") || word.equals("false")) {
            return Boolean.valueOf(word);
        }
        if (letter != '.') {
            throw refused("function \"" + word + "\" is not defined; there are " + TemplateFunctions.names());
        }
        var value = dot;
        for (var name : word.substring(1).split("\\.", -1)) {
            value = name.isEmpty() ? value : field(value, name);
        }
        return value;
    }

    private static Object field(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            Object found = map.get(name);
            if (found != null) {
                return found;
            }
            throw refused("there is no field \"" + name + "\"; there are " + String.join(", ", keys(map)));
        }
        throw refused("\"" + name + "\" is asked of something that has no fields");
    }

    private static List<String> keys(Map<?, ?> map) {
        return map.keySet().stream().map(String::valueOf).sorted().toList();
    }

    static ComposeException refused(String reason) {
        return new ComposeException("--format: " + reason);
    }

    /** Puts tokens together. */
    private static final class Parser {
        private final List<TemplateTokens.Token> tokens;
        private int next;

        Parser(List<TemplateTokens.Token> tokens) {
            this.tokens = tokens;
        }

        List<Node> nodes() {
            List<Node> nodes = new ArrayList<>();
            while (next < tokens.size() && !isKeyword("end") && !isKeyword("else")) {
                nodes.add(node());
            }
            return nodes;
        }

        private Node node() {
            var token = tokens.get(next++);
            if (token.isText()) {
                return new Node.Text(token.text());
            }
            var words = token.words();
            if (words.isEmpty()) {
                throw refused("{{ }} is empty");
            }
            return switch (words.getFirst()) {
                case "range" -> block(words, true);
                case "if" -> block(words, false);
                default -> new Node.Value(pipe(words));
            };
        }

        private Node block(List<String> words, boolean each) {
            var pipe = pipe(words.subList(1, words.size()));
            var body = nodes();
            List<Node> otherwise = List.of();
            if (isKeyword("else")) {
                next++;
                otherwise = nodes();
            }
            if (!isKeyword("end")) {
                throw refused("{{" + words.getFirst() + "}} has no {{end}}");
            }
            next++;
            return each ? new Node.Each(pipe, body, otherwise) : new Node.Choice(pipe, body, otherwise);
        }

        private static List<List<String>> pipe(List<String> words) {
            List<List<String>> commands = new ArrayList<>();
            List<String> command = new ArrayList<>();
            for (var word : words) {
                if (word.equals("|")) {
                    commands.add(List.copyOf(command));
                    command.clear();
                } else {
                    command.add(word);
                }
            }
            commands.add(List.copyOf(command));
            if (commands.stream().anyMatch(List::isEmpty)) {
                throw refused("a value is missing in {{" + String.join(" ", words) + "}}");
            }
            return commands;
        }

        private boolean isKeyword(String keyword) {
            return next < tokens.size()
                    && !tokens.get(next).isText()
                    && tokens.get(next).words().equals(List.of(keyword));
        }

        void expectEnd() {
            if (next < tokens.size()) {
                throw refused(
                        "unexpected {{" + String.join(" ", tokens.get(next).words()) + "}}");
            }
        }
    }
}
