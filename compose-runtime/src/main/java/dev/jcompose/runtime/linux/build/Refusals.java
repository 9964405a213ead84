package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Instruction;

/** What a build cannot do yet; found before anything is started. */
final class Refusals {
    private final boolean canRun;

    Refusals(boolean canRun) {
        this.canRun = canRun;
    }

    void check(Instruction instruction) {
        switch (instruction) {
            case Instruction.Run run -> checkRun(run);
            case Instruction.Copy copy -> checkCopy(copy);
            case Instruction.OnBuild on ->
                refuse(on, "ONBUILD is not supported yet: write the instruction where" + " the image is used");
            default -> {}
        }
    }

    private void checkRun(Instruction.Run run) {
        if (!canRun) {
            refuse(
                    run,
                    "RUN is not supported by the native backend yet: COPY what it would make, or load the image"
                            + " made elsewhere with \"jcompose image load FILE\"");
        }
        if (!run.flags().isEmpty()) {
            refuse(run, "RUN " + run.flags().getFirst() + " is not supported yet: leave the flag out");
        }
    }

    private static void checkCopy(Instruction.Copy copy) {
        if (copy.flag("parents").isPresent()) {
            refuse(copy, copy.name() + " --parents is not supported yet: name the directory in the destination");
        }
        for (var source : copy.sources()) {
            if (copy.add() && isRemote(source)) {
                refuse(
                        copy,
                        "ADD of \"" + source + "\" from the network is not supported yet: put the file into"
                                + " the build context");
            }
        }
    }

    private static boolean isRemote(String source) {
        return source.matches("(?i)(https?|ftp|git|ssh)://.*") || source.startsWith("git@");
    }

    private static void refuse(Instruction instruction, String reason) {
        throw new BuildException(instruction.place(), reason);
    }
}
