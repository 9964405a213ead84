#define _GNU_SOURCE
#include "device_bpf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

enum { RULES = 256, RULE_INSTRUCTIONS = 8, INSTRUCTIONS = 8 + RULES * RULE_INSTRUCTIONS, ANY = -1 };
enum { RESULT = BPF_REG_0, CONTEXT = BPF_REG_1, TYPE = BPF_REG_2, ACCESS = BPF_REG_3, MAJOR = BPF_REG_4, MINOR = BPF_REG_5, WORK = BPF_REG_6 };

struct program {
    struct bpf_insn code[INSTRUCTIONS];
    int length;
};

/* "c 1:3 rwm": a type of `a` and numbers of `*` stand for all. */
struct rule {
    int type, major, minor, access;
};

static int parse_number(const char *text)
{
    return *text == '*' ? ANY : atoi(text);
}

static int parse(const char *text, struct rule *r)
{
    char type, major[16], minor[16], access[8];
    if (sscanf(text, "%c %15[0-9*]:%15[0-9*] %7[rwm]", &type, major, minor, access) != 4 || strchr("abc", type) == NULL)
        return -1;
    *r = (struct rule){.type = type == 'a' ? ANY : type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR,
                       .major = parse_number(major),
                       .minor = parse_number(minor)};
    r->access = (strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0) | (strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0)
        | (strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0);
    return 0;
}

static void emit(struct program *p, int code, int to, int from, int offset, int value)
{
    p->code[p->length++] = (struct bpf_insn){.code = (uint8_t)code, .dst_reg = (uint8_t)to & 15, .src_reg = (uint8_t)from & 15, .off = (int16_t)offset, .imm = value};
}

static void emit_answer(struct program *p, int yes)
{
    emit(p, BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, yes);
    emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Allows what the rule covers; anything else goes on behind `end`. */
static void emit_rule(struct program *p, const struct rule *r)
{
    const int wanted[][2] = {{TYPE, r->type}, {MAJOR, r->major}, {MINOR, r->minor}};
    int jumps[4], count = 0;
    for (int i = 0; i < 3; i++) {
        if (wanted[i][1] == ANY)
            continue;
        jumps[count++] = p->length;
        emit(p, BPF_JMP | BPF_JNE | BPF_K, wanted[i][0], 0, 0, wanted[i][1]);
    }
    emit(p, BPF_ALU64 | BPF_MOV | BPF_X, WORK, ACCESS, 0, 0);
    emit(p, BPF_ALU64 | BPF_AND | BPF_K, WORK, 0, 0, ~r->access);
    jumps[count++] = p->length;
    emit(p, BPF_JMP | BPF_JNE | BPF_K, WORK, 0, 0, 0);
    emit_answer(p, 1);
    for (int i = 0; i < count; i++)
        p->code[jumps[i]].off = (int16_t)(p->length - jumps[i] - 1);
}

static int compile(const struct plan *plan, struct program *p, struct error *e)
{
    int count = 0;
    emit(p, BPF_LDX | BPF_MEM | BPF_W, TYPE, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, access_type), 0);
    emit(p, BPF_ALU64 | BPF_MOV | BPF_X, ACCESS, TYPE, 0, 0);
    emit(p, BPF_ALU64 | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff);
    emit(p, BPF_ALU64 | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
    emit(p, BPF_LDX | BPF_MEM | BPF_W, MAJOR, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, major), 0);
    emit(p, BPF_LDX | BPF_MEM | BPF_W, MINOR, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, minor), 0);
    for (const struct frame *f = NULL; (f = plan_next(plan, "device-rule", f)); count++) {
        struct rule r;
        errno = EINVAL;
        if (count == RULES || parse(frame_field(f, 1), &r) != 0)
            return fail(e, "allow device", "%s", frame_field(f, 1));
        emit_rule(p, &r);
    }
    emit_answer(p, 0);
    return 0;
}

static int call(int command, union bpf_attr *a)
{
    return (int)syscall(SYS_bpf, command, a, sizeof *a);
}

int device_bpf_attached(const char *directory)
{
    cleanup_close int group = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.query.target_fd = (uint32_t)group;
    a.query.attach_type = BPF_CGROUP_DEVICE;
    return group >= 0 && call(BPF_PROG_QUERY, &a) == 0 && a.query.prog_cnt > 0;
}

static int load(const struct program *p)
{
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    a.insns = (uint64_t)(uintptr_t)p->code;
    a.insn_cnt = (uint32_t)p->length;
    a.license = (uint64_t)(uintptr_t) "Apache-2.0";
    return call(BPF_PROG_LOAD, &a);
}

int device_bpf_attach(const struct plan *plan, const char *directory, struct error *e)
{
    static struct program p;
    p.length = 0;
    if (compile(plan, &p, e) != 0)
        return -1;
    cleanup_close int group = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cleanup_close int program = group < 0 ? -1 : load(&p);
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.target_fd = (uint32_t)group;
    a.attach_bpf_fd = (uint32_t)program;
    a.attach_type = BPF_CGROUP_DEVICE;
    a.attach_flags = BPF_F_ALLOW_MULTI; /* a manager's own program beside ours has its say, too */
    return program >= 0 && call(BPF_PROG_ATTACH, &a) == 0 ? 0 : fail(e, "restrict devices of", "%s", directory);
}
