#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "net.h"
#include "netns.h"
#include "nft.h"

#define DNS_ADDRESS 0x7f00000bu /* 127.0.0.11 */
#define DNS_RULES "jcompose_dns"
enum { DNS_PORT = 53 };

static int loopback_socket(int type, int port, int *bound, struct error *e)
{
    cleanup_close int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(DNS_ADDRESS), .sin_port = htons((uint16_t)port)};
    socklen_t length = sizeof a;
    int on = 1;
    if (fd < 0)
        return fail(e, "create socket", "127.0.0.11:%d", port);
    if (type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || (type == SOCK_STREAM && listen(fd, 64) != 0))
        return fail(e, "bind", "127.0.0.11:%d", port);
    if (getsockname(fd, (struct sockaddr *)&a, &length) != 0)
        return fail(e, "bind", "127.0.0.11:%d", port);
    *bound = ntohs(a.sin_port);
    return take_fd(&fd);
}

static int redirect_dns(int udp_port, int tcp_port, int replace, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, -1, DNS_RULES, e) != 0)
        return -1;
    nft_table(&b, replace);
    nft_chain(&b, "output", NFT_OUTPUT, 0);
    nft_rule(&b, "output");
    nft_destination(&b, DNS_ADDRESS);
    nft_protocol_port(&b, IPPROTO_UDP, DNS_PORT);
    nft_redirect(&b, DNS_ADDRESS, udp_port);
    nft_rule_end(&b);
    nft_rule(&b, "output");
    nft_destination(&b, DNS_ADDRESS);
    nft_protocol_port(&b, IPPROTO_TCP, DNS_PORT);
    nft_redirect(&b, DNS_ADDRESS, tcp_port);
    nft_rule_end(&b);
    return nft_commit(&b, e, "redirect names");
}

/* On a free port that port 53 is redirected to, so that a name server in the container can have 53; else on 53 itself. */
static int dns_sockets_here(int *udp, int *tcp, struct error *e)
{
    int udp_port, tcp_port;
    cleanup_close int u = loopback_socket(SOCK_DGRAM, 0, &udp_port, e);
    cleanup_close int t = u < 0 ? -1 : loopback_socket(SOCK_STREAM, 0, &tcp_port, e);
    if (t < 0)
        return -1;
    if (redirect_dns(udp_port, tcp_port, 0, e) != 0 && redirect_dns(udp_port, tcp_port, 1, e) != 0) {
        close_at_exit(&u);
        close_at_exit(&t);
        u = loopback_socket(SOCK_DGRAM, DNS_PORT, &udp_port, e);
        t = u < 0 ? -1 : loopback_socket(SOCK_STREAM, DNS_PORT, &tcp_port, e);
        if (t < 0)
            return -1;
    }
    *udp = take_fd(&u);
    *tcp = take_fd(&t);
    return 0;
}

int net_dns_sockets(int ns, int *udp, int *tcp, struct error *e)
{
    int back;
    if (netns_enter(ns, &back, e) != 0)
        return -1;
    int result = dns_sockets_here(udp, tcp, e);
    netns_leave(back);
    return result;
}
