/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "util/size.h"

mdg_status mdg_cli_usage(mdg_cli *cli, const char *format, ...) {
    char text[800];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli->usage = true;
    return mdg_fail(&cli->diag, MDG_INVALID, "%s; see `midge %s --help`", text, cli->verb->name);
}

static mdg_status set_count(mdg_cli *cli, const char *name, const char *text, int *out) {
    char *end;
    errno = 0;
    const long n = strtol(text, &end, 10);
    if (errno || end == text || *end || n < 1 || n > 1000000000)
        return mdg_cli_usage(cli, "%s '%s' is not a whole number from 1 up", name, text);
    *out = (int)n;
    return MDG_OK;
}

static mdg_status set_size(mdg_cli *cli, const char *name, const char *text, size_t *out) {
    if (mdg_size_read(text, out) && *out > 0) return MDG_OK;
    return mdg_cli_usage(cli, "%s '%s' is no number of bytes from 1 up, such as 20000, 32k or 1M", name,
                         text);
}

static mdg_status set_large(mdg_cli *cli, const char *name, const char *text, size_t *out) {
    if (mdg_count_read(text, out) && *out > 0) return MDG_OK;
    return mdg_cli_usage(cli, "%s '%s' is no number from 1 up, such as 20000, 500k or 2M", name, text);
}

static mdg_status set_real(mdg_cli *cli, const char *name, const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    if (end != text && !*end && *out >= 0 && *out < 1e12) return MDG_OK;
    return mdg_cli_usage(cli, "%s '%s' is no number from 0 up", name, text);
}

static const mdg_option *find_option(const mdg_option *options, const char *name) {
    for (; options->name; options++)
        if (strcmp(options->name, name) == 0) return options;
    return NULL;
}

/* The option at argv[i]; *i moves on to the option's value where it has one. */
static mdg_status take_option(mdg_cli *cli, const mdg_option *options, int *i) {
    const char *name = cli->argv[*i];
    const mdg_option *o = find_option(options, name);
    if (!o) return mdg_cli_usage(cli, "option %s is not known", name);
    if (o->kind == MDG_OPTION_FLAG) {
        *(bool *)o->value = true;
        return MDG_OK;
    }
    if (*i + 1 >= cli->argc) return mdg_cli_usage(cli, "option %s lacks its value", name);
    const char *text = cli->argv[++*i];
    if (o->kind == MDG_OPTION_COUNT) return set_count(cli, name, text, o->value);
    if (o->kind == MDG_OPTION_SIZE) return set_size(cli, name, text, o->value);
    if (o->kind == MDG_OPTION_LARGE) return set_large(cli, name, text, o->value);
    if (o->kind == MDG_OPTION_REAL) return set_real(cli, name, text, o->value);
    *(const char **)o->value = text;
    return MDG_OK;
}

mdg_status mdg_cli_parse(mdg_cli *cli, const mdg_option *options, int min_args, int max_args) {
    for (int i = 0; i < cli->argc; i++) {
        if (cli->argv[i][0] == '-' && cli->argv[i][1])
            MDG_TRY(take_option(cli, options, &i));
        else if (cli->n_args == max_args)
            return mdg_cli_usage(cli, "'%s' is one argument too many", cli->argv[i]);
        else
            cli->args[cli->n_args++] = cli->argv[i];
    }
    if (cli->n_args < min_args) return mdg_cli_usage(cli, "an argument is missing");
    return MDG_OK;
}

static const char *names_of(mdg_arena *arena, const mdg_subverb *const *parts) {
    const char *text = parts[0]->name;
    for (int i = 1; parts[i]; i++) text = mdg_arena_printf(arena, "%s, %s", text, parts[i]->name);
    return text;
}

mdg_status mdg_cli_subverb(mdg_cli *cli, const mdg_subverb *const *parts) {
    const mdg_option none[] = {{0}};
    if (cli->argc && cli->argv[0][0] == '-') return mdg_cli_parse(cli, none, 0, 0);
    if (cli->argc == 0)
        return mdg_cli_usage(cli, "what to do is missing; known are %s", names_of(cli->arena, parts));
    for (int i = 0; parts[i]; i++) {
        if (strcmp(cli->argv[0], parts[i]->name) != 0) continue;
        cli->argc--;
        cli->argv++;
        return parts[i]->run(cli);
    }
    return mdg_cli_usage(cli, "%s is not known; known are %s", cli->argv[0], names_of(cli->arena, parts));
}
