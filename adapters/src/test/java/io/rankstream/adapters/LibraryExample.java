package io.rankstream.adapters;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The program in docs/library.md. */
final class LibraryExample {

    private LibraryExample() {}

    /** What the program prints. */
    static String run(Path folder) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program(folder);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void program(Path folder) throws IOException {
        // the page begins
        try (BaseModel model = BaseModel.embedded()) {
            AdapterTemplate template = AdapterTemplate.classification("ham", "spam").build();
            try (Adapter adapter = model.create("mail", template)) {
                for (int i = 0; i < 40; i++) {
                    adapter.train(
                            List.of(
                                    new Example("Win a free phone now, click here", "spam"),
                                    new Example("The meeting is moved to Monday", "ham"),
                                    new Example("Cheap pills, no prescription", "spam"),
                                    new Example("Please review the attached patch", "ham")));
                }
                Prediction prediction = adapter.predict("Free pills, click now");
                System.out.println(prediction.label() + " " + prediction.probabilities());
                adapter.save(folder);
            }
            try (Adapter adapter = model.load(folder, template)) {
                System.out.println("goes on at step " + adapter.step());
            }
        }
        // the page ends
    }
}
