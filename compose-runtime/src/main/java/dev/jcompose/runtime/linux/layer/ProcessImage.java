package dev.jcompose.runtime.linux.layer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Replaces the program this process runs (execve(2)): number, terminal and standard streams stay. */
public final class ProcessImage {
    private ProcessImage() {}

    /** Returns only when the program could not be executed. */
    @SuppressWarnings("restricted")
    public static void replace(String program, List<String> arguments, List<String> environment) {
        var linker = Linker.nativeLinker();
        var signature = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        var execve = linker.downcallHandle(linker.defaultLookup().find("execve").orElseThrow(), signature);
        try (var arena = Arena.ofConfined()) {
            int result = (int) execve.invokeExact(
                    arena.allocateFrom(program), strings(arena, arguments), strings(arena, environment));
            if (result != -1) {
                throw new IllegalStateException("execve(2) returns only when it has failed");
            }
        } catch (Throwable e) { // what a method handle declares; a downcall itself throws nothing
            throw new IllegalStateException("execve", e);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        var array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }
}
