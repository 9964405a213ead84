package dev.jcompose.runtime.linux.seccomp;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Comparison;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Rule;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Verdict;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.oci.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A filter of system calls in Docker's JSON format, as {@code security_opt: [seccomp=FILE]} names it. */
public final class SeccompDocument {
    private static final Map<String, String> CAPABLE_ARCHITECTURES = Map.of("x86_64", "amd64", "aarch64", "arm64");
    private static final int EPERM = 1;

    private final Json document;
    private final Verdict otherwise;

    private SeccompDocument(Json document) {
        this.document = document;
        this.otherwise = action(document, "defaultAction", "defaultErrnoRet");
    }

    /** Throws when the text is not such a document, with words that go on after the file's name. */
    public static SeccompDocument parse(String text) {
        var json = Json.tryParse(text).orElseThrow(() -> new BackendException("is not a JSON document"));
        if (!(json instanceof Json.Members)) {
            throw new BackendException("is not a seccomp profile: a mapping is expected");
        }
        var parsed = new SeccompDocument(json);
        parsed.compile(Set.of());
        return parsed;
    }

    /** The program for a container with these capabilities ({@code SYS_ADMIN}), in native byte order. */
    public byte[] compile(Set<String> capabilities) {
        return compile(HelperBinary.architecture(), capabilities);
    }

    byte[] compile(String architecture, Set<String> capabilities) {
        var numbers = SyscallProfile.numbers(architecture);
        Map<Integer, List<Rule>> rules = new HashMap<>();
        for (var entry : document.get("syscalls").items()) {
            if (applies(entry, architecture, capabilities)) {
                var made = rules(entry);
                for (var name : names(entry)) {
                    var number = numbers.get(name);
                    if (number != null) {
                        rules.computeIfAbsent(number, key -> new ArrayList<>()).addAll(made);
                    }
                }
            }
        }
        var verdicts = new TreeMap<Integer, Verdict>();
        rules.forEach((number, list) -> verdicts.put(number, new Verdict.Rules(list, otherwise)));
        return FilterCompiler.compile(SeccompPrograms.auditArchitecture(architecture), verdicts, otherwise);
    }

    private static List<String> names(Json entry) {
        var names = entry.get("names").texts();
        return names.isEmpty() ? entry.get("name").texts() : names;
    }

    private static boolean applies(Json entry, String architecture, Set<String> capabilities) {
        return holds(entry.get("includes"), architecture, capabilities, true)
                && !holds(entry.get("excludes"), architecture, capabilities, false);
    }

    /** Of conditions that include all must hold, of those that exclude one suffices. */
    private static boolean holds(Json conditions, String architecture, Set<String> capabilities, boolean all) {
        List<Boolean> met = new ArrayList<>();
        for (var name : conditions.get("caps").texts()) {
            met.add(capabilities.contains(name.startsWith("CAP_") ? name.substring(4) : name));
        }
        var architectures = conditions.get("arches").texts();
        if (!architectures.isEmpty()) {
            met.add(architectures.contains(CAPABLE_ARCHITECTURES.getOrDefault(architecture, architecture)));
        }
        conditions.get("minKernel").text().ifPresent(version -> met.add(isKernelAtLeast(version)));
        return all ? !met.contains(false) : met.contains(true);
    }

    private static boolean isKernelAtLeast(String version) {
        var own = System.getProperty("os.version", "0").split("[^0-9]+", 3);
        var wanted = version.split("[^0-9]+", 3);
        for (int i = 0; i < 2; i++) {
            int difference = number(own, i) - number(wanted, i);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private static int number(String[] parts, int index) {
        return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
    }

    /** Conditions on one argument twice are alternatives, as in runc; all others must hold together. */
    private static List<Rule> rules(Json entry) {
        var action = action(entry, "action", "errnoRet");
        List<Comparison> all = new ArrayList<>();
        for (var argument : entry.get("args").items()) {
            all.add(comparison(argument));
        }
        Set<Integer> indexes = new HashSet<>();
        boolean alternatives = !all.stream().allMatch(one -> indexes.add(one.index()));
        return alternatives
                ? all.stream().map(one -> new Rule(List.of(one), action)).toList()
                : List.of(new Rule(all, action));
    }

    private static Comparison comparison(Json argument) {
        var name = argument.get("op").text().orElse("");
        for (var operator : SyscallProfile.Operator.values()) {
            if (name.equals("SCMP_CMP_" + operator)) {
                int index = (int) argument.get("index").number(0);
                if (index < 0 || index > 5) {
                    throw new BackendException("has an argument number " + index + "; system calls have 0 to 5");
                }
                return new Comparison(
                        index,
                        operator,
                        argument.get("value").number(0),
                        argument.get("valueTwo").number(0));
            }
        }
        throw new BackendException("has the unknown comparison \"" + name + "\"");
    }

    private static Verdict action(Json owner, String key, String errorKey) {
        int error = (int) owner.get(errorKey).number(EPERM);
        var name = owner.get(key).text().orElse("");
        return switch (name) {
            case "SCMP_ACT_ALLOW" -> new Verdict.Allow();
            case "SCMP_ACT_ERRNO" -> new Verdict.Refuse(error);
            case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> new Verdict.Answer(0);
            case "SCMP_ACT_KILL_PROCESS" -> new Verdict.Answer(0x80000000);
            case "SCMP_ACT_TRAP" -> new Verdict.Answer(0x00030000);
            case "SCMP_ACT_TRACE" -> new Verdict.Answer(0x7ff00000 | (error & 0xffff));
            case "SCMP_ACT_LOG" -> new Verdict.Answer(0x7ffc0000);
            default -> throw new BackendException("has the unknown " + key + " \"" + name + "\"");
        };
    }
}
