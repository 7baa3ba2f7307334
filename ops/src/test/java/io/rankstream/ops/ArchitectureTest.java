package io.rankstream.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may depend on whom, over all modules. */
@AnalyzeClasses(packages = "io.rankstream", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule djlIsKnownToTheAdaptersAlone =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.rankstream.adapters..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl..")
                    .because("a job jar with ai.djl inside loads libtorch twice");

    @ArchTest
    static final ArchRule flinkIsKnownToThePipelineAndItsSurroundings =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.rankstream.job..", "io.rankstream.ops..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule adaptersKnowNoStream =
            noClasses()
                    .that()
                    .resideInAPackage("io.rankstream.adapters..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink..",
                            "org.apache.kafka..",
                            "org.apache.avro..",
                            "io.rankstream.schemas..",
                            "io.rankstream.job..",
                            "io.rankstream.ops..");

    @ArchTest
    static final ArchRule thePipelineDoesNotKnowItsSurroundings =
            noClasses()
                    .that()
                    .resideInAPackage("io.rankstream.job..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.rankstream.ops..");

    @ArchTest
    static final ArchRule schemasDependOnNothingOfOurs =
            classes()
                    .that()
                    .resideInAPackage("io.rankstream.schemas..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("io.rankstream.schemas..", "org.apache.avro..", "java..");

    @ArchTest
    static final ArchRule onlyTheRegistryKnowsTheConfluentClient =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.rankstream.job.registry..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink.avro.registry.confluent.shaded..");

    @ArchTest
    static final ArchRule adapterPackagesHaveNoCycle =
            slices().matching("io.rankstream.adapters.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule pipelinePackagesHaveNoCycle =
            slices().matching("io.rankstream.job.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule opsPackagesHaveNoCycle =
            slices().matching("io.rankstream.ops.(*)..").should().beFreeOfCycles();
}
