package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificates a registry may show: those of the machine's authorities, of the user's own, or anybody's. */
final class Trust {
    private static final Path CERTIFICATES = Path.of("/etc/docker/certs.d");

    private Trust() {}

    /** The certificate files for a host: those of the settings and {@code certs.d/HOST:PORT/*.crt}. */
    static List<Path> files(String host, RegistrySettings.Host settings) {
        var files = new ArrayList<>(settings.ca());
        var directory = CERTIFICATES.resolve(host);
        if (!host.contains("/") && !host.startsWith(".") && Files.isDirectory(directory)) {
            try (var entries = Files.list(directory)) {
                entries.filter(file -> file.toString().endsWith(".crt"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                throw new BackendException("cannot read " + directory + ": " + e, e);
            }
        }
        return files;
    }

    /** Trusts the machine's authorities and those in {@code files}. */
    static SSLContext in(List<Path> files) {
        var managers = new ArrayList<X509TrustManager>(List.of(manager(Optional.empty())));
        if (!files.isEmpty()) {
            managers.add(manager(Optional.of(store(files))));
        }
        return context(new AnyOf(managers));
    }

    /** Trusts everybody: for registries that the user called insecure. */
    static SSLContext inAnybody() {
        return context(new AnyOf(List.of()));
    }

    private static SSLContext context(TrustManager manager) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store(List<Path> files) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var file : files) {
                int number = 0;
                for (var certificate : certificates(file)) {
                    store.setCertificateEntry(file + "#" + number++, certificate);
                }
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try (var in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | GeneralSecurityException e) {
            throw new BackendException("cannot read the certificates in " + file + ": " + e.getMessage(), e);
        }
    }

    private static X509TrustManager manager(Optional<KeyStore> store) {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            @Nullable KeyStore authorities = store.orElse(null); // null stands for those of the machine
            factory.init(authorities);
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("no trust manager for X.509");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Believes what one of several managers believes; everything when there are none. */
    private record AnyOf(List<X509TrustManager> managers) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("this is no server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            for (int i = 0; i < managers.size(); i++) {
                try {
                    managers.get(i).checkServerTrusted(chain, type);
                    return;
                } catch (CertificateException e) {
                    if (i == managers.size() - 1) {
                        throw e;
                    }
                }
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
