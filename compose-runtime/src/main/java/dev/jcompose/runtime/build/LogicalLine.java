package dev.jcompose.runtime.build;

import java.util.List;

/** One instruction's text after joining continued lines, with the documents that follow it. */
record LogicalLine(Place place, String text, List<Heredoc> heredocs) {
    LogicalLine {
        heredocs = List.copyOf(heredocs);
    }
}
