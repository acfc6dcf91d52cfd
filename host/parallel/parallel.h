/* SPDX-License-Identifier: MIT
 *
 * parallel.h: several processes of one command, started by `mpirun -n 4 midge ...` on one machine or many.
 *
 *     mdg_parallel p;
 *     mdg_parallel_open(&p, diag);                 // rank 0 of 1 unless mpirun started this process
 *     if (p.rank == 0) mdg_parallel_send(&p, 1, text, size, diag);
 *     mdg_parallel_message m;
 *     mdg_parallel_receive(&p, MDG_PARALLEL_ANY, 1000, arena, &m, diag);
 *     mdg_parallel_gather(&p, mine, size, all, diag);
 *     mdg_parallel_close(&p);
 *
 * Built without MPI (alone.c in place of mpi.c), or started without mpirun, a process is alone: rank 0 of 1.
 * Bytes travel as they are, so all machines must have the same byte order. Threads: all calls from the one
 * that opened.
 *
 * A process that ends without mdg_parallel_close takes all others with it, unless mpirun was given
 * --enable-recovery. Then messages to it go nowhere and none come from it, but gather would wait forever:
 * what is to survive a lost process uses send and receive with a time limit, and closes with `lost` set.
 */
#ifndef MDG_PARALLEL_H
#define MDG_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/diag.h"

enum { MDG_PARALLEL_ANY = -1, MDG_PARALLEL_FOREVER = -1 };

typedef struct mdg_parallel {
    int rank, size; /* 0 <= rank < size */
    bool started;   /* by mpirun */
    bool lost;      /* set by the caller: another process is gone, so close does not wait for it */
} mdg_parallel;

typedef struct mdg_parallel_message {
    int from; /* rank of the sender */
    size_t size;
    uint8_t *data;
} mdg_parallel_message;

/* Whether this program can work together at all: built with MPI. */
bool mdg_parallel_available(void);

/* Once per process, early. Returns MDG_OK, or MDG_IO when the processes do not find each other. */
mdg_status mdg_parallel_open(mdg_parallel *p, mdg_diag *diag);

/* Waits until all have come here, unless p->lost. */
void mdg_parallel_close(mdg_parallel *p);

/* Sends size bytes (below 2 GiB) to another rank; larger messages wait until they are received. Returns
 * MDG_OK, MDG_INVALID for a rank that there is not, MDG_IO. */
mdg_status mdg_parallel_send(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag);

/* The same without waiting, which a process that is gone could make last forever: data must stay as it is to
 * the end. */
mdg_status mdg_parallel_post(const mdg_parallel *p, int to, const void *data, size_t size, mdg_diag *diag);

/* The next message from that rank or from any, in arena; messages of one sender keep their order. Waits at
 * most timeout_ms (sleeping, not spinning), or MDG_PARALLEL_FOREVER. Returns MDG_OK, MDG_NOT_FOUND when none
 * came in time (at once where the process is alone), MDG_IO. */
mdg_status mdg_parallel_receive(const mdg_parallel *p, int from, int timeout_ms, mdg_arena *arena,
                                mdg_parallel_message *out, mdg_diag *diag);

/* Every rank gives size bytes (below 2 GiB) and gets those of all, in the order of ranks: all is
 * [p->size][size]. All ranks have to come here. Returns MDG_OK or MDG_IO. */
mdg_status mdg_parallel_gather(const mdg_parallel *p, const void *mine, size_t size, void *all,
                               mdg_diag *diag);

#endif
