/* SPDX-License-Identifier: MIT
 *
 * Processes that work together: the test starts itself three times through mpirun, and every process checks
 * what it got from the others. Alone, all is answered at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parallel/parallel.h"

enum { PROCESSES = 3 };

static const char *program;

static bool has_mpirun(void) {
    return mdg_parallel_available() && system("command -v mpirun >/dev/null") == 0;
}

/* ---- one of the processes ---- */

static void send_number(const mdg_parallel *p, int to, int number) {
    mdg_diag diag = {""};
    if (mdg_parallel_send(p, to, &number, sizeof number, &diag) != MDG_OK) fail_msg("%s", diag.text);
}

static int receive_number(const mdg_parallel *p, mdg_arena *arena, int *from) {
    mdg_diag diag = {""};
    mdg_parallel_message m;
    int number;
    if (mdg_parallel_receive(p, *from, 60000, arena, &m, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(m.size, sizeof number);
    memcpy(&number, m.data, sizeof number);
    *from = m.from;
    return number;
}

/* Every worker sends its square twice and gets it back with one added. */
static void exchange(const mdg_parallel *p, mdg_arena *arena) {
    for (int round = 0; round < 2 * (PROCESSES - 1) && p->rank == 0; round++) {
        int from = MDG_PARALLEL_ANY;
        const int number = receive_number(p, arena, &from);
        assert_int_equal(number, from * from);
        send_number(p, from, number + 1);
    }
    for (int round = 0; round < 2 && p->rank > 0; round++) {
        int from = 0;
        send_number(p, 0, p->rank * p->rank);
        assert_int_equal(receive_number(p, arena, &from), p->rank * p->rank + 1);
    }
}

static void worker(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_parallel p;
    mdg_parallel_message none;
    if (mdg_parallel_open(&p, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(p.size, PROCESSES);
    exchange(&p, arena);
    assert_int_equal(mdg_parallel_receive(&p, MDG_PARALLEL_ANY, 5, arena, &none, &diag), MDG_NOT_FOUND);
    assert_int_equal(mdg_parallel_send(&p, PROCESSES, "x", 1, &diag), MDG_INVALID);
    const double mine[2] = {p.rank, 10.0 + p.rank};
    double all[PROCESSES][2];
    assert_int_equal(mdg_parallel_gather(&p, mine, sizeof mine, all, &diag), MDG_OK);
    for (int i = 0; i < PROCESSES; i++) {
        assert_true(all[i][0] == i);
        assert_true(all[i][1] == 10.0 + i);
    }
    mdg_parallel_close(&p);
    mdg_arena_free(arena);
}

/* ---- the test ---- */

static void test_alone(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_parallel p;
    mdg_parallel_message m;
    int all[1], mine = 7;
    assert_int_equal(mdg_parallel_open(&p, &diag), MDG_OK);
    assert_int_equal(p.size, 1);
    assert_int_equal(p.rank, 0);
    assert_int_equal(mdg_parallel_send(&p, 1, "x", 1, &diag), MDG_INVALID);
    assert_int_equal(mdg_parallel_receive(&p, MDG_PARALLEL_ANY, 60000, arena, &m, &diag), MDG_NOT_FOUND);
    assert_int_equal(mdg_parallel_gather(&p, &mine, sizeof mine, all, &diag), MDG_OK);
    assert_int_equal(all[0], 7);
    mdg_parallel_close(&p);
    mdg_arena_free(arena);
}

static void test_together(void **state) {
    (void)state;
    char command[4200];
    if (!has_mpirun()) {
        printf("skipped: no MPI\n");
        skip();
    }
    /* MPI keeps memory until the end, which the leak check would count. */
    snprintf(command, sizeof command,
             "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ASAN_OPTIONS=detect_leaks=0 "
             "mpirun --oversubscribe -n %d '%s' worker >&2",
             PROCESSES, program);
    assert_int_equal(system(command), 0);
}

int main(int argc, char **argv) {
    program = argv[0];
    const struct CMUnitTest alone[] = {cmocka_unit_test(test_alone), cmocka_unit_test(test_together)};
    const struct CMUnitTest together[] = {cmocka_unit_test(worker)};
    return argc > 1 ? cmocka_run_group_tests(together, NULL, NULL)
                    : cmocka_run_group_tests(alone, NULL, NULL);
}
