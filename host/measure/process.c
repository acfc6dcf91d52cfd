/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np */
#include "measure/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

void mdg_command_add(mdg_command *c, const char *arg) {
    if (c->n + 1 >= c->capacity) {
        c->capacity = 2 * c->capacity + 16;
        const char **args = mdg_arena_array(c->arena, (size_t)c->capacity, sizeof *args);
        for (int i = 0; i < c->n; i++) args[i] = c->args[i];
        c->args = args;
    }
    c->args[c->n++] = arg;
    c->args[c->n] = NULL;
}

void mdg_command_add_words(mdg_command *c, const char *words) {
    char *rest = mdg_arena_strdup(c->arena, words);
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word) mdg_command_add(c, word);
    }
}

/* Returns 0 or an errno. */
static int start(const mdg_process *p, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, p->log,
                                                 O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, p->folder);
    char *const *args =
        (char *const *)(const void *)p->command->args; /* posix_spawn does not write to them */
    if (!error) error = posix_spawnp(pid, args[0], &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static mdg_status stop(const mdg_process *p, pid_t pid, mdg_watch why, mdg_diag *diag) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    if (why == MDG_WATCH_STOP) return mdg_fail(diag, MDG_INTERRUPTED, "%s: interrupted", p->command->args[0]);
    return mdg_fail(diag, MDG_TOOL, "%s: stopped, since it made no progress for too long",
                    p->command->args[0]);
}

/* Ctrl-C reaches all programs of a terminal. */
static mdg_status result_of(const mdg_process *p, int status, int *exit_code, mdg_diag *diag) {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGINT || signal == SIGTERM)
        return mdg_fail(diag, MDG_INTERRUPTED, "%s: interrupted", p->command->args[0]);
    *exit_code = signal ? 128 + signal : WEXITSTATUS(status);
    return MDG_OK;
}

static mdg_status wait_for(const mdg_process *p, pid_t pid, int *exit_code, mdg_diag *diag) {
    static const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (int status;;) {
        const pid_t ended = waitpid(pid, &status, p->watch ? WNOHANG : 0);
        if (ended == pid) return result_of(p, status, exit_code, diag);
        if (ended < 0 && errno != EINTR)
            return mdg_fail(diag, MDG_TOOL, "%s: lost: %s", p->command->args[0], strerror(errno));
        const mdg_watch now = p->watch ? p->watch(p->context) : MDG_WATCH_ON;
        if (now != MDG_WATCH_ON) return stop(p, pid, now, diag);
        nanosleep(&pause, NULL);
    }
}

mdg_status mdg_process_run(const mdg_process *p, int *exit_code, mdg_diag *diag) {
    pid_t pid = 0;
    const int error = start(p, &pid);
    if (error == ENOENT)
        return mdg_fail(diag, MDG_TOOL, "%s: not found; install it: apt-get install %s", p->command->args[0],
                        p->packages);
    if (error) return mdg_fail(diag, MDG_TOOL, "%s: cannot be run: %s", p->command->args[0], strerror(error));
    return wait_for(p, pid, exit_code, diag);
}
