package dev.jcompose.runtime.linux;

import dev.jcompose.model.Mount;
import java.util.Optional;
import java.util.Set;

/** Values that decide what a container finds in its file system. */
final class StorageCheck {
    private static final Set<String> PROPAGATIONS =
            Set.of("private", "rprivate", "slave", "rslave", "shared", "rshared");

    private final Findings findings;

    StorageCheck(Findings findings) {
        this.findings = findings;
    }

    void check() {
        for (var mount : findings.service().storage().mounts()) {
            switch (mount) {
                case Mount.Bind bind -> bind(bind);
                case Mount.Other other -> findings.notSupported("volumes", "type " + other.type());
                case Mount.NamedVolume volume -> {}
                case Mount.AnonymousVolume volume -> {}
                case Mount.Tmpfs tmpfs -> {}
                case Mount.Image image -> {}
            }
        }
    }

    private void bind(Mount.Bind bind) {
        bind.propagation()
                .filter(word -> !PROPAGATIONS.contains(word))
                .ifPresent(word -> findings.unknown("volumes", word));
        boolean forced = bind.recursive().equals(Optional.of("readonly"));
        if (forced && !bind.readOnly()) {
            findings.add("volumes", "bind.recursive \"readonly\" needs read_only: true");
        }
        if (forced
                && bind.propagation().filter(word -> !word.endsWith("private")).isPresent()) {
            findings.add("volumes", "bind.recursive \"readonly\" needs propagation rprivate");
        }
        bind.owner()
                .filter(text -> OwnerMapping.parse(text).isEmpty())
                .ifPresent(text -> findings.add(
                        "volumes.*.x-jcompose.owner", "\"" + text + "\" is not a pair of numbers (like \"999:999\")"));
    }
}
