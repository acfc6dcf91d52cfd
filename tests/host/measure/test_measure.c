/* SPDX-License-Identifier: MIT
 *
 * What goes wrong between generated code and a result: each gets one clear line, and nothing stays behind in
 * /tmp.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "emit/emit.h"
#include "host/emit/programs.h"
#include "host/emit/toolchain.h"
#include "measure/elf.h"
#include "measure/measure.h"

typedef struct fixture {
    mdg_arena *arena;
    char *folder;
    mdg_run_opts run;
} fixture;

/* Temporary folders that this process has left. */
static int count_folders(void) {
    char mine[32];
    int n = 0;
    snprintf(mine, sizeof mine, "midge-%ld-", (long)getpid());
    DIR *d = opendir("/tmp");
    for (const struct dirent *e; d && (e = readdir(d)) != NULL;)
        n += strncmp(e->d_name, mine, strlen(mine)) == 0;
    if (d) closedir(d);
    return n;
}

static int set_up(void **state) {
    mdg_arena *arena = mdg_arena_new();
    fixture *f = mdg_arena_alloc(arena, sizeof *f);
    const mdg_program p = test_conv_program(arena);
    *f = (fixture){.arena = arena, .folder = test_folder(arena)};
    f->run = (mdg_run_opts){.target = mdg_target_find("cortex-m4"),
                            .folder = f->folder,
                            .name = "little",
                            .input_bytes = 32,
                            .output_bytes = 48,
                            .repeat = 2};
    const mdg_emit_opts o = {.name = "little", .folder = f->folder};
    *state = f;
    return mdg_emit_c(&p, &o, NULL) == MDG_OK ? 0 : -1;
}

static int tear_down(void **state) {
    fixture *f = *state;
    test_folder_remove(f->folder, f->arena);
    mdg_arena_free(f->arena);
    return 0;
}

/* Runs, expecting a failure whose message has both words. */
static void assert_fails(const fixture *f, const mdg_run_opts *run, mdg_status expected, const char *word,
                         const char *other) {
    static const uint8_t input[64];
    uint8_t output[128];
    mdg_diag diag = {""};
    assert_int_equal(mdg_target_run(run, input, output, NULL, f->arena, &diag), expected);
    if (!strstr(diag.text, word) || !strstr(diag.text, other)) fail_msg("%s", diag.text);
    assert_null(strchr(diag.text, '\n'));
}

static void spoil(const fixture *f, const char *text) {
    const char *path = mdg_arena_printf(f->arena, "%s/little.c", f->folder);
    assert_int_equal(mdg_file_write(path, text, strlen(text), NULL), MDG_OK);
}

static void names_the_package_of_a_missing_tool(void **state) {
    const fixture *f = *state;
    mdg_target target = *f->run.target;
    mdg_run_opts run = f->run;
    run.target = &target;
    target.compiler = "arm-none-such-gcc";
    assert_fails(f, &run, MDG_TOOL, "arm-none-such-gcc: not found", "apt-get install gcc-arm-none-eabi");
    target = *f->run.target;
    target.cpu_flags = "--specs=none/picolibc.specs";
    assert_fails(f, &run, MDG_TOOL, "picolibc: not found", "picolibc-arm-none-eabi");
    target = *f->run.target;
    target.qemu = "qemu-system-none";
    assert_fails(f, &run, MDG_TOOL, "qemu-system-none: not found", "qemu-system-arm");
}

static void shows_the_compilers_first_error(void **state) {
    const fixture *f = *state;
    spoil(f, "#include \"little.h\"\nint x = y;\n");
    assert_fails(f, &f->run, MDG_TOOL, "little.c:2:9", "error:");
}

static void tells_of_a_missing_file(void **state) {
    const fixture *f = *state;
    mdg_run_opts run = f->run;
    run.name = "other";
    assert_fails(f, &run, MDG_NOT_FOUND, "other.c", "compile the model first");
    run.folder = "/nonexistent";
    assert_fails(f, &run, MDG_NOT_FOUND, "/nonexistent", "No such file");
}

