/* SPDX-License-Identifier: MIT
 *
 * alone.c: takes the place of mpi.c where midge is built without MPI.
 */
#include <string.h>

#include "parallel/parallel.h"

bool mdg_parallel_available(void) {
    return false;
}

mdg_status mdg_parallel_open(mdg_parallel *p, mdg_diag *diag) {
    (void)diag;
    *p = (mdg_parallel){.size = 1};
    return MDG_OK;
}

void mdg_parallel_close(mdg_parallel *p) {
    (void)p;
}

mdg_status mdg_parallel_send(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag) {
    (void)p, (void)data, (void)size;
    return mdg_fail(diag, MDG_INVALID, "there is no process %d: this midge is built without MPI", to);
}

mdg_status mdg_parallel_post(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag) {
    return mdg_parallel_send(p, to, data, size, diag);
}

mdg_status mdg_parallel_receive(const mdg_parallel *p, int from, int timeout_ms, mdg_arena *arena,
                                mdg_parallel_message *out, mdg_diag *diag) {
    (void)p, (void)from, (void)timeout_ms, (void)arena, (void)out;
    return mdg_fail(diag, MDG_NOT_FOUND, "no message: this midge is built without MPI");
}

mdg_status mdg_parallel_gather(const mdg_parallel *p, const void *mine, size_t size, void *all,
                               mdg_diag *diag) {
    (void)p, (void)diag;
    memcpy(all, mine, size);
    return MDG_OK;
}
