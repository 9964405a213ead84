package dev.jcompose.cli.output;

import java.time.Duration;

/** Durations in the words of Docker: {@code 5 seconds}, {@code About an hour}. */
public final class HumanTime {
    private static final int HOURS_PER_DAY = 24;
    private static final int DAYS_PER_WEEK = 7;
    private static final int DAYS_PER_MONTH = 30;
    private static final int DAYS_PER_YEAR = 365;
    private static final long MINUTES_PER_HOUR = 60;

    private HumanTime() {}

    public static String of(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long minutes = duration.toMinutes();
        long hours = Math.round(minutes / (double) MINUTES_PER_HOUR);
        if (seconds < 1) {
            return "Less than a second";
        }
        if (minutes < 1) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        if (hours < 1 || minutes < MINUTES_PER_HOUR) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        return hours == 1 ? "About an hour" : ofHours(hours);
    }

    private static String ofHours(long hours) {
        long days = hours / HOURS_PER_DAY;
        if (hours < 2 * HOURS_PER_DAY) {
            return hours + " hours";
        }
        if (days < 2 * DAYS_PER_WEEK) {
            return days + " days";
        }
        if (days < 2 * DAYS_PER_MONTH) {
            return days / DAYS_PER_WEEK + " weeks";
        }
        return days < 2 * DAYS_PER_YEAR ? days / DAYS_PER_MONTH + " months" : days / DAYS_PER_YEAR + " years";
    }
}