static const char model_text[] =
    "#include \"little.h\"\n"
    "void little_init(little_model *m, void *a, void *s) { m->arena = a; m->state = s; }\n"
    "void *little_input(const little_model *m, int k) { return m->arena + k; }\n"
    "const void *little_output(const little_model *m, int k) { return m->arena + k; }\n";

static void tells_of_a_fault(void **state) {
    const fixture *f = *state;
    spoil(f, mdg_arena_printf(f->arena,
                              "%svoid little_invoke(little_model *m) { *(volatile int *)0xF0000000u = 1; }\n",
                              model_text));
    assert_fails(f, &f->run, MDG_TOOL, "fault:", "little on cortex-m4");
}

/* A Cortex-M0+ cannot do what the board's M3 could. */
static void faults_on_unaligned_access(void **state) {
    const fixture *f = *state;
    mdg_run_opts run = f->run;
    run.target = mdg_target_find("cortex-m0plus");
    const char *invoke =
        "%svoid little_invoke(little_model *m) { *(volatile int *)(void *)(m->arena + 1) = 1; }\n";
    spoil(f, mdg_arena_printf(f->arena, invoke, model_text));
    assert_fails(f, &run, MDG_TOOL, "fault:", "little on cortex-m0plus");
}

static void tells_when_memory_is_too_small(void **state) {
    const fixture *f = *state;
    mdg_target target = *f->run.target;
    mdg_run_opts run = f->run;
    run.target = &target;
    target.flash_bytes = 256;
    assert_fails(f, &run, MDG_TOOL, "overflowed", "flash");
}

static bool stop_at_once(void *context, double done, double total, const char *text) {
    (void)done, (void)total, (void)text;
    return ++*(int *)context < 3;
}

static void stops_when_asked(void **state) {
    const fixture *f = *state;
    static const uint8_t input[64];
    uint8_t output[128];
    mdg_diag diag = {""};
    int calls = 0;
    const mdg_progress progress = {.report = stop_at_once, .context = &calls};
    spoil(f, mdg_arena_printf(
                 f->arena, "%svoid little_invoke(little_model *m) { for (;;) *(volatile char *)m->arena; }\n",
                 model_text));
    assert_int_equal(mdg_target_run(&f->run, input, output, &progress, f->arena, &diag), MDG_INTERRUPTED);
    assert_int_equal(calls, 3);
}

/* Counting is exact: a model of a known number of instructions between the marks. */
static void counts_every_instruction(void **state) {
    const fixture *f = *state;
    static const uint8_t input[64];
    const char *invoke = "%s__attribute__((naked)) void little_invoke(little_model *m) {\n"
                         "    __asm__ volatile(\"movs r1, #%d\\n1: subs r1, #1\\nbne 1b\\nbx lr\\n\");\n}\n";
    uint64_t counts[2];
    for (int i = 0; i < 2; i++) {
        mdg_cost cost;
        mdg_diag diag = {""};
        spoil(f, mdg_arena_printf(f->arena, invoke, model_text, i ? 200 : 100));
        if (mdg_target_measure(&f->run, input, f->arena, &cost, &diag) != MDG_OK) fail_msg("%s", diag.text);
        counts[i] = cost.instructions;
    }
    assert_int_equal(counts[1] - counts[0], 200);
    assert_true(counts[0] >= 203 &&
                counts[0] <= 203 + 5); /* loading the argument may stand inside the marks */
}

typedef struct loop {
    const char *body; /* r0: memory, aligned to a word; r1: counts rounds down to 1 */
    const char *target;
    int wait_states;
    uint64_t cycles; /* of a round, in which the loop's own subs and bne take three */
} loop;

