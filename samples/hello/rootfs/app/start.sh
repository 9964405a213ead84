# Entry point: a JDK of a Linux distribution keeps its settings in /etc/java-..., which the image lacks; then the program.
ln -sfn /host/etc/java-* /etc/ 2>/dev/null
exec "$@"
