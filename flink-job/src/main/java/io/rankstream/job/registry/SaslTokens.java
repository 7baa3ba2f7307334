package io.rankstream.job.registry;

import io.rankstream.job.registry.BearerTokens.Token;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.utils.Utils;

/** Tokens that Kafka's own login gets, by the options below {@code sasl}. */
final class SaslTokens implements BearerTokens.Source {

    private final AuthenticateCallbackHandler login;

    SaslTokens(ClientOptions options) {
        Map<String, Object> security = options.security();
        Optional<Object> handler =
                Optional.ofNullable(security.get(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS));
        this.login =
                handler.isPresent()
                        ? (AuthenticateCallbackHandler) Utils.newInstance((Class<?>) handler.get())
                        : new OAuthBearerLoginCallbackHandler();
        login.configure(
                security,
                OAuthBearerLoginModule.OAUTHBEARER_MECHANISM,
                JaasContext.loadClientContext(security).configurationEntries());
    }

    @Override
    public void close() {
        login.close();
    }

    @Override
    public Token ask() throws IOException {
        OAuthBearerTokenCallback asked = new OAuthBearerTokenCallback();
        try {
            login.handle(new Callback[] {asked});
        } catch (UnsupportedCallbackException e) {
            throw new IOException("the login of sasl.* gives no tokens", e);
        }
        if (asked.token() == null) {
            throw new IOException("the login of sasl.* got no token: " + asked.errorDescription());
        }
        return new Token(asked.token().value(), Instant.ofEpochMilli(asked.token().lifetimeMs()));
    }
}
