/* SPDX-License-Identifier: MIT
 *
 * mpi.c: the only file that knows MPI.
 */
#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parallel/parallel.h"

enum { TAG = 1, POLL_MS = 1 };

bool mdg_parallel_available(void) {
    return true;
}

/* What Open MPI, MPICH and their kin tell the processes that they start. Without this look MPI would start a
 * daemon for every command. */
static bool started_by_mpirun(void) {
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE") || getenv("PMIX_RANK");
}

static mdg_status check(int code, const char *what, mdg_diag *diag) {
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    if (code == MPI_SUCCESS) return MDG_OK;
    MPI_Error_string(code, text, &length);
    return mdg_fail(diag, MDG_IO, "MPI: %s: %s; is another process gone?", what, text);
}

mdg_status mdg_parallel_open(mdg_parallel *p, mdg_diag *diag) {
    int given;
    *p = (mdg_parallel){.size = 1, .started = started_by_mpirun()};
    if (!p->started) return MDG_OK;
    MDG_TRY(check(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given), "start", diag));
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MDG_TRY(check(MPI_Comm_rank(MPI_COMM_WORLD, &p->rank), "rank", diag));
    return check(MPI_Comm_size(MPI_COMM_WORLD, &p->size), "size", diag);
}

void mdg_parallel_close(mdg_parallel *p) {
    if (p->started && !p->lost) MPI_Finalize(); /* it waits for all */
    p->started = false;
}

static mdg_status check_message(const mdg_parallel *p, int to, size_t size, mdg_diag *diag) {
    if (to >= 0 && to < p->size && to != p->rank && size <= INT_MAX) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "MPI: process %d of %d cannot send %zu bytes to process %d", p->rank,
                    p->size, size, to);
}

mdg_status mdg_parallel_send(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag) {
    MDG_TRY(check_message(p, to, size, diag));
    return check(MPI_Send(data, (int)size, MPI_BYTE, to, TAG, MPI_COMM_WORLD), "send", diag);
}

mdg_status mdg_parallel_post(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag) {
    MPI_Request request;
    MDG_TRY(check_message(p, to, size, diag));
    MDG_TRY(check(MPI_Isend(data, (int)size, MPI_BYTE, to, TAG, MPI_COMM_WORLD, &request), "send", diag));
    return check(MPI_Request_free(&request), "send", diag);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* MPI's own waiting spins; a core is worth more than a millisecond. */
static mdg_status wait_for_message(int from, int timeout_ms, MPI_Status *found, mdg_diag *diag) {
    const int64_t end = now_ms() + timeout_ms;
    for (int there = 0;;) {
        MDG_TRY(check(MPI_Iprobe(from, TAG, MPI_COMM_WORLD, &there, found), "wait", diag));
        if (there) return MDG_OK;
        if (timeout_ms != MDG_PARALLEL_FOREVER && now_ms() >= end)
            return mdg_fail(diag, MDG_NOT_FOUND, "MPI: no message within %d ms", timeout_ms);
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000}, NULL);
    }
}

mdg_status mdg_parallel_receive(const mdg_parallel *p, int from, int timeout_ms, mdg_arena *arena,
                                mdg_parallel_message *out, mdg_diag *diag) {
    MPI_Status found;
    int size;
    if (p->size == 1) return mdg_fail(diag, MDG_NOT_FOUND, "MPI: no message: there is no other process");
    MDG_TRY(wait_for_message(from == MDG_PARALLEL_ANY ? MPI_ANY_SOURCE : from, timeout_ms, &found, diag));
    MDG_TRY(check(MPI_Get_count(&found, MPI_BYTE, &size), "size of a message", diag));
    *out = (mdg_parallel_message){
        .from = found.MPI_SOURCE, .size = (size_t)size, .data = mdg_arena_alloc(arena, (size_t)size)};
    return check(MPI_Recv(out->data, size, MPI_BYTE, out->from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE),
                 "receive", diag);
}

mdg_status mdg_parallel_gather(const mdg_parallel *p, const void *mine, size_t size, void *all,
                               mdg_diag *diag) {
    if (p->size == 1) {
        memcpy(all, mine, size);
        return MDG_OK;
    }
    if (size > INT_MAX) return mdg_fail(diag, MDG_INVALID, "MPI: %zu bytes at once are too many", size);
    return check(MPI_Allgather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, MPI_COMM_WORLD), "gather",
                 diag);
}
