# Healthcheck: asks 127.0.0.1:$1/health and succeeds when it answers 200.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health HTTP/1.0\r\n\r\n' >&3
read -r line <&3
case $line in *" 200 "*) exit 0 ;; *) echo "${line:-no answer}"; exit 1 ;; esac
