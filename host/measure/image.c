/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "measure/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/embedded.h"

/* Harness files lose their folder and gain a prefix, by which the linker script knows them. */
static const char *const harness_files[] = {"harness", "semihost"};
static const char *const harness_headers[] = {"semihost.h", "link.ld"};

const char *mdg_image_path(const mdg_image *m, const char *name) {
    return mdg_arena_printf(m->arena, "%s/%s", m->folder, name);
}

static mdg_status write_port(const mdg_image *m, const char *name, const char *as, mdg_diag *diag) {
    const char *path = mdg_arena_printf(m->arena, "ports/qemu/%s", name);
    const mdg_embedded_file *f = mdg_embedded_find(path);
    if (!f) return mdg_fail(diag, MDG_NOT_FOUND, "%s: not built into this program", path);
    return mdg_file_write(mdg_image_path(m, as), f->data, f->size, diag);
}

/* What the harness includes: the model's header and its names. */
static mdg_status write_subject(const mdg_image *m, bool measured, mdg_diag *diag) {
    static const char *const feeds[] = {[MDG_FEED_INPUT] = "",
                                        [MDG_FEED_SAMPLES] = "#define SUBJECT_SAMPLES 1\n",
                                        [MDG_FEED_PIXELS] = "#define SUBJECT_PIXELS 1\n"};
    const mdg_run_opts *o = m->opts;
    char *upper = mdg_arena_strdup(m->arena, o->name);
    for (char *p = upper; *p; p++) {
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    }
    const char *text = mdg_arena_printf(
        m->arena,
        "#include \"%s.h\"\n#define SUBJECT(name) %s_##name\n#define SUBJECT_MACRO(name) %s_##name\n%s%s"
        "#define SUBJECT_CLIP_BYTES %zu\n",
        o->name, o->name, upper, feeds[o->feed], measured ? "#define SUBJECT_STACK 1\n" : "", o->input_bytes);
    MDG_TRY(mdg_file_write(mdg_image_path(m, "subject.h"), text, strlen(text), diag));
    static const char marks[] = "#define MDG_AFTER_OP(index, name) "
                                "__asm__ volatile(\"mdg_op_\" #index \"_\" #name \".%=:\" ::: \"memory\");\n";
    return mdg_file_write(mdg_image_path(m, "marks.h"), marks, sizeof marks - 1, diag);
}

static mdg_status write_harness(const mdg_image *m, bool measured, mdg_diag *diag) {
    for (size_t i = 0; i < sizeof harness_headers / sizeof *harness_headers; i++)
        MDG_TRY(write_port(m, harness_headers[i], harness_headers[i], diag));
    for (size_t i = 0; i < sizeof harness_files / sizeof *harness_files; i++)
        MDG_TRY(write_port(m, mdg_arena_printf(m->arena, "%s.c", harness_files[i]),
                           mdg_arena_printf(m->arena, "harness_%s.c", harness_files[i]), diag));
    MDG_TRY(
        write_port(m, mdg_arena_printf(m->arena, "%s.c", m->opts->target->start), "harness_start.c", diag));
    return write_subject(m, measured, diag);
}

/* The first line that tells of an error, else the first line. */
static const char *first_error(const mdg_image *m, const char *log) {
    static const char *const words[] = {"error:",     "Error:", "undefined reference",
                                        "overflowed", "fault:", "cannot find"};
    mdg_bytes text;
    if (mdg_file_read(log, m->arena, &text, NULL) != MDG_OK || text.size == 0) return "no message";
    char *rest = mdg_arena_printf(m->arena, "%.*s", (int)text.size, (const char *)text.data);
    const char *first = NULL;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (!first) first = line;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (strstr(line, words[i])) return line;
        }
    }
    return first;
}

static mdg_status run_compiler(const mdg_image *m, mdg_command *command, mdg_diag *diag) {
    const mdg_process p = {.command = command,
                           .folder = m->folder,
                           .log = mdg_image_path(m, "compiler.log"),
                           .packages = m->opts->target->packages};
    int exit_code = 0;
    MDG_TRY(mdg_process_run(&p, &exit_code, diag));
    if (exit_code == 0) return MDG_OK;
    const mdg_target *t = m->opts->target;
    const char *error = first_error(m, p.log);
    if (strstr(error, "picolibc.specs"))
        return mdg_fail(diag, MDG_TOOL, "picolibc: not found; install it: apt-get install %s", t->packages);
    return mdg_fail(diag, MDG_TOOL, "%s/%s.c for %s: %s failed: %.700s", m->opts->folder, m->opts->name,
                    t->name, t->compiler, error);
}

static mdg_command compiler(const mdg_image *m) {
    mdg_command c = {.arena = m->arena};
    mdg_command_add(&c, m->opts->target->compiler);
    mdg_command_add(&c, "--specs=picolibc.specs");
    mdg_command_add_words(&c, m->opts->target->cpu_flags);
    mdg_command_add_words(&c, "-std=c99 -O2 -ffunction-sections -fdata-sections -ffp-contract=off -I.");
    return c;
}

static mdg_status compile(const mdg_image *m, const char *source, const char *object, const char *flags,
                          mdg_diag *diag) {
    mdg_command c = compiler(m);
    mdg_command_add_words(&c, flags);
    mdg_command_add_words(&c, "-c -o");
    mdg_command_add(&c, object);
    mdg_command_add(&c, "-I");
    mdg_command_add(&c, realpath(m->opts->folder, mdg_arena_alloc(m->arena, 4096)));
    mdg_command_add(&c, source);
    return run_compiler(m, &c, diag);
}

