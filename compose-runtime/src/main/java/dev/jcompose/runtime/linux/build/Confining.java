package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.build.RunExecutor.Confinement;
import java.util.Set;

/** What each command gets of the machine, by what the build declares and its own flags ask for. */
final class Confining {
    private static final Set<String> NETWORKS = Set.of("default", "none", "host");

    private final BuildRequest request;

    Confining(BuildRequest request) {
        this.request = request;
    }

    Confinement of(Instruction.Run run) {
        var means = request.build().means();
        var declared = means.network().orElse("default");
        var network = run.network().orElse(declared);
        if (!NETWORKS.contains(network)) {
            throw new BuildException(run.place(), "--network=" + network + " is not known: default, none or host");
        }
        boolean mayUseHost = declared.equals("host") || means.entitlements().contains("network.host");
        if (network.equals("host") && !mayUseHost) {
            throw new BuildException(
                    run.place(), "--network=host needs build.entitlements: [network.host] or build.network: host");
        }
        return new Confinement(
                network, isPrivileged(run), means.extraHosts(), means.shmSize(), means.ulimits(), request.memory());
    }

    private boolean isPrivileged(Instruction.Run run) {
        var security = run.security().orElse("sandbox");
        if (!security.equals("sandbox") && !security.equals("insecure")) {
            throw new BuildException(run.place(), "--security=" + security + " is not known: sandbox or insecure");
        }
        boolean insecure = security.equals("insecure");
        if (insecure && !request.build().means().entitlements().contains("security.insecure")) {
            throw new BuildException(
                    run.place(),
                    "--security=insecure needs build.privileged or build.entitlements: [security.insecure]");
        }
        return insecure;
    }
}
