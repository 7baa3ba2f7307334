package io.rankstream.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.rankstream.adapters.api.Internal;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.text.Program;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.savepoint.Savepoint;
import io.rankstream.job.state.StateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.metrics.MetricGroup;
import org.junit.jupiter.api.Test;

/** Who may depend on whom, over all modules. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.rankstream");

    @Test
    void everyModuleIsLookedAt() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .contains(
                        "io.rankstream.schemas",
                        "io.rankstream.adapters.training",
                        "io.rankstream.job.config",
                        "io.rankstream.ops.stack",
                        "io.rankstream.benchmarks.step");
    }

    @Test
    void benchmarksMeasureFromOutside() {
        noClasses()
                .that()
                .resideInAPackage("io.rankstream..")
                .and()
                .resideOutsideOfPackage("io.rankstream.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rankstream.benchmarks..")
                .check(CLASSES);
        slices().matching("io.rankstream.benchmarks.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void djlIsKnownToTheAdaptersAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.rankstream.adapters..", "io.rankstream.benchmarks.part..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .because("a job jar with ai.djl inside loads libtorch twice")
                .check(CLASSES);
    }

    @Test
    void flinkIsKnownToThePipelineAndItsSurroundings() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.rankstream.job..", "io.rankstream.ops..", "io.rankstream.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(CLASSES);
    }

    @Test
    void savepointsAreReadOfflineByAFewWhomAStartOnAClusterNeverReaches() {
        DescribedPredicate<JavaClass> offline =
                equivalentTo(Savepoint.class)
                        .or(JavaClass.Predicates.assignableTo(StateReader.class))
                        .or(
                                JavaClass.Predicates.resideInAPackage(
                                                Savepoint.class.getPackageName())
                                        .and(
                                                simpleName("SavepointCopy")
                                                        .or(simpleName("TrainingWriter"))));
        noClasses()
                .that(not(offline))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink.state.api..")
                .because("a cluster of Flink does not have the State Processor API")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.rankstream.job..")
                .and()
                .doNotHaveFullyQualifiedName("io.rankstream.job.preflight.StateCheck")
                .and(not(offline))
                .should()
                .dependOnClassesThat(offline)
                .because("only a check that sees a local cluster may read adapters")
                .check(CLASSES);
    }

    @Test
    void schedulesAllocationMixtureDriftAndFleetAreArraysAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.rankstream.adapters.adalora..",
                        "io.rankstream.adapters.mixture..",
                        "io.rankstream.adapters.drift..",
                        "io.rankstream.adapters.replay..",
                        "io.rankstream.adapters.fleet..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..", "io.rankstream.adapters.engine..")
                .check(CLASSES);
    }

    @Test
    void libtorchIsDrivenFromTheEngineRoomAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.rankstream.adapters..")
                .and()
                .resideOutsideOfPackage("io.rankstream.adapters.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch.jni..")
                .because("one room knows what the native interface wants: Operations, Autograd")
                .check(CLASSES);
    }

    @Test
    void aFamilyOfModelsIsKnownToTheListOfFamiliesAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.rankstream.adapters.model.bert..",
                        "io.rankstream.adapters.model.roberta..",
                        "io.rankstream.adapters.model.distilbert..",
                        "io.rankstream.adapters.model.mpnet..",
                        "io.rankstream.adapters.model.deberta..",
                        "io.rankstream.adapters.model.modernbert..",
                        "io.rankstream.benchmarks..")
                .and()
                .doNotHaveFullyQualifiedName("io.rankstream.adapters.model.Family")
                .and()
                .doNotHaveFullyQualifiedName("io.rankstream.adapters.model.ModelJar")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.rankstream.adapters.model.bert..",
                        "io.rankstream.adapters.model.roberta..",
                        "io.rankstream.adapters.model.distilbert..",
                        "io.rankstream.adapters.model.mpnet..",
                        "io.rankstream.adapters.model.deberta..",
                        "io.rankstream.adapters.model.modernbert..")
                .because("the rest asks Architecture")
                .check(CLASSES);
    }

    /** Front door of the learner: its own package, and one type that every room below knows. */
    private static final DescribedPredicate<JavaClass> FRONT_DOOR =
            JavaClass.Predicates.resideInAPackage("io.rankstream.adapters")
                    .or(equivalentTo(Target.class))
                    .or(JavaClass.Predicates.belongToAnyOf(Target.class))
                    .as("the front door");

    @Test
    void aTypeOfTheLearnerIsBehindTheFrontDoorOrInternal() {
        classes()
                .that()
                .resideInAPackage("io.rankstream.adapters..")
                .and()
                .arePublic()
                .and(not(FRONT_DOOR))
                .should(
                        new ArchCondition<>("lie in a room that is marked internal") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                String room =
                                        type.getPackageName()
                                                .replaceFirst(
                                                        "(io[.]rankstream[.]adapters[.]\\w+).*",
                                                        "$1");
                                boolean internal =
                                        CLASSES.getPackage(room).isAnnotatedWith(Internal.class);
                                if (!internal) {
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    type,
                                                    type.getName()
                                                            + " is public in a room without @Internal"));
                                }
                            }
                        })
                .check(CLASSES);
    }

    @Test
    void theFrontDoorNamesNothingThatIsInternal() {
        ArchCondition<JavaCodeUnit> namesOnlyItsOwn =
                new ArchCondition<>("name types of the front door and Java's alone") {
                    @Override
                    public void check(JavaCodeUnit unit, ConditionEvents events) {
                        Stream.of(
                                        unit.getParameterTypes().stream()
                                                .flatMap(
                                                        type ->
                                                                type
                                                                        .getAllInvolvedRawTypes()
                                                                        .stream()),
                                        unit.getReturnType().getAllInvolvedRawTypes().stream(),
                                        unit.getExceptionTypes().stream())
                                .flatMap(types -> types)
                                .filter(
                                        type ->
                                                !type.isPrimitive()
                                                        && !type.getPackageName()
                                                                .startsWith("java.")
                                                        && !FRONT_DOOR.test(
                                                                type.getBaseComponentType()))
                                .forEach(
                                        type ->
                                                events.add(
                                                        SimpleConditionEvent.violated(
                                                                unit,
                                                                unit.getFullName()
                                                                        + " names "
                                                                        + type.getName())));
                    }
                };
        codeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.rankstream.adapters")
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .and()
                .arePublic()
                .and()
                .areNotAnnotatedWith(Internal.class)
                .should(namesOnlyItsOwn)
                .check(CLASSES);
        assertThat(
                        CLASSES.stream()
                                .filter(FRONT_DOOR)
                                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                                .filter(type -> !type.isNestedClass())
                                .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "Adapter",
                        "AdapterTemplate",
                        "BaseModel",
                        "Example",
                        "Learned",
                        "ModelOptions",
                        "Prediction",
                        "Target");
    }

    @Test
    void messagesOfTheLibraryNameNoCommand() {
        noClasses()
                .that()
                .resideInAPackage("io.rankstream.adapters..")
                .and(not(equivalentTo(Program.class)))
                .should()
                .dependOnClassesThat(equivalentTo(Program.class))
                .because("a program that uses the library has no command line of ours")
                .check(CLASSES);
    }

    @Test
    void adaptersKnowNoStream() {
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
                        "io.rankstream.ops..")
                .check(CLASSES);
    }

    @Test
    void thePipelineDoesNotKnowItsSurroundings() {
        noClasses()
                .that()
                .resideInAPackage("io.rankstream.job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rankstream.ops..")
                .check(CLASSES);
    }

    @Test
    void schemasDependOnNothingOfOurs() {
        classes()
                .that()
                .resideInAPackage("io.rankstream.schemas..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.rankstream.schemas..", "org.apache.avro..", "java..")
                .check(CLASSES);
    }

    @Test
    void metricsAreRegisteredThroughTheirCatalogueAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.rankstream..")
                .and(not(equivalentTo(JobMetric.class)))
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(MetricGroup.class)))
                                .and(target(nameMatching("counter|gauge|histogram|meter"))))
                .because("a metric that the catalogue does not have is on no page and dashboard")
                .check(CLASSES);
    }

    @Test
    void theLocalBrokerIsKnownToItsOwnProcessAlone() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.rankstream.ops.stack.BrokerMain")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "scala..", "org.apache.kafka.metadata..")
                .because("the class path of the command line is without the broker")
                .check(CLASSES);
    }

    @Test
    void adapterPackagesHaveNoCycle() {
        slices().matching("io.rankstream.adapters.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void pipelinePackagesHaveNoCycle() {
        slices().matching("io.rankstream.job.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roomsOfTheConfigurationKnowEachOtherOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.rankstream.job.config..")
                .layer("the file")
                .definedBy("io.rankstream.job.config")
                .layer("settings")
                .definedBy("io.rankstream.job.config.settings..")
                .layer("passthrough")
                .definedBy("io.rankstream.job.config.passthrough..")
                .layer("option")
                .definedBy("io.rankstream.job.config.option..")
                .whereLayer("the file")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("settings")
                .mayOnlyBeAccessedByLayers("the file")
                .whereLayer("passthrough")
                .mayOnlyBeAccessedByLayers("the file", "settings")
                .ensureAllClassesAreContainedInArchitectureIgnoring(
                        not(JavaClass.Predicates.resideInAPackage("io.rankstream.job.config..")))
                .check(CLASSES);
    }

    /** Classes of a package that needs no reason for having so many. */
    private static final int MOST_CLASSES = 15;

    private static final String DESCRIPTION = "package-info.java";

    @Test
    void aPackageOfManyClassesSaysWhyTheyShareIt() throws IOException {
        Map<Path, List<Path>> packages = packages();
        assertThat(packages.keySet())
                .as("packages by their folders")
                .anyMatch(folder -> folder.endsWith("io/rankstream/job/config"));

        for (Path folder : packages.keySet()) {
            int classes = packages.get(folder).size();
            if (classes > MOST_CLASSES) {
                assertThat(description(folder))
                        .as(
                                "%s has %d classes, expected at most %d, or the reason in its"
                                        + " package-info.java: \"that is why they share a package\"",
                                folder, classes, MOST_CLASSES)
                        .containsPattern("(that is why|so) (\\w+ ){1,2}share a package[.]");
            }
        }
    }

    /** Source files of each package but its package-info, by folder; a file has one type. */
    private static Map<Path, List<Path>> packages() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve(Path.of("src", "main", "java"));
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> found = Files.walk(sources)) {
                        found.filter(file -> file.toString().endsWith(".java"))
                                .filter(file -> !file.endsWith(DESCRIPTION))
                                .forEach(files::add);
                    }
                }
            }
        }
        return files.stream().collect(groupingBy(Path::getParent));
    }

    /** What the package-info of a folder says, on one line; empty where there is none. */
    private static String description(Path folder) throws IOException {
        Path file = folder.resolve(DESCRIPTION);
        return Files.exists(file) ? Files.readString(file).replaceAll("[\\s*]+", " ") : "";
    }

    @Test
    void opsPackagesHaveNoCycle() {
        slices().matching("io.rankstream.ops.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
