package dev.jcompose.cli;

import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.PublishedPort;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Activity;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.Disk;
import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.Networks;
import dev.jcompose.runtime.Volumes;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A backend that can be looked at and does nothing: project {@code shop} with these containers. */
record ObservedBackend(List<ObservedContainer> containersOfShop) implements Backend {
    static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

    /** A container of the project, published on 8080. */
    static ObservedContainer container(String service, int number, Status status, Health health) {
        var networks = new LinkedHashMap<>(Map.of("shop_default", "172.18.0.2"));
        return new ObservedContainer(
                String.valueOf(number).repeat(64),
                "shop-" + service + "-" + number,
                service,
                number,
                false,
                "hash",
                "shop-" + service,
                "sha256:" + "f".repeat(64),
                List.of("/docker-entrypoint.sh", "serve"),
                status,
                health,
                status == Status.EXITED ? OptionalInt.of(3) : OptionalInt.empty(),
                OptionalInt.empty(),
                STARTED,
                status == Status.CREATED ? Optional.empty() : Optional.of(STARTED),
                status == Status.EXITED ? Optional.of(STARTED) : Optional.empty(),
                0,
                networks,
                List.of("shop_data"),
                List.of(new PublishedPort("0.0.0.0", 8080, 80, "tcp"), new PublishedPort("", 0, 443, "tcp")),
                Map.of("com.docker.compose.project.config_files", "/shop/compose.yaml"));
    }

    @Override
    public String name() {
        return "observed";
    }

    @Override
    public void check(Project project) {
        // everything is fine
    }

    @Override
    public ObservedProject observe(String project, Collection<String> images) {
        var containers = project.equals("shop") ? containersOfShop : List.<ObservedContainer>of();
        return new ObservedProject(project, containers, List.of(), List.of(), Map.of());
    }

    @Override
    public List<String> projects() {
        return List.of("shop");
    }

    @Override
    public Lock lock(String project, WaitListener waiting) {
        throw new AssertionError("nothing here may change a project");
    }

    @Override
    public Containers containers() {
        throw new AssertionError("nothing here may touch containers");
    }

    @Override
    public Activity activity() {
        throw new AssertionError("nothing here may look at processes");
    }

    @Override
    public Copies copies() {
        throw new AssertionError("nothing here may copy files");
    }

    @Override
    public Images images() {
        throw new AssertionError("nothing here may touch images");
    }

    @Override
    public Networks networks() {
        throw new AssertionError("nothing here may touch networks");
    }

    @Override
    public Volumes volumes() {
        throw new AssertionError("nothing here may touch volumes");
    }

    @Override
    public Disk disk() {
        throw new AssertionError("nothing here may touch the disk");
    }

    @Override
    public void close() {
        // nothing is open
    }
}
