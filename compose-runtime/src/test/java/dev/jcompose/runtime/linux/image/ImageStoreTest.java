package dev.jcompose.runtime.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.testing.Archives;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    private static final byte[] BASE =
            new Tar().file("etc/os", "base").file("gone", "x").bytes();
    private static final byte[] TOP =
            new Tar().file("etc/app", "top").file(".wh.gone", "").bytes();
    private static final String SETTINGS = "\"Env\":[\"A=1\"],\"Cmd\":[\"run\"],\"Labels\":{\"l\":\"v\"},"
            + "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":1000000000}";

    private final Path temporary;
    private final ImageStore store;

    ImageStoreTest(@TempDir Path temporary) {
        this.temporary = temporary;
        this.store = new ImageStore(temporary.resolve("store"));
    }

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(temporary.resolve(name), content);
    }

    private List<String> loadBoth() throws IOException {
        var config = Archives.config(SETTINGS, BASE, TOP);
        return load(Archives.docker(config, new String[] {"app:1", "other/app:2"}, BASE, TOP));
    }

    private List<String> load(byte[] archive) throws IOException {
        return new ArchiveLoader(store).load(write("archive.tar", archive));
    }

    private List<Path> layerDirectories() throws IOException {
        return StoreFiles.list(store.layersDirectory());
    }

    @Test
    void a_docker_archive_is_loaded_and_found_by_its_names() throws IOException {
        assertThat(loadBoth()).containsExactly("app:1", "other/app:2");

        var image = store.find("docker.io/library/app:1").orElseThrow();
        assertThat(image.references()).containsExactly("app:1", "other/app:2");
        assertThat(image.config().env()).containsExactly("A=1");
        assertThat(image.config().labels()).containsEntry("l", "v");
        assertThat(image.config().healthcheck().orElseThrow().interval()).isPresent();
        assertThat(image.id()).isEqualTo(Digest.of(Archives.config(SETTINGS, BASE, TOP)));
        assertThat(image.created()).hasToString("2020-01-01T00:00:00Z");
        var files = new LayeredFiles(image.layers());
        assertThat(files.readText("etc/os")).contains("base");
        assertThat(files.readText("etc/app")).contains("top");
        assertThat(files.find("gone")).isEmpty();
        assertThat(store.find("app")).isEmpty();
        assertThat(store.find("app:3")).isEmpty();
    }

    @Test
    void identifiers_and_their_beginnings_find_an_image() throws IOException {
        loadBoth();
        var image = store.find("app:1").orElseThrow();

        assertThat(store.find(image.id().toString())).contains(image);
        assertThat(store.find(image.id().hex())).contains(image);
        assertThat(store.find(image.id().brief())).contains(image);
        assertThat(store.find("0000")).isEmpty();
    }

    @Test
    void gzipped_archives_and_layers_are_taken() throws IOException {
        var config = Archives.config("", BASE);
        var archive = Archives.docker(config, new String[] {"zip"}, Tar.gzip(BASE));

        assertThat(load(Tar.gzip(archive))).containsExactly("zip:latest");
        assertThat(new LayeredFiles(store.find("zip").orElseThrow().layers()).readText("etc/os"))
                .contains("base");
    }

    @Test
    void an_oci_layout_is_taken_and_keeps_its_digests() throws IOException {
        var layout = Files.createDirectory(temporary.resolve("layout"));
        Archives.oci(layout, Archives.config("", BASE, TOP), "registry.example/a/b:7", Tar.gzip(BASE), TOP);

        assertThat(new ArchiveLoader(store).load(layout)).containsExactly("registry.example/a/b:7");
        assertThat(temporary
                        .resolve("store/blobs/sha256")
                        .resolve(Digest.of(Tar.gzip(BASE)).hex()))
                .exists();
    }

    @Test
    void a_root_file_system_becomes_an_image() throws IOException {
        new ArchiveLoader(store).importRootfs(write("root.tar", Tar.gzip(BASE)), ImageReference.parse("imported"));

        assertThat(new LayeredFiles(store.find("imported").orElseThrow().layers()).readText("etc/os"))
                .contains("base");
    }

    @Test
    void images_share_the_layers_they_have_in_common() throws IOException {
        loadBoth();
        load(Archives.docker(Archives.config("", BASE), new String[] {"base"}, BASE));

        assertThat(layerDirectories()).hasSize(2);
        assertThat(store.find("base").orElseThrow().layers().getFirst())
                .isEqualTo(store.find("app:1").orElseThrow().layers().getFirst());
    }

    @Test
    void wrong_content_is_refused_and_leaves_nothing() throws IOException {
        var config = Archives.config("", BASE);

        assertThatThrownBy(() -> load(Archives.docker(config, new String[] {"evil"}, TOP)))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("damaged or was tampered with");
        assertThat(store.find("evil")).isEmpty();
        assertThat(layerDirectories()).isEmpty();
    }

    @Test
    void a_layout_whose_blob_has_another_digest_is_refused() throws IOException {
        var layout = Files.createDirectory(temporary.resolve("layout"));
        Archives.oci(layout, Archives.config("", BASE), "x", BASE);
        Files.write(layout.resolve("blobs/sha256").resolve(Digest.of(BASE).hex()), TOP);

        assertThatThrownBy(() -> new ArchiveLoader(store).load(layout))
                .hasMessageContaining("is damaged or was tampered with");
    }

    @Test
    void archives_that_are_none_say_so() throws IOException {
        assertThatThrownBy(() -> load("hello".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("archive.tar\": it is not an image archive");
        assertThatThrownBy(() -> load(BASE)).hasMessageContaining("neither manifest.json nor index.json");
        assertThatThrownBy(() -> new ArchiveLoader(store).load(temporary.resolve("missing")))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> load(new Tar()
                        .file("manifest.json", "[{\"Config\":\"../../etc/passwd\",\"Layers\":[]}]")
                        .bytes()))
                .hasMessageContaining("it has no \"../../etc/passwd\"");
    }

    @Test
    void a_damaged_record_and_lost_layers_are_made_again_from_the_blobs() throws IOException {
        loadBoth();
        var before = store.find("app:1").orElseThrow();
        Files.writeString(temporary.resolve("store/images").resolve(before.id().hex()), "1 0\nrubbish");
        StoreFiles.deleteTree(store.layersDirectory()
                .resolve(String.valueOf(
                        StoreFiles.parent(before.layers().getLast()).getFileName())));

        assertThat(store.find("app:1")).contains(before);
        assertThat(before.layers().getLast().resolve("etc/app")).hasContent("top");
    }

    @Test
    void an_image_goes_with_its_last_name_and_takes_what_nobody_needs() throws IOException {
        loadBoth();
        load(Archives.docker(Archives.config("", BASE), new String[] {"base"}, BASE));

        store.remove("app:1", false, layer -> false);
        assertThat(store.find("other/app:2")).isPresent();
        store.remove("other/app:2", false, layer -> false);

        assertThat(store.find("other/app:2")).isEmpty();
        assertThat(layerDirectories()).hasSize(1);
        assertThat(new LayeredFiles(store.find("base").orElseThrow().layers()).readText("etc/os"))
                .contains("base");
        store.remove("base", false, layer -> false);
        assertThat(layerDirectories()).isEmpty();
        assertThat(StoreFiles.list(temporary.resolve("store/blobs/sha256"))).isEmpty();
    }

    @Test
    void what_a_container_uses_is_not_removed() throws IOException {
        loadBoth();
        var top = store.find("app:1").orElseThrow().layers().getLast();
        store.remove("app:1", false, top::equals);

        assertThatThrownBy(() -> store.remove("other/app:2", false, top::equals))
                .isInstanceOf(ConflictException.class)
                .hasMessage("image \"other/app:2\" is used by a container: remove the container first");
        assertThat(top).exists();
    }

    @Test
    void removing_asks_for_a_name_when_there_are_several() throws IOException {
        loadBoth();
        var id = store.find("app:1").orElseThrow().id().brief();

        assertThatThrownBy(() -> store.remove(id, false, layer -> false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("remove app:1, other/app:2 instead");
        assertThatThrownBy(() -> store.remove("nothing", false, layer -> false))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("no such image: nothing");
    }

    @Test
    void a_hostile_layer_is_refused_with_the_name_of_its_archive() {
        var evil = new Tar().file("../evil", "x").bytes();

        assertThatThrownBy(() -> load(Archives.docker(Archives.config("", evil), new String[] {"evil"}, evil)))
                .hasMessage("cannot load \"" + temporary.resolve("archive.tar")
                        + "\": layer entry \"../evil\" has \"..\" in its name");
        assertThat(temporary.resolve("store/evil")).doesNotExist();
    }

    @Test
    void a_store_that_is_not_there_yet_has_no_images() {
        var missing = new ImageStore(temporary.resolve("missing"));

        assertThat(missing.find("app")).isEmpty();
        assertThat(missing.find("abcdef")).isEmpty();
        assertThat(missing.list()).isEmpty();
        assertThat(temporary.resolve("missing")).doesNotExist();
    }

    @Test
    void two_stores_of_one_directory_take_turns() throws IOException {
        loadBoth();
        var other = new ImageStore(temporary.resolve("store"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pending = threads.submit(() -> other.remove("app:1", false, layer -> false));
            store.remove("other/app:2", false, layer -> false);
            pending.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        assertThat(other.list()).isEmpty();
    }

    @Test
    void what_was_cut_off_is_swept_and_never_used() throws IOException {
        loadBoth();
        var unfinished = Files.createDirectories(store.layersDirectory().resolve(".ing-cut/diff/x"));
        load(Archives.docker(Archives.config("", BASE), new String[] {"base"}, BASE));
        store.remove("base", false, layer -> false);

        assertThat(unfinished).doesNotExist();
        assertThat(store.find("app:1")).isPresent();
    }

    @Test
    void a_name_given_to_another_image_leaves_the_old_one_unnamed() throws IOException {
        load(Archives.docker(Archives.config("", BASE), new String[] {"app"}, BASE));
        load(Archives.docker(Archives.config("", TOP), new String[] {"app"}, TOP));

        assertThat(store.list()).extracting(StoredImage::references).containsExactly(List.of("app:latest"), List.of());
    }

    @Test
    void many_may_add_and_remove_at_once() throws InterruptedException, ExecutionException {
        var tasks = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var name = "img" + i;
                var archive = Archives.docker(
                        Archives.config("\"User\":\"" + i + "\"", BASE, TOP), new String[] {name}, BASE, TOP);
                tasks.add(threads.submit(() -> {
                    new ArchiveLoader(store).load(write(name + ".tar", archive));
                    store.remove(name, false, layer -> false);
                    return new ArchiveLoader(store).load(temporary.resolve(name + ".tar"));
                }));
            }
            for (var task : tasks) {
                task.get();
            }
        }
        assertThat(store.list())
                .hasSize(16)
                .allSatisfy(image -> assertThat(image.layers()).allMatch(Files::exists));
    }
}
