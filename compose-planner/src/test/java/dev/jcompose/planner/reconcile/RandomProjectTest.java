package dev.jcompose.planner.reconcile;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.testing.PaperBackend;
import dev.jcompose.planner.testing.ProjectSample;
import dev.jcompose.planner.testing.ServiceSample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the project and wherever a plan was cut off: plans can be carried out in any order they allow, and converge. */
class RandomProjectTest {
    private static final DefaultPlanner PLANNER = new DefaultPlanner();

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void any_change_cut_off_anywhere_converges_to_an_empty_plan(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        PaperBackend backend = new PaperBackend();
        for (int round = 0; round < 4; round++) {
            Project project = randomProject(random).project();
            Plan plan = up(project, backend);
            List<Step> order = anyOrder(plan, random);
            boolean cutOff = random.nextBoolean();
            backend.run(project, order, cutOff ? random.nextInt(order.size() + 1) : order.size());
            if (cutOff) {
                List<Step> rest = anyOrder(up(project, backend), random);
                backend.run(project, rest, rest.size());
            }
            backend.keepEndedRunning(); // every up starts ended jobs again
            assertThat(up(project, backend).describe()).isEmpty();
        }
        List<Step> end = anyOrder(down(backend), random);
        backend.run(randomProject(random).project(), end, end.size());
        assertThat(backend.observe().containers()).isEmpty();
        assertThat(backend.observe().networks()).isEmpty();
        assertThat(backend.observe().volumes()).isEmpty();
    }

    private static Plan up(Project project, PaperBackend backend) {
        UpOptions plain = UpOptions.defaults();
        UpOptions removingOrphans = new UpOptions(
                List.of(),
                plain.scale(),
                plain.recreate(),
                false,
                true,
                plain.building(),
                true,
                true,
                false,
                false,
                false,
                Optional.empty());
        return PLANNER.up(project, backend.observe(), removingOrphans);
    }

    private static Plan down(PaperBackend backend) {
        return PLANNER.down(
                Optional.empty(), backend.observe(), new DownOptions(List.of(), true, true, Optional.empty()));
    }

    /** The steps in some order that what they wait for allows. */
    private static List<Step> anyOrder(Plan plan, RandomGenerator random) {
        List<Step> open = new ArrayList<>(plan.steps());
        List<Step> order = new ArrayList<>();
        Set<Integer> done = new HashSet<>();
        while (!open.isEmpty()) {
            List<Step> ready =
                    open.stream().filter(step -> done.containsAll(step.after())).toList();
            Step next = ready.get(random.nextInt(ready.size()));
            open.remove(next);
            order.add(next);
            done.add(next.id());
        }
        return order;
    }

    private static ProjectSample randomProject(RandomGenerator random) {
        List<ServiceSample> services = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            ServiceSample service = service("s" + i).scale(random.nextInt(4)).hash("h" + random.nextInt(2));
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    service.needs("s" + j, dependency(j % 2 == 0, random));
                }
            }
            if (random.nextBoolean()) {
                service.volumes("v" + random.nextInt(2));
            }
            place(service, random);
            services.add(service);
        }
        ProjectSample sample = shop(services.reversed().toArray(ServiceSample[]::new));
        return sample.hash("n0", "n" + random.nextInt(2)).hash("default", "n" + random.nextInt(2));
    }

    private static void place(ServiceSample service, RandomGenerator random) {
        switch (random.nextInt(4)) {
            case 0 -> service.networks("n0");
            case 1 -> service.networks("default", "n0");
            default -> {}
        }
    }

    private static Dependency dependency(boolean onJob, RandomGenerator random) {
        Condition ready = onJob ? Condition.COMPLETED : Condition.HEALTHY;
        return new Dependency(
                random.nextBoolean() ? ready : Condition.STARTED, random.nextBoolean(), random.nextBoolean());
    }
}
