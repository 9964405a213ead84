package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What runs: command line, environment, working directory, user. */
final class ProcessPart {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ContainerDraft draft;

    ProcessPart(ContainerDraft draft) {
        this.draft = draft;
    }

    void addTo(ContainerPlan.Builder plan) {
        var process = draft.service().process();
        var config = draft.image().config();
        var identity = new ImageUsers(draft.files()::readText)
                .resolve(process.user().orElse(config.user()), process.groupAdd());
        plan.addAll("arg", draft.arguments());
        environment(identity).forEach((key, value) -> plan.add("env", key + "=" + value));
        plan.add("cwd", workingDirectory());
        plan.add("user", Long.toString(identity.uid()), Long.toString(identity.gid()));
        identity.groups().forEach(gid -> plan.add("group", gid));
        plan.addAll("group", draft.edits().groups());
        flag(plan, "tty", process.tty());
        flag(plan, "stdin", process.stdinOpen());
        flag(plan, "init", process.init());
    }

    private static void flag(ContainerPlan.Builder plan, String key, boolean set) {
        if (set) {
            plan.add(key, 1);
        }
    }

    private String workingDirectory() {
        var directory = draft.service()
                .process()
                .workingDir()
                .orElse(draft.image().config().workingDir());
        return directory.startsWith("/") ? directory : "/" + directory;
    }

    private SequencedMap<String, String> environment(Identity identity) {
        SequencedMap<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", PATH);
        environment.put("HOSTNAME", draft.hostname());
        if (draft.service().process().tty()) {
            environment.put("TERM", "xterm");
        }
        draft.image().config().env().forEach(pair -> put(environment, pair));
        draft.edits().environment().forEach(pair -> put(environment, pair));
        draft.service().process().environment().forEach((key, value) -> {
            if (value.isPresent()) {
                environment.put(key, value.get());
            } else {
                environment.remove(key);
            }
        });
        environment.putIfAbsent("HOME", identity.home());
        return environment;
    }

    private static void put(SequencedMap<String, String> environment, String pair) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
            environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }
}
