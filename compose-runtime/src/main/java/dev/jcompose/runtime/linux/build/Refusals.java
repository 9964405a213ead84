package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import java.util.Collection;

/** What a build cannot do; found before anything is started. */
final class Refusals {
    private final BuildRequest request;
    private final boolean canRun;

    Refusals(BuildRequest request, boolean canRun) {
        this.request = request;
        this.canRun = canRun;
    }

    void check(Dockerfile dockerfile, Collection<Integer> stages) {
        checkPlatforms();
        for (int number : stages) {
            dockerfile.stages().get(number).instructions().stream()
                    .filter(Instruction.Run.class::isInstance)
                    .map(Instruction.Run.class::cast)
                    .forEach(this::check);
        }
    }

    private void checkPlatforms() {
        var here = "linux/" + ArchiveLoader.architecture();
        for (var platform : request.build().means().platforms()) {
            if (!platform.equals(here) && !platform.startsWith(here + "/")) {
                throw new BackendException("cannot build " + request.reference() + " for platform " + platform
                        + ": this machine is " + here + "; name only that one in build.platforms");
            }
        }
    }

    private void check(Instruction.Run run) {
        if (!canRun) {
            throw new BuildException(
                    run.place(),
                    "RUN is not supported here: COPY what it would make, or load the image"
                            + " made elsewhere with \"jcompose image load FILE\"");
        }
        new Confining(request).of(run);
    }
}
