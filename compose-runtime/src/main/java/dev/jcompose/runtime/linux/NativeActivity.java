package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Activity;
import java.util.List;
import java.util.Optional;

/** What the kernel says of containers, and what their monitors noted. */
final class NativeActivity implements Activity {
    private final ContainerIndex index;
    private final ContainerStates states;
    private final EventLog events;

    NativeActivity(ContainerIndex index, ContainerStates states, EventLog events) {
        this.index = index;
        this.states = states;
        this.events = events;
    }

    @Override
    public List<Task> processes(String id) {
        var files = index.require(id);
        var pid = states.of(files).pid();
        return pid.isPresent() ? new ProcessTable(index.plan(files), pid.getAsInt()).tasks() : List.of();
    }

    @Override
    public Optional<Usage> usage(String id) {
        var files = index.require(id);
        var pid = states.of(files).pid();
        return pid.isPresent()
                ? Optional.of(new UsageMeter(index.plan(files), pid.getAsInt()).measure())
                : Optional.empty();
    }

    @Override
    public EventReader events(String project) {
        return events.reader(project);
    }
}
