package dev.jcompose.runtime.oci;

/** The kinds of blobs we write or tell apart. */
public final class MediaTypes {
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    public static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    public static final String LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

    private MediaTypes() {}

    /** Whether a blob is the manifest of one image. */
    public static boolean isManifest(String mediaType) {
        return mediaType.isEmpty() || mediaType.equals(MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }

    /** Whether a layer is not to be given to other registries: it is to be had where its descriptor says. */
    public static boolean isForeign(String mediaType) {
        return mediaType.startsWith("application/vnd.docker.image.rootfs.foreign.")
                || mediaType.startsWith("application/vnd.oci.image.layer.nondistributable.");
    }

    /** Whether a blob lists manifests, one per platform. */
    public static boolean isIndex(String mediaType) {
        return mediaType.equals(INDEX) || mediaType.equals(DOCKER_LIST);
    }
}
