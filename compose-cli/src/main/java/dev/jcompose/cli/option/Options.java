package dev.jcompose.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The flags and arguments of one command: declared by its fields, and read through them once the command line is parsed.
 * Declared by calls and not by annotations, because reading annotations costs 60 ms at every start.
 */
public final class Options {
    private static final String[] ONE = new String[0];

    /** Given wherever picocli would make one of its own, which looks for Groovy on the class path first. */
    public static final IFactory LISTS = new Lists();

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(null, LISTS);

    /** Options of a command described by one sentence. */
    public Options(String description) {
        spec.usageMessage().description(description);
    }

    /** Whether flags end at the first argument, so that what follows can have its own: {@code exec web ls -l}. */
    public Options stopAtArguments() {
        spec.parser().stopAtPositional(true);
        return this;
    }

    /** Something that is given or not; {@code --name=false} is understood too. */
    public Flag flag(String description, String... names) {
        return new Flag(add(flagSpec(description, names)), false);
    }

    /** Something that is on unless {@code --name=false} is given. */
    public Flag flagOnByDefault(String description, String... names) {
        return new Flag(add(flagSpec(description + " (default true)", names)), true);
    }

    /** Something with a value; the last one given counts. */
    public Value value(String label, String description, String... names) {
        return new Value(add(OptionSpec.builder(names(names))
                .type(String.class)
                .paramLabel(label)
                .description(description)));
    }

    /** Something with a whole number; the last one given counts. */
    public Count number(String label, String description, String... names) {
        return new Count(add(OptionSpec.builder(names(names))
                .type(Integer.class)
                .paramLabel(label)
                .description(description)));
    }

    /** Something that may be given several times. */
    public Values values(String label, String description, String... names) {
        return new Values(add(OptionSpec.builder(names(names))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)));
    }

    /** All arguments that are not flags; {@code synopsis} is how help writes them: {@code [SERVICE...]}. */
    public Values arguments(String synopsis) {
        var positional = PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(synopsis)
                .build();
        spec.addPositional(positional);
        return new Values(positional);
    }

    /** For the parser and the help. */
    public CommandSpec spec() {
        return spec;
    }

    private static OptionSpec.Builder flagSpec(String description, String... names) {
        return OptionSpec.builder(names(names))
                .type(Boolean.class)
                .arity("0..1")
                .fallbackValue("true")
                .description(description);
    }

    private OptionSpec add(OptionSpec.Builder builder) {
        var option = builder.build();
        spec.addOption(option);
        return option;
    }

    private static String[] names(String... names) {
        return List.of(names).toArray(ONE);
    }

    /** Makes the lists of options that may be given several times; options declared by calls need nothing else made. */
    private static final class Lists implements IFactory {
        @Override
        public <K> K create(Class<K> type) {
            return type.cast(new ArrayList<>());
        }
    }

    /** See {@link #flag}. */
    public record Flag(ArgSpec spec, boolean otherwise) {
        public boolean isSet() {
            Boolean value = spec.<@Nullable Boolean>getValue();
            return value == null ? otherwise : value;
        }
    }

    /** See {@link #value}. */
    public record Value(ArgSpec spec) {
        public Optional<String> get() {
            return Optional.ofNullable(spec.<@Nullable String>getValue());
        }

        /** The value, or what stands for it when it was not given. */
        public String or(String other) {
            return get().orElse(other);
        }
    }

    /** See {@link #number}. */
    public record Count(ArgSpec spec) {
        public OptionalInt get() {
            Integer value = spec.<@Nullable Integer>getValue();
            return value == null ? OptionalInt.empty() : OptionalInt.of(value);
        }
    }

    /** See {@link #values}. */
    public record Values(ArgSpec spec) {
        public List<String> all() {
            List<String> values = spec.<@Nullable List<String>>getValue();
            return values == null ? List.of() : List.copyOf(values);
        }
    }
}
