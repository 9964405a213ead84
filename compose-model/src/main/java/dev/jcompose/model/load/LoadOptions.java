package dev.jcompose.model.load;

/** Steps of loading that {@code config} can leave out ({@code --no-interpolate} and its like). */
public record LoadOptions(
        boolean interpolate,
        boolean normalize,
        boolean resolvePaths,
        boolean checkConsistency,
        boolean resolveEnvironment) {
    public static final LoadOptions ALL = new LoadOptions(true, true, true, true, true);
}