static const loop loops[] = {
    {"", "cortex-m4", 0, 3},
    {"", "cortex-m0plus", 0, 3},
    {"ldr r2, [r0]\\nldr r3, [r0]\\n", "cortex-m4", 0, 3 + 2 + 1},
    {"ldr r2, [r0]\\nldr r3, [r0]\\n", "cortex-m0plus", 0, 3 + 2 + 2},
    {"adds r2, r0, #1\\nldr r3, [r2]\\n", "cortex-m4", 0, 3 + 1 + 3 + 2}, /* a stall; not aligned */
    {"push {r2, r3}\\npop {r2, r3}\\n", "cortex-m4", 0, 3 + 3 + 3},
    {"", "cortex-m4", 5, 3},                                            /* the line stays at hand */
    {".rept 8\\nnop\\n.endr\\n", "cortex-m4", 5, 3 + 8 + 10},           /* there and back */
    {"lsls r3, r1, #2\\nldr r2, [r3]\\n", "generic", 4, 3 + 1 + 3 + 1}, /* four rounds a line of data */
};

static uint64_t cycles_of(const fixture *f, const loop *l, int rounds) {
    static const uint8_t input[64];
    const char *invoke = "%s__attribute__((naked)) void little_invoke(little_model *m) {\n"
                         "    __asm__ volatile(\".syntax unified\\nldr r0, [r0]\\nmovs r1, #%d\\n"
                         ".balign 16\\n1: %ssubs r1, #1\\nbne 1b\\nbx lr\\n\");\n}\n";
    mdg_cost cost;
    mdg_diag diag = {""};
    mdg_run_opts run = f->run;
    run.target = mdg_target_find(l->target);
    run.timing.wait_states = l->wait_states;
    spoil(f, mdg_arena_printf(f->arena, invoke, model_text, rounds, l->body));
    if (mdg_target_measure(&run, input, f->arena, &cost, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return cost.cycles;
}

static void estimates_cycles(void **state) {
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        const uint64_t cycles = cycles_of(f, &loops[i], 240) - cycles_of(f, &loops[i], 80);
        if (cycles != 160 * loops[i].cycles)
            fail_msg("%s: \"%s\" took %d cycles in 160 rounds", loops[i].target, loops[i].body, (int)cycles);
    }
}

static void knows_its_targets(void **state) {
    (void)state;
    assert_non_null(mdg_target_find("cortex-m0plus"));
    assert_non_null(mdg_target_find("rv32imc"));
    assert_null(mdg_target_find("cortex-m99"));
}

static void refuses_what_is_no_image(void **state) {
    (void)state;
    mdg_elf elf;
    uint8_t junk[128] = {0x7f, 'E', 'L', 'F', 1, 1};
    junk[32] = junk[33] = junk[34] = junk[35] = 0xff; /* the section table lies outside */
    junk[46] = 40;
    junk[48] = 3;
    assert_int_equal(mdg_elf_open((mdg_bytes){junk, sizeof junk}, &elf, NULL), MDG_INVALID);
    assert_int_equal(mdg_elf_open((mdg_bytes){junk, 10}, &elf, NULL), MDG_INVALID);
}

static int leaves_nothing_behind(void **state) {
    tear_down(state);
    return count_folders() ? -1 : 0;
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    if (!test_has("arm-none-eabi-gcc", arena) || !test_has("qemu-system-arm", arena)) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        mdg_arena_free(arena);
        return 77;
    }
    mdg_arena_free(arena);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, leaves_nothing_behind)
    const struct CMUnitTest tests[] = {
        TEST(names_the_package_of_a_missing_tool),
        TEST(shows_the_compilers_first_error),
        TEST(tells_of_a_missing_file),
        TEST(tells_of_a_fault),
        TEST(faults_on_unaligned_access),
        TEST(tells_when_memory_is_too_small),
        TEST(stops_when_asked),
        TEST(counts_every_instruction),
        TEST(estimates_cycles),
        TEST(knows_its_targets),
        TEST(refuses_what_is_no_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
