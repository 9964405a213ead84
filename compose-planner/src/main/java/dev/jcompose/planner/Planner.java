package dev.jcompose.planner;

import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedProject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what is declared with what exists. Pure: same arguments, same plan; no I/O, no clock, no prompt. Every method
 * throws a {@link dev.jcompose.model.problem.ComposeException} for a service name the project does not have, naming the
 * nearest one. {@link #up} and {@link #build} do so for a dependency cycle too, naming the cycle; commands on containers
 * that exist leave out a dependency that would close one, so that a broken file keeps nobody from cleaning up.
 */
public interface Planner {
    /**
     * The images {@code up} has to build or fetch, and nothing else. Whoever wants unchanged containers to be kept although
     * their image is built or fetched again carries this out first, observes again, and plans {@link #up} with {@link
     * UpOptions#imagesReady}; {@code up} alone replaces the containers of such images, since nobody can know beforehand
     * whether the image will be another.
     */
    Plan images(Project declared, ObservedProject observed, UpOptions options);

    Plan up(Project declared, ObservedProject observed, UpOptions options);

    /** Works from what exists alone when no project files are at hand. */
    Plan down(Optional<Project> declared, ObservedProject observed, DownOptions options);

    /** Starts existing containers, in dependency order. No services means all of them; likewise below. */
    Plan start(Project declared, ObservedProject observed, List<String> services);

    Plan stop(Optional<Project> declared, ObservedProject observed, List<String> services, Optional<Duration> timeout);

    Plan restart(
            Project declared,
            ObservedProject observed,
            List<String> services,
            boolean withDependents,
            Optional<Duration> timeout);

    Plan kill(
            Optional<Project> declared,
            ObservedProject observed,
            List<String> services,
            String signal,
            boolean removeOrphans);

    /** Fetches the images of services, each once, as their policies allow. */
    Plan pull(Project declared, ObservedProject observed, PullOptions options);

    /** Gives the images of services that have a {@code build} section and a name for it to their registries. */
    Plan push(Project declared, List<String> services, boolean withDependencies);

    /** Starts these containers, in the order they remember. */
    Plan resume(ObservedProject observed, Set<String> containers);

    /** Freezes the containers that run. */
    Plan pause(Optional<Project> declared, ObservedProject observed, List<String> services);

    Plan unpause(Optional<Project> declared, ObservedProject observed, List<String> services);

    /** Removes containers that do not run; with {@code stop} also those that do. */
    Plan remove(
            Optional<Project> declared, ObservedProject observed, List<String> services, boolean stop, boolean volumes);

    /** Builds the images of services that have a {@code build} section, those they need first. */
    Plan build(Project declared, List<String> services, boolean withDependencies);
}
