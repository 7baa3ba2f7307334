package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.job.config.option.DeviceSetting;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.junit.jupiter.api.Test;

class TrainingDeviceTest {

    @Test
    void isTheOneThatWasSetWhateverIsOffered() {
        assertThat(choose("cpu", gpu("2"))).isEqualTo(new ComputeDevice.Cpu());
        assertThat(choose("gpu:1", gpu("2"))).isEqualTo(new ComputeDevice.Gpu(1));
    }

    @Test
    void isTheGpuThatTheTaskManagerOffers() {
        assertThat(choose("gpu", gpu("2"))).isEqualTo(new ComputeDevice.Gpu(2));
    }

    @Test
    void isTheSameOfSeveralGpusForEverySubtask() {
        assertThat(choose("gpu", gpu("10"), gpu("3"))).isEqualTo(new ComputeDevice.Gpu(3));
    }

    @Test
    void isTheFirstGpuWhereNoneIsOffered() {
        assertThat(choose("gpu")).isEqualTo(new ComputeDevice.Gpu(0));
    }

    private static ComputeDevice choose(String setting, ExternalResourceInfo... offered) {
        return TrainingDevice.of(DeviceSetting.parse(setting), Arrays.asList(offered));
    }

    private static ExternalResourceInfo gpu(String index) {
        return new ExternalResourceInfo() {
            @Override
            public Optional<String> getProperty(String key) {
                return key.equals("index") ? Optional.of(index) : Optional.empty();
            }

            @Override
            public Collection<String> getKeys() {
                return List.of("index");
            }
        };
    }
}
