package io.rankstream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of the repository's pages to a file or a heading of it leads somewhere. */
class DocumentationLinksTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`]*`", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern BROKEN = Pattern.compile("\\]\\([^)]*\\s[^)]*\\)|\\]\\n\\(");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$", Pattern.MULTILINE);

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToWhatIsThere(Path page) throws IOException {
        String text = CODE.matcher(Files.readString(page)).replaceAll("code");
        assertThat(LINK.matcher(text).results().map(link -> link.group(1)))
                .filteredOn(link -> URI.create(link).getScheme() == null)
                .allSatisfy(link -> requireTarget(page, link));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void noLinkIsBrokenByTheEndOfALine(Path page) throws IOException {
        String text = CODE.matcher(Files.readString(page)).replaceAll("code");

        assertThat(BROKEN.matcher(text).results().map(MatchResult::group)).isEmpty();
    }

    private static void requireTarget(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        assertThat(target).exists();
        if (parts.length == 2) {
            assertThat(anchors(target)).as(target.toString()).contains(parts[1]);
        }
    }

    /** As GitHub makes them of headings. */
    private static Stream<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map((MatchResult heading) -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
    }
}
