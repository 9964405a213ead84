package dev.jcompose.model.load;

/** A variable the files of a project use; texts that do not apply are blank. */
public record VariableUse(String name, boolean required, String defaultValue, String alternateValue) {
    /** What two uses of one variable say together. */
    VariableUse or(VariableUse other) {
        return new VariableUse(
                name,
                required || other.required,
                defaultValue.isEmpty() ? other.defaultValue : defaultValue,
                alternateValue.isEmpty() ? other.alternateValue : alternateValue);
    }
}
