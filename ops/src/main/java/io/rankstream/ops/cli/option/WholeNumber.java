package io.rankstream.ops.cli.option;

import io.rankstream.adapters.text.Excerpt;
import java.math.BigInteger;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a whole number on the command line.
 *
 * @param least smallest that the option can hold
 * @param most largest that it can
 * @param narrow the number as the option has it
 * @param <T> type of the option
 */
public record WholeNumber<T>(long least, long most, Function<BigInteger, T> narrow)
        implements ITypeConverter<T> {

    /** More are no number that anybody means. */
    private static final int MOST_DIGITS = 100;

    public static final WholeNumber<Integer> INT =
            new WholeNumber<>(Integer.MIN_VALUE, Integer.MAX_VALUE, BigInteger::intValueExact);

    public static final WholeNumber<Long> LONG =
            new WholeNumber<>(Long.MIN_VALUE, Long.MAX_VALUE, BigInteger::longValueExact);

    @Override
    public T convert(String text) {
        if (text.length() > MOST_DIGITS || !text.matches("[+-]?[0-9]+")) {
            throw new TypeConversionException(
                    Excerpt.of(text) + ", expected a whole number such as 10");
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(
                    "'%s', expected a whole number of at most %d".formatted(text, most));
        }
        if (number.compareTo(BigInteger.valueOf(least)) < 0) {
            throw new TypeConversionException(
                    "'%s', expected a whole number of at least %d".formatted(text, least));
        }
        return narrow.apply(number);
    }
}
