package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.Instruction;
import java.util.function.Consumer;

/** Tells the steps of one stage to the user: {@code [2/5] COPY web /web}, or {@code CACHED [2/5] ...}. */
final class Steps {
    private final String prefix;
    private final long total;
    private final Consumer<String> progress;
    private int number;

    Steps(Dockerfile.Stage stage, boolean severalStages, Consumer<String> progress) {
        this.prefix = severalStages ? stage.label() + " " : "";
        this.total = 1 + stage.instructions().stream().filter(Steps::isCounted).count();
        this.progress = progress;
    }

    /** Only what makes files counts, as in BuildKit; settings take no time. */
    private static boolean isCounted(Instruction instruction) {
        return instruction instanceof Instruction.Copy
                || instruction instanceof Instruction.Run
                || instruction instanceof Instruction.Workdir;
    }

    void next(Instruction instruction, boolean cached) {
        number++;
        progress.accept((cached ? "CACHED " : "") + "[" + prefix + number + "/" + total + "] " + instruction.text());
    }

    void output(String line) {
        progress.accept(line);
    }
}
