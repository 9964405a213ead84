package dev.jcompose.runtime.linux.seccomp;

import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Comparison;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Operator;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Range;
import dev.jcompose.runtime.linux.seccomp.SyscallProfile.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Turns verdicts into a classic BPF program over {@code struct seccomp_data}: a binary search over runs of call numbers that
 * are treated alike (linux/filter.h, linux/seccomp.h).
 */
final class FilterCompiler {
    static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    static final int JUMP = 0x05; // BPF_JMP | BPF_JA
    static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    static final int JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    static final int JUMP_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    static final int JUMP_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    static final int RETURN = 0x06; // BPF_RET | BPF_K

    static final int NUMBER = 0;
    static final int ARCHITECTURE = 4;
    static final int FIRST_ARGUMENT = 16;

    static final int ALLOW = 0x7fff0000;
    static final int ERRNO = 0x00050000;
    static final int KILL = 0x80000000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int X32 = 0x40000000;
    static final Verdict DENY = new Verdict.Refuse(EPERM);

    private record Instruction(int code, int jumpTrue, int jumpFalse, int value) {}

    /** Call numbers from {@code first} up to the next run, treated alike. */
    private record Run(int first, Verdict verdict) {}

    private FilterCompiler() {}

    /** The program as the array the kernel takes, in native byte order. */
    static byte[] compile(int auditArchitecture, SequencedMap<Integer, Verdict> verdicts, Verdict otherwise) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
        program.add(new Instruction(JUMP_EQUAL, 1, 0, auditArchitecture));
        program.add(returning(KILL));
        program.add(new Instruction(LOAD, 0, 0, NUMBER));
        program.addAll(search(runs(verdicts, otherwise)));
        return bytes(program);
    }

    private static List<Run> runs(SequencedMap<Integer, Verdict> verdicts, Verdict otherwise) {
        List<Run> runs = new ArrayList<>();
        runs.add(new Run(0, otherwise));
        int expected = 0;
        for (var entry : verdicts.entrySet()) {
            int number = entry.getKey();
            if (number > expected) {
                append(runs, expected, otherwise);
            }
            append(runs, number, entry.getValue());
            expected = number + 1;
        }
        append(runs, expected, otherwise);
        runs.add(new Run(X32, new Verdict.Refuse(ENOSYS)));
        return runs;
    }

    private static void append(List<Run> runs, int first, Verdict verdict) {
        var last = runs.getLast();
        if (last.first() == first) {
            runs.removeLast();
        }
        if (runs.isEmpty() || !runs.getLast().verdict().equals(verdict)) {
            runs.add(new Run(first, verdict));
        }
    }

    private static List<Instruction> search(List<Run> runs) {
        if (runs.size() == 1) {
            return decide(runs.getFirst().verdict());
        }
        int middle = runs.size() / 2;
        var below = search(runs.subList(0, middle));
        List<Instruction> code = new ArrayList<>();
        int pivot = runs.get(middle).first();
        if (below.size() <= 255) {
            code.add(new Instruction(JUMP_AT_LEAST, below.size(), 0, pivot));
        } else {
            code.add(new Instruction(JUMP_AT_LEAST, 0, 1, pivot));
            code.add(new Instruction(JUMP, 0, 0, below.size()));
        }
        code.addAll(below);
        code.addAll(search(runs.subList(middle, runs.size())));
        return code;
    }

    private static List<Instruction> decide(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow ignored -> List.of(returning(ALLOW));
            case Verdict.Refuse refuse -> List.of(returning(ERRNO | refuse.errno()));
            case Verdict.Answer answer -> List.of(returning(answer.value()));
            case Verdict.Rules rules -> firstOf(rules);
            case Verdict.AllowUnlessMasked masked ->
                List.of(
                        new Instruction(LOAD, 0, 0, FIRST_ARGUMENT),
                        new Instruction(JUMP_SET, 0, 1, masked.mask()),
                        returning(ERRNO | EPERM),
                        returning(ALLOW));
            case Verdict.AllowIfArgument listed -> oneOf(listed.ranges());
        };
    }

    private static List<Instruction> oneOf(List<Range> ranges) {
        List<Instruction> code = new ArrayList<>();
        code.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT));
        for (var range : ranges) {
            code.add(new Instruction(JUMP_AT_LEAST, 0, 2, range.first()));
            code.add(new Instruction(JUMP_GREATER, 1, 0, range.last()));
            code.add(returning(ALLOW));
        }
        code.add(returning(ERRNO | EPERM));
        return code;
    }

    private static List<Instruction> firstOf(Verdict.Rules rules) {
        List<Instruction> code = new ArrayList<>();
        for (var rule : rules.rules()) {
            var action = decide(rule.verdict());
            List<Instruction> whole = new ArrayList<>(action);
            for (var comparison : rule.all().reversed()) {
                whole.addAll(0, passing(comparison, whole.size()));
            }
            code.addAll(whole);
            if (rule.all().isEmpty()) {
                return code;
            }
        }
        code.addAll(decide(rules.otherwise()));
        return code;
    }

    /** Goes on with the next instruction when the comparison holds, else behind the next {@code rest}; a word at a time. */
    private static List<Instruction> passing(Comparison comparison, int rest) {
        int low = FIRST_ARGUMENT + 8 * comparison.index();
        int upper = (int) (comparison.value() >>> 32);
        int lower = (int) comparison.value();
        int no = rest;
        return switch (comparison.operator()) {
            case EQ ->
                List.of(
                        new Instruction(LOAD, 0, 0, low + 4),
                        new Instruction(JUMP_EQUAL, 0, no + 2, upper),
                        new Instruction(LOAD, 0, 0, low),
                        new Instruction(JUMP_EQUAL, 0, no, lower));
            case NE ->
                List.of(
                        new Instruction(LOAD, 0, 0, low + 4),
                        new Instruction(JUMP_EQUAL, 0, 2, upper),
                        new Instruction(LOAD, 0, 0, low),
                        new Instruction(JUMP_EQUAL, no, 0, lower));
            case GT, GE ->
                List.of(
                        new Instruction(LOAD, 0, 0, low + 4),
                        new Instruction(JUMP_GREATER, 3, 0, upper),
                        new Instruction(JUMP_EQUAL, 0, no + 2, upper),
                        new Instruction(LOAD, 0, 0, low),
                        new Instruction(
                                comparison.operator() == Operator.GT ? JUMP_GREATER : JUMP_AT_LEAST, 0, no, lower));
            case LT, LE ->
                List.of(
                        new Instruction(LOAD, 0, 0, low + 4),
                        new Instruction(JUMP_GREATER, no + 3, 0, upper),
                        new Instruction(JUMP_EQUAL, 0, 2, upper),
                        new Instruction(LOAD, 0, 0, low),
                        new Instruction(
                                comparison.operator() == Operator.LT ? JUMP_AT_LEAST : JUMP_GREATER, no, 0, lower));
            case MASKED_EQ ->
                List.of(
                        new Instruction(LOAD, 0, 0, low + 4),
                        new Instruction(AND, 0, 0, upper),
                        new Instruction(JUMP_EQUAL, 0, no + 3, (int) (comparison.second() >>> 32)),
                        new Instruction(LOAD, 0, 0, low),
                        new Instruction(AND, 0, 0, lower),
                        new Instruction(JUMP_EQUAL, 0, no, (int) comparison.second()));
        };
    }

    private static Instruction returning(int action) {
        return new Instruction(RETURN, 0, 0, action);
    }

    private static byte[] bytes(List<Instruction> program) {
        var buffer = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.nativeOrder());
        for (var step : program) {
            buffer.putShort((short) step.code())
                    .put((byte) step.jumpTrue())
                    .put((byte) step.jumpFalse())
                    .putInt(step.value());
        }
        return buffer.array();
    }
}
