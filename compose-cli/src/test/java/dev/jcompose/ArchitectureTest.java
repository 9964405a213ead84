package dev.jcompose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md, kept by the build. */
@AnalyzeClasses(packages = "dev.jcompose", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modules_depend_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("dev.jcompose.model..")
            .layer("planner")
            .definedBy("dev.jcompose.planner..")
            .layer("runtime")
            .definedBy("dev.jcompose.runtime..")
            .layer("cli")
            .definedBy("dev.jcompose.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("planner")
            .mayOnlyBeAccessedByLayers("runtime", "cli");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("dev.jcompose.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule snakeyaml_is_known_to_model_yaml_only = only("org.snakeyaml..", "dev.jcompose.model.yaml..");

    @ArchTest
    static final ArchRule jgrapht_is_known_to_planner_graph_only =
            only("org.jgrapht..", "dev.jcompose.planner.graph..");

    @ArchTest
    static final ArchRule picocli_is_known_to_the_command_line_only =
            only("picocli..", "dev.jcompose.cli", "dev.jcompose.cli.option");

    @ArchTest
    static final ArchRule docker_java_is_known_to_its_backend_only =
            only("com.github.dockerjava..", "dev.jcompose.runtime.docker..");

    @ArchTest
    static final ArchRule nobody_uses_libraries_that_others_bring = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.google.common..", "org.apache.commons.io..", "org.apache.commons.lang3..", "sun..");

    @ArchTest
    static final ArchRule the_standard_streams_belong_to_the_command_line = noClasses()
            .that()
            .resideOutsideOfPackage("dev.jcompose.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule only_main_ends_the_process = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.jcompose.cli.Main")
            .should()
            .callMethod(System.class, "exit", int.class);

    private static ArchRule only(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .and()
                .resideInAPackage("dev.jcompose..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
