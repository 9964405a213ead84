package dev.jcompose.runtime.linux.shim;

import static java.util.stream.Collectors.joining;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Everything about one container, decided once when it is created; the helper carries it out, and we read it back. */
public final class ContainerPlan {
    private static final String VERSION = "1";

    private final List<Frame> frames;

    private ContainerPlan(List<Frame> frames) {
        this.frames = List.copyOf(frames);
    }

    /** Collects the frames of a plan; the first and the last come by themselves. */
    public static final class Builder {
        private final List<Frame> frames = new ArrayList<>(128);

        public Builder() {
            frames.add(Frame.of("plan", VERSION));
        }

        public Builder add(String key, String... fields) {
            frames.add(Frame.of(key, fields));
            return this;
        }

        public Builder add(String key, long number) {
            return add(key, Long.toString(number));
        }

        public Builder addBytes(byte[] bytes, String key, String... fields) {
            frames.add(Frame.withBytes(bytes, key, fields));
            return this;
        }

        public Builder addAll(String key, Iterable<String> values) {
            for (var value : values) {
                add(key, value);
            }
            return this;
        }

        public ContainerPlan build() {
            List<Frame> whole = new ArrayList<>(frames);
            whole.add(Frame.of("end", Integer.toString(frames.size())));
            return new ContainerPlan(whole);
        }
    }

    /** The plan in that file; empty when there is none or when it is not complete. */
    public static Optional<ContainerPlan> read(Path file) {
        return DurableFile.read(file)
                .map(Frames::decode)
                .filter(ContainerPlan::complete)
                .map(ContainerPlan::new);
    }

    private static boolean complete(List<Frame> frames) {
        if (frames.isEmpty() || !frames.getFirst().key().equals("plan")) {
            return false;
        }
        var last = frames.getLast();
        return last.key().equals("end") && last.text(1).equals(Integer.toString(frames.size() - 1));
    }

    /** Writes it whole; not forced to disk, since an incomplete plan is recognised and its container cleaned up. */
    public void writeTo(Path file) {
        var temporary = file.resolveSibling(".plan");
        try {
            Files.write(temporary, Frames.encode(frames));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new BackendException("cannot write " + file + ": " + DurableFile.reason(e), e);
        }
    }

    /** A plan in which the frames {@code chosen} have other fields. */
    public ContainerPlan replacing(Predicate<Frame> chosen, Function<Frame, String[]> fields) {
        return new ContainerPlan(frames.stream()
                .map(frame -> chosen.test(frame) ? Frame.of(frame.key(), fields.apply(frame)) : frame)
                .toList());
    }

    /** A plan without the frames {@code unwanted}. */
    public ContainerPlan without(Predicate<Frame> unwanted) {
        var builder = new Builder();
        frames.stream()
                .filter(frame -> !unwanted.test(frame))
                .filter(frame -> !frame.key().equals("plan") && !frame.key().equals("end"))
                .forEach(builder.frames::add);
        return builder.build();
    }

    public String id() {
        return text("id");
    }

    public String id12() {
        return id().substring(0, 12);
    }

    public String name() {
        return text("name");
    }

    public String project() {
        return text("project");
    }

    /** The first field of the first frame with that key; empty when there is none. */
    public String text(String key) {
        return first(key).map(frame -> frame.text(1)).orElse("");
    }

    public long number(String key) {
        return first(key).map(frame -> frame.number(1)).orElse(0L);
    }

    public Optional<Frame> first(String key) {
        return frames.stream().filter(frame -> frame.key().equals(key)).findFirst();
    }

    public List<Frame> all(String key) {
        return frames.stream().filter(frame -> frame.key().equals(key)).toList();
    }

    /** The first field of every frame with that key. */
    public List<String> texts(String key) {
        return all(key).stream().map(frame -> frame.text(1)).toList();
    }

    /** One line per frame, for tests and debug logs. */
    public String describe() {
        return frames.stream().map(Frame::toString).collect(joining("\n"));
    }
}
