package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.Expansion;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** The values of ARG: given by the caller, declared before the first stage, or known by every build. */
final class Arguments {
    /** Known to every build without being declared, and not warned of. */
    private static final Set<String> PREDEFINED = Set.of(
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "FTP_PROXY",
            "ftp_proxy",
            "NO_PROXY",
            "no_proxy",
            "ALL_PROXY",
            "all_proxy",
            "SOURCE_DATE_EPOCH");

    private final Map<String, String> given;
    private final Map<String, String> platform;
    private final Map<String, String> global = new HashMap<>();
    private final Set<String> unused;

    Arguments(Dockerfile dockerfile, Map<String, String> given, String target) {
        this.given = given;
        this.platform = platform(target);
        this.unused = new ConcurrentSkipListSet<>(given.keySet());
        unused.removeAll(PREDEFINED);
        for (var arg : dockerfile.globalArgs()) {
            declareGlobal(arg, dockerfile.escape());
        }
    }

    private static Map<String, String> platform(String target) {
        var architecture = ArchiveLoader.architecture();
        var values = new HashMap<String, String>();
        values.put("TARGETSTAGE", target);
        for (var kind : new String[] {"TARGET", "BUILD"}) {
            values.put(kind + "PLATFORM", "linux/" + architecture);
            values.put(kind + "OS", "linux");
            values.put(kind + "ARCH", architecture);
            values.put(kind + "VARIANT", "");
        }
        return values;
    }

    private void declareGlobal(Instruction.Arg arg, char escape) {
        arg.defaults()
                .forEach((name, value) -> given(name)
                        .or(() -> value.map(text -> new Expansion(arg.place(), escape, this::global).word(text)))
                        .ifPresent(result -> global.put(name, result)));
    }

    private Optional<String> given(String name) {
        unused.remove(name);
        return Optional.ofNullable(given.get(name));
    }

    /** What FROM sees. */
    Optional<String> global(String name) {
        return Optional.ofNullable(global.get(name)).or(() -> Optional.ofNullable(platform.get(name)));
    }

    /** The value of an argument a stage declares. */
    Optional<String> declared(String name, Optional<String> otherwise) {
        return given(name).or(() -> otherwise).or(() -> global(name));
    }

    /** The time images are to say they were made at. */
    Optional<String> sourceDateEpoch() {
        return Optional.ofNullable(given.get("SOURCE_DATE_EPOCH"));
    }

    /** Given values of arguments that commands see without a declaration. */
    Map<String, String> proxies() {
        var proxies = new TreeMap<String, String>();
        PREDEFINED.stream()
                .filter(name -> !name.equals("SOURCE_DATE_EPOCH"))
                .forEach(name -> Optional.ofNullable(given.get(name)).ifPresent(value -> proxies.put(name, value)));
        return proxies;
    }

    /** Given arguments that nothing has declared. */
    Set<String> unused() {
        return unused;
    }
}
