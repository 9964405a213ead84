package dev.jcompose.cli.output;

import java.util.List;

/** The colours of log prefixes and progress, as terminals know them. */
enum Colour {
    CYAN("36"),
    YELLOW("33"),
    GREEN("32"),
    MAGENTA("35"),
    BLUE("34"),
    RED("31"),
    INTENSE_CYAN("36;1"),
    INTENSE_YELLOW("33;1"),
    INTENSE_GREEN("32;1"),
    INTENSE_MAGENTA("35;1"),
    INTENSE_BLUE("34;1");

    /** The order in which containers get theirs, as in Docker Compose. */
    private static final List<Colour> CYCLE = List.of(
            CYAN,
            YELLOW,
            GREEN,
            MAGENTA,
            BLUE,
            INTENSE_CYAN,
            INTENSE_YELLOW,
            INTENSE_GREEN,
            INTENSE_MAGENTA,
            INTENSE_BLUE);

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    /** The colour of the n-th thing, from 0. */
    static Colour of(int number) {
        return CYCLE.get(number % CYCLE.size());
    }

    String paint(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
