package dev.jcompose.cli.command;

import dev.jcompose.cli.output.Json;
import dev.jcompose.model.load.VariableUse;
import java.util.LinkedHashMap;
import java.util.List;

/** The variables of a project's files as a table or as JSON. */
final class VariableTable {
    private static final String ROW = "%-30s %-10s %-25s %s%n";

    private VariableTable() {}

    static String text(List<VariableUse> uses) {
        var out = new StringBuilder(ROW.formatted("NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"));
        for (var use : uses) {
            out.append(ROW.formatted(use.name(), use.required(), use.defaultValue(), use.alternateValue()));
        }
        return out.toString();
    }

    static String json(List<VariableUse> uses) {
        var all = new LinkedHashMap<String, Object>();
        for (var use : uses) {
            var one = new LinkedHashMap<String, Object>();
            one.put("Name", use.name());
            one.put("DefaultValue", use.defaultValue());
            one.put("PresenceValue", use.alternateValue());
            one.put("Required", use.required());
            all.put(use.name(), one);
        }
        return Json.of(all) + "\n";
    }
}
