package dev.jcompose.runtime.linux.seccomp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** The default profile, read for one architecture and one set of capabilities: what is to happen for each call number. */
final class SyscallProfile {
    private final Map<String, Integer> numbers;
    private final Set<String> capabilities;
    private final TreeMap<Integer, Verdict> verdicts = new TreeMap<>();

    /** What the kernel is to do with one call. */
    sealed interface Verdict {
        /** Let it through. */
        record Allow() implements Verdict {}

        /** Refuse it with that error number. */
        record Refuse(int errno) implements Verdict {}

        /** Let it through when no bit of the mask is set in its first argument. */
        record AllowUnlessMasked(int mask) implements Verdict {}

        /** Whatever the kernel makes of that return value (linux/seccomp.h). */
        record Answer(int value) implements Verdict {}

        /** What the first rule says that holds, else {@code otherwise}. */
        record Rules(List<Rule> rules, Verdict otherwise) implements Verdict {
            public Rules {
                rules = List.copyOf(rules);
            }
        }

        /** Let it through when its first argument lies in one of the ranges. */
        record AllowIfArgument(List<Range> ranges) implements Verdict {}
    }

    /** Holds when all comparisons do. */
    record Rule(List<Comparison> all, Verdict verdict) {
        Rule {
            all = List.copyOf(all);
        }
    }

    /** How an argument, all 64 bits of it, is held against a value; {@code MASKED_EQ}: under a mask it equals a second one. */
    enum Operator {
        NE,
        LT,
        LE,
        EQ,
        GE,
        GT,
        MASKED_EQ
    }

    record Comparison(int index, Operator operator, long value, long second) {}

    /** Numbers from {@code first} to {@code last}, unsigned. */
    record Range(int first, int last) {}

    private SyscallProfile(Map<String, Integer> numbers, Set<String> capabilities) {
        this.numbers = numbers;
        this.capabilities = capabilities;
    }

    /** The verdicts by call number; a number that is missing is refused. */
    static SequencedMap<Integer, Verdict> read(String architecture, Set<String> capabilities) {
        var profile = new SyscallProfile(numbers(architecture), capabilities);
        text("default-profile.txt")
                .lines()
                .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                .forEach(profile::line);
        return profile.verdicts;
    }

    static Map<String, Integer> numbers(String architecture) {
        Map<String, Integer> numbers = HashMap.newHashMap(512);
        for (var line : text("syscalls-" + architecture + ".txt").split("\n", -1)) {
            if (!line.isEmpty() && line.charAt(0) != '#') {
                for (var pair : line.split(" ", -1)) {
                    int equals = pair.indexOf('=');
                    numbers.put(pair.substring(0, equals), Integer.valueOf(pair.substring(equals + 1)));
                }
            }
        }
        return numbers;
    }

    private static String text(String resource) {
        try (var in = SyscallProfile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no " + resource);
            }
            return new String(in.readAllBytes(), US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String line) {
        int colon = line.indexOf(':');
        var verdict = verdict(List.of(line.substring(0, colon).split(" ", -1)));
        if (verdict.isEmpty()) {
            return;
        }
        for (var name : line.substring(colon + 2).split(" ", -1)) {
            var number = numbers.get(name);
            if (number != null) {
                verdicts.put(number, verdict.get());
            }
        }
    }

    private Optional<Verdict> verdict(List<String> condition) {
        return switch (condition.getFirst()) {
            case "always" -> Optional.of(new Verdict.Allow());
            case "cap" -> capabilities.contains(condition.get(1)) ? Optional.of(new Verdict.Allow()) : Optional.empty();
            case "without" ->
                capabilities.contains(condition.get(1))
                        ? Optional.empty()
                        : Optional.of(restricted(condition.subList(2, condition.size())));
            default -> Optional.of(restricted(condition));
        };
    }

    private static Verdict restricted(List<String> words) {
        if (words.getFirst().equals("errno")) {
            return new Verdict.Refuse(Integer.parseInt(words.get(1)));
        }
        if (words.get(1).equals("mask")) {
            return new Verdict.AllowUnlessMasked(Long.decode(words.get(2)).intValue());
        }
        List<Range> ranges = new ArrayList<>();
        for (var part : words.get(1).split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Long.decode(dash < 0 ? part : part.substring(0, dash)).intValue();
            ranges.add(new Range(first, dash < 0 ? first : Integer.parseInt(part.substring(dash + 1))));
        }
        return new Verdict.AllowIfArgument(ranges);
    }
}
