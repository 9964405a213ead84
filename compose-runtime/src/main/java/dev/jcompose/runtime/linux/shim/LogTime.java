package dev.jcompose.runtime.linux.shim;

import java.time.Instant;

/** The time at the start of a log line, {@code 2026-11-23T20:34:29.123456789Z}: of fixed length, so read by place. */
final class LogTime {
    private static final int DAYS_TO_EPOCH = 719_468; // from 0000-03-01 to 1970-01-01

    private LogTime() {}

    static Instant parse(byte[] text, int at) {
        long days = days(number(text, at, 4), number(text, at + 5, 2), number(text, at + 8, 2));
        long seconds = days * 86_400
                + number(text, at + 11, 2) * 3600L
                + number(text, at + 14, 2) * 60L
                + number(text, at + 17, 2);
        return Instant.ofEpochSecond(seconds, number(text, at + 20, 9));
    }

    private static int number(byte[] text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            number = number * 10 + text[i] - '0';
        }
        return number;
    }

    /** Days since 1970, with years that begin in March so that the leap day comes last. */
    private static long days(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - DAYS_TO_EPOCH;
    }
}