static mdg_status link_image(const mdg_image *m, mdg_diag *diag) {
    const mdg_target *t = m->opts->target;
    mdg_command c = compiler(m);
    mdg_command_add_words(&c, "-nostartfiles -T link.ld -Wl,--no-gc-sections -Wl,--no-warn-rwx-segments");
    mdg_command_add(&c, mdg_arena_printf(m->arena, "-Wl,--defsym=mdg_flash=0x%x,--defsym=mdg_flash_size=0x%x",
                                         t->flash, t->flash_bytes));
    mdg_command_add(&c, mdg_arena_printf(m->arena, "-Wl,--defsym=mdg_ram=0x%x,--defsym=mdg_ram_size=0x%x",
                                         t->ram, t->ram_bytes));
    mdg_command_add_words(&c,
                          "-o image.elf harness_start.o harness_semihost.o harness_harness.o model.o -lm");
    return run_compiler(m, &c, diag);
}

static mdg_status compile_all(const mdg_image *m, bool measured, mdg_diag *diag) {
    /* no calls of memcpy or memset that the source does not have: libc is the model's alone */
    static const char harness_flags[] = "-ffreestanding -fno-tree-loop-distribute-patterns";
    static const char *const parts[] = {"harness_start", "harness_semihost", "harness_harness"};
    char *folder = realpath(m->opts->folder, mdg_arena_alloc(m->arena, 4096));
    if (!folder) return mdg_fail(diag, MDG_NOT_FOUND, "%s: %s", m->opts->folder, strerror(errno));
    const char *source = mdg_arena_printf(m->arena, "%s/%s.c", folder, m->opts->name);
    if (!mdg_file_exists(source))
        return mdg_fail(diag, MDG_NOT_FOUND, "%s: no such file; compile the model first", source);
    MDG_TRY(compile(m, source, "model.o", measured ? "-include marks.h" : "", diag));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        MDG_TRY(compile(m, mdg_arena_printf(m->arena, "%s.c", parts[i]),
                        mdg_arena_printf(m->arena, "%s.o", parts[i]), harness_flags, diag));
    }
    return link_image(m, diag);
}

mdg_status mdg_image_build(const mdg_run_opts *opts, bool measured, mdg_arena *arena, mdg_image *out,
                           mdg_diag *diag) {
    *out = (mdg_image){.opts = opts, .arena = arena};
    MDG_TRY(mdg_folder_temporary(arena, &out->folder, diag));
    MDG_TRY(write_harness(out, measured, diag));
    return compile_all(out, measured, diag);
}

enum { STALL_LIMIT_S = 120 };

/* Watches output.bin grow. */
typedef struct run_watch {
    const mdg_image *image;
    const mdg_progress *progress;
    const char *path;
    off_t size;
    time_t since;
} run_watch;

static mdg_watch watch_output(void *context) {
    run_watch *w = context;
    struct stat info;
    if (stat(w->path, &info) == 0 && info.st_size != w->size) {
        w->size = info.st_size;
        w->since = time(NULL);
    }
    const double done = (double)w->size / (double)w->image->opts->output_bytes;
    if (!mdg_progress_report(w->progress, done, w->image->opts->repeat, NULL)) return MDG_WATCH_STOP;
    return time(NULL) - w->since > STALL_LIMIT_S ? MDG_WATCH_TIMEOUT : MDG_WATCH_ON;
}

static mdg_status check_result(const mdg_image *m, int exit_code, const run_watch *w, mdg_diag *diag) {
    const mdg_run_opts *o = m->opts;
    const char *said = first_error(m, mdg_image_path(m, "qemu.log"));
    struct stat info;
    if (strstr(said, "terminating on signal")) /* QEMU's last words; it exits with 0 */
        return mdg_fail(diag, MDG_INTERRUPTED, "%s: interrupted", o->target->qemu);
    if (exit_code != 0)
        return mdg_fail(diag, MDG_TOOL, "%s on %s: %s ended with code %d: %.600s", o->name, o->target->name,
                        o->target->qemu, exit_code, said);
    const size_t size = stat(w->path, &info) == 0 ? (size_t)info.st_size : 0;
    const size_t expected = (size_t)o->repeat * o->output_bytes;
    if (size != expected)
        return mdg_fail(diag, MDG_MISMATCH, "%s on %s: gave %zu bytes of output, %zu were expected", o->name,
                        o->target->name, size, expected);
    return MDG_OK;
}

mdg_status mdg_image_run(const mdg_image *m, const void *input, const mdg_command *options,
                         const mdg_progress *progress, mdg_diag *diag) {
    const mdg_run_opts *o = m->opts;
    MDG_TRY(mdg_file_write(mdg_image_path(m, "input.bin"), input, (size_t)o->repeat * o->input_bytes, diag));
    mdg_command c = {.arena = m->arena};
    mdg_command_add(&c, o->target->qemu);
    mdg_command_add(&c, "-M");
    mdg_command_add_words(&c, o->target->machine);
    mdg_command_add_words(
        &c, "-nographic -monitor none -serial none -semihosting-config enable=on,target=native");
    for (int i = 0; options && i < options->n; i++) mdg_command_add(&c, options->args[i]);
    mdg_command_add_words(&c, "-kernel image.elf");

    run_watch w = {
        .image = m, .progress = progress, .path = mdg_image_path(m, "output.bin"), .since = time(NULL)};
    const mdg_process p = {.command = &c,
                           .folder = m->folder,
                           .log = mdg_image_path(m, "qemu.log"),
                           .packages = o->target->packages,
                           .watch = watch_output,
                           .context = &w};
    int exit_code = 0;
    MDG_TRY(mdg_process_run(&p, &exit_code, diag));
    return check_result(m, exit_code, &w, diag);
}

void mdg_image_remove(const mdg_image *m) {
    mdg_folder_remove(m->folder);
}
