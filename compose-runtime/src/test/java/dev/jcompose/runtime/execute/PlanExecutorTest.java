package dev.jcompose.runtime.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.runtime.BackendException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PlanExecutorTest {
    private final List<StepEvent> events = Collections.synchronizedList(new ArrayList<>());

    private static Action action(String name) {
        return new PullImage(name, name);
    }

    private static Step step(int id, Integer... after) {
        return new Step(id, action("s" + id), Set.of(after), "test");
    }

    private static Plan plan(Step... steps) {
        return new Plan(List.of(steps), List.of());
    }

    private PlanExecutor executor(int parallel, ActionRunner runner) {
        return new PlanExecutor(runner, parallel, events::add);
    }

    @Test
    void starts_a_step_only_after_what_it_waits_for() throws Exception {
        List<Action> performed = Collections.synchronizedList(new ArrayList<>());

        executor(-1, (action, report) -> performed.add(action))
                .execute(plan(step(1), step(2, 1), step(3, 1), step(4, 2, 3)));

        assertThat(performed).hasSize(4).startsWith(action("s1")).endsWith(action("s4"));
    }

    @Test
    void independent_steps_run_at_once() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(50);
        Plan plan = new Plan(
                IntStream.rangeClosed(1, 50).mapToObj(PlanExecutorTest::step).toList(), List.of());

        executor(-1, (action, report) -> meet(meeting)).execute(plan);

        assertThat(events).hasSize(100);
    }

    @Test
    void no_more_actions_than_allowed_run_at_once() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier pair = new CyclicBarrier(2);
        Plan plan = new Plan(
                IntStream.rangeClosed(1, 20).mapToObj(PlanExecutorTest::step).toList(), List.of());

        executor(2, (action, report) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    meet(pair);
                    running.decrementAndGet();
                })
                .execute(plan);

        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    void waiting_for_a_container_does_not_count_as_running() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Action await = new AwaitContainer("db", "shop-db-1", Condition.HEALTHY, true);
        Plan plan = plan(new Step(1, await, Set.of(), "test"), step(2));

        executor(1, (action, report) -> {
                    if (action.equals(await)) {
                        done.await();
                    } else {
                        done.countDown();
                    }
                })
                .execute(plan);

        assertThat(done.getCount()).isZero();
    }

    @Test
    void a_failure_is_thrown_as_it_is_and_keeps_dependents_from_running() {
        BackendException failure = new BackendException("cannot start container shop-db-1: no such image");
        ActionRunner runner = (action, report) -> {
            if (action.equals(action("s1"))) {
                throw failure;
            }
        };
        Plan plan = plan(step(1), step(2, 1));

        assertThatThrownBy(() -> executor(-1, runner).execute(plan)).isSameAs(failure);
        assertThat(events)
                .containsExactly(
                        new StepEvent.Started(plan.steps().getFirst()),
                        new StepEvent.Failed(plan.steps().getFirst(), failure));
    }

    @Test
    void a_failure_interrupts_what_runs() {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        ActionRunner runner = (action, report) -> {
            if (action.equals(action("s1"))) {
                waiting.await();
                throw new BackendException("broken");
            }
            try {
                waiting.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        };

        assertThatThrownBy(() -> executor(-1, runner).execute(plan(step(1), step(2))))
                .hasMessage("broken");
        assertThat(interrupted.get()).isEqualTo(1);
    }

    @Test
    void an_error_in_a_step_ends_the_run_as_well() {
        ActionRunner broken = (action, report) -> {
            throw new StackOverflowError("deep");
        };

        assertThatThrownBy(() -> executor(-1, broken).execute(plan(step(1), step(2, 1))))
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void an_interrupt_of_the_caller_interrupts_the_steps_and_waits_for_their_end() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        AtomicReference<Optional<Throwable>> thrown = new AtomicReference<>(Optional.empty());
        ActionRunner runner = (action, report) -> {
            try {
                running.countDown();
                new CountDownLatch(1).await();
            } finally {
                ended.incrementAndGet();
            }
        };
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                executor(-1, runner).execute(plan(step(1), step(2, 1)));
            } catch (InterruptedException e) {
                thrown.set(Optional.of(e));
            }
        });

        running.await();
        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).containsInstanceOf(InterruptedException.class);
        assertThat(ended.get()).isEqualTo(1);
    }

    @Test
    void what_a_step_reports_is_told_with_the_step() throws Exception {
        Plan plan = plan(step(1));
        Step only = plan.steps().getFirst();

        executor(-1, (action, report) -> {
                    report.progress("half way");
                    report.warned("odd");
                })
                .execute(plan);

        assertThat(events)
                .containsExactly(
                        new StepEvent.Started(only),
                        new StepEvent.Progress(only, "half way"),
                        new StepEvent.Warned(only, "odd"),
                        new StepEvent.Finished(only));
    }

    @Test
    void an_empty_plan_is_done_at_once() throws Exception {
        executor(1, (action, report) -> {}).execute(plan());

        assertThat(events).isEmpty();
    }

    private static void meet(CyclicBarrier barrier) throws InterruptedException {
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }
}
