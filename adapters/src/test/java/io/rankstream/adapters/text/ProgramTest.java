package io.rankstream.adapters.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {

    @AfterEach
    void forget() {
        System.clearProperty(Program.PROPERTY);
        System.clearProperty(Program.CONFIG_PROPERTY);
    }

    @Test
    void isNamedAsUsualWhereNoScriptWasCalled() {
        assertThat(Program.command("stack")).isEqualTo("rankstream stack");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    ./rankstream          | ./rankstream stack
                    bin/rankstream        | bin/rankstream stack
                    /opt/rs/rankstream    | /opt/rs/rankstream stack
                    my tools/rankstream   | 'my tools/rankstream' stack
                    it's/rankstream       | 'it'\\''s/rankstream' stack
                    """)
    void isNamedAsItWasCalled(String called, String typed) {
        System.setProperty(Program.PROPERTY, called);

        assertThat(Program.command("stack")).isEqualTo(typed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                                  | rankstream stop --config FILE
                    tickets.yaml  | rankstream stop --config tickets.yaml
                    my jobs/a.yaml| rankstream stop --config 'my jobs/a.yaml'
                    $HOME.yaml    | rankstream stop --config '$HOME.yaml'
                    """)
    void aCommandOfTheJobNamesTheConfigurationThatWasGiven(String config, String typed) {
        if (config != null) {
            System.setProperty(Program.CONFIG_PROPERTY, config);
        }

        assertThat(Program.commandOfJob("stop")).isEqualTo(typed);
    }
}
