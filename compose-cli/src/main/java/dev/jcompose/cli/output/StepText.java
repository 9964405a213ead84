package dev.jcompose.cli.output;

import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Action.BuildImage;
import dev.jcompose.planner.Action.CreateContainer;
import dev.jcompose.planner.Action.CreateNetwork;
import dev.jcompose.planner.Action.CreateVolume;
import dev.jcompose.planner.Action.KillContainer;
import dev.jcompose.planner.Action.PauseContainer;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.Action.PushImage;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.Action.RemoveVolume;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.Action.StopContainer;
import dev.jcompose.planner.Action.UnpauseContainer;

/**
 * The words of Docker Compose for an action.
 *
 * @param subject what it is done to: {@code Container shop-web-1}
 * @param working while it is done: {@code Creating}
 * @param done once it is done: {@code Created}
 */
record StepText(String subject, String working, String done) {
    static StepText of(Action action) {
        return switch (action) {
            case PullImage pull -> new StepText("Image " + pull.image(), "Pulling", "Pulled");
            case PushImage push -> new StepText("Image " + push.image(), "Pushing", "Pushed");
            case BuildImage build -> new StepText("Image " + build.image(), "Building", "Built");
            case CreateNetwork create -> new StepText("Network " + create.name(), "Creating", "Created");
            case RemoveNetwork remove -> new StepText("Network " + remove.name(), "Removing", "Removed");
            case CreateVolume create -> new StepText("Volume " + create.name(), "Creating", "Created");
            case RemoveVolume remove -> new StepText("Volume " + remove.name(), "Removing", "Removed");
            case CreateContainer create -> creation(create);
            case StartContainer start -> container(start.name(), "Starting", "Started");
            case AwaitContainer await -> container(await.name(), "Waiting", reached(await));
            case StopContainer stop -> container(stop.name(), "Stopping", "Stopped");
            case KillContainer kill -> container(kill.name(), "Killing", "Killed");
            case PauseContainer pause -> container(pause.name(), "Pausing", "Paused");
            case UnpauseContainer unpause -> container(unpause.name(), "Unpausing", "Unpaused");
            case RemoveContainer remove -> container(remove.name(), "Removing", "Removed");
        };
    }

    private static StepText creation(CreateContainer create) {
        return create.replaces().isPresent()
                ? container(create.name(), "Recreate", "Recreated")
                : container(create.name(), "Creating", "Created");
    }

    private static StepText container(String name, String working, String done) {
        return new StepText("Container " + name, working, done);
    }

    private static String reached(AwaitContainer await) {
        return switch (await.condition()) {
            case STARTED -> "Started";
            case HEALTHY -> "Healthy";
            case COMPLETED -> "Exited";
        };
    }
}
