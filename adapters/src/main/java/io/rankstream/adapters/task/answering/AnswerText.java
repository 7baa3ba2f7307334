package io.rankstream.adapters.task.answering;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Texts of answers as the evaluation script of SQuAD 2.0 compares them: in lower case, without
 * ASCII punctuation and the words a, an and the, word by word. A text of which nothing is left is
 * no answer.
 */
final class AnswerText {

    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

    /** A letter or a number ends no word: what Python's {@code \b} tells apart. */
    private static final Pattern ARTICLES =
            Pattern.compile("(?<![\\p{L}\\p{N}])(a|an|the)(?![\\p{L}\\p{N}])");

    /** What Python splits at. */
    private static final Pattern SPACES = Pattern.compile("[\\p{IsWhite_Space}\\x{1C}-\\x{1F}]+");

    private AnswerText() {}

    /**
     * Whether what was said is one of the answers.
     *
     * @param answers texts that are right; none where there is no answer
     * @param said empty for no answer
     */
    static boolean isExact(List<String> answers, String said) {
        List<String> words = words(said);
        return comparable(answers).stream().anyMatch(words::equals);
    }

    /**
     * F1 of the words of what was said, each counted as often as it is there: that of the answer
     * with which it is highest. Of no answer it is 1 where none was said, and else 0.
     *
     * @param answers texts that are right; none where there is no answer
     * @param said empty for no answer
     */
    static double f1(List<String> answers, String said) {
        List<String> words = words(said);
        return comparable(answers).stream()
                .mapToDouble(answer -> f1(answer, words))
                .max()
                .orElseThrow();
    }

    private static double f1(List<String> answer, List<String> said) {
        if (answer.isEmpty() || said.isEmpty()) {
            return answer.isEmpty() && said.isEmpty() ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        answer.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : said) {
            common += left.merge(word, -1, Integer::sum) >= 0 ? 1 : 0;
        }
        return 2.0 * common / (answer.size() + said.size());
    }

    /** Words of the answers that have any; no words if none has. */
    private static List<List<String>> comparable(List<String> answers) {
        List<List<String>> words =
                answers.stream().map(AnswerText::words).filter(each -> !each.isEmpty()).toList();
        return words.isEmpty() ? List.of(List.of()) : words;
    }

    static List<String> words(String text) {
        String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACES.splitAsStream(ARTICLES.matcher(plain).replaceAll(" "))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
