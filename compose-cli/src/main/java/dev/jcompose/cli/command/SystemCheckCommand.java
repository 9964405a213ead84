package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Json;
import dev.jcompose.cli.output.Table;
import dev.jcompose.runtime.linux.SystemCheck;
import dev.jcompose.runtime.linux.SystemCheck.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code system check}: what the machine offers, and what to do about what it does not. */
public final class SystemCheckCommand implements Command {
    private final Options options = new Options("Check what this machine offers to the native backend");
    private final Value format = options.value("FORMAT", "table or json", "--format");

    private final Console console;

    public SystemCheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    /** 1 when containers cannot run. */
    @Override
    public Integer call() {
        var findings = SystemCheck.run(console.environment());
        if (format.or("table").equals("json")) {
            console.out().println(json(findings));
        } else {
            var table = new Table("FEATURE", "STATUS", "REMEDY");
            findings.forEach(finding -> table.add(finding.feature(), finding.status(), finding.remedy()));
            console.out().print(table.text());
        }
        return findings.isEmpty() || findings.stream().anyMatch(Finding::prevents) ? 1 : 0;
    }

    private static String json(List<Finding> findings) {
        return Json.of(findings.stream().map(SystemCheckCommand::row).toList());
    }

    private static Map<String, Object> row(Finding finding) {
        var row = new LinkedHashMap<String, Object>();
        row.put("Feature", finding.feature());
        row.put("Status", finding.status());
        row.put("Remedy", finding.remedy());
        return row;
    }
}
