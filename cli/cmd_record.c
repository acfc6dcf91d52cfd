/* SPDX-License-Identifier: MIT
 *
 * cmd_record.c: `midge record`: from a sensor to a data set.
 */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "record/record.h"

static void tell(void *context, const char *line) {
    mdg_cli_stage(context, "%s%s", isatty(STDERR_FILENO) ? "\r\033[K" : "", line);
}

/* One moving line, on a terminal alone. */
static bool live(void *context, const char *line) {
    (void)context;
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\033[K%s", line);
    return !mdg_cli_interrupted();
}

static bool is_name(const char *text) {
    return *text && *text != '.' && !strchr(text, '/') && strlen(text) < 128;
}

static mdg_status check(mdg_cli *cli, const mdg_record_opts *o) {
    if (!o->device) return mdg_cli_usage(cli, "what to record is missing: --serial PORT");
    if (!o->dir) return mdg_cli_usage(cli, "-o DIR is missing");
    if (!o->label) return mdg_cli_usage(cli, "--label is missing: the class of what is recorded");
    if (!is_name(o->label)) return mdg_cli_usage(cli, "--label '%s' cannot name a folder", o->label);
    if (o->group && !is_name(o->group))
        return mdg_cli_usage(cli, "--group '%s' cannot begin a file's name", o->group);
    return MDG_OK;
}

static void print_tally(const mdg_record_opts *o, const mdg_record_tally *t) {
    if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    printf("%llu rows in %d file%s below %s/%s", (unsigned long long)t->rows, t->files,
           t->files == 1 ? "" : "s", o->dir, o->label);
    if (t->rate_hz > 0) printf(", %.5g a second", t->rate_hz);
    if (t->bad) printf("; %llu bad passed over", (unsigned long long)t->bad);
    if (t->lost) printf("; %llu frames lost", (unsigned long long)t->lost);
    putchar('\n');
    fflush(stdout);
}

static mdg_status run(mdg_cli *cli) {
    mdg_record_opts o = {.baud = 115200, .watch = {tell, live, cli}};
    mdg_record_tally tally = {0};
    const mdg_option options[] = {{"--serial", MDG_OPTION_TEXT, &o.device},
                                  {"--baud", MDG_OPTION_COUNT, &o.baud},
                                  {"-o", MDG_OPTION_TEXT, &o.dir},
                                  {"--label", MDG_OPTION_TEXT, &o.label},
                                  {"--group", MDG_OPTION_TEXT, &o.group},
                                  {"--notes", MDG_OPTION_TEXT, &o.notes},
                                  {"--seconds", MDG_OPTION_REAL, &o.seconds},
                                  {"--clip-seconds", MDG_OPTION_REAL, &o.clip_seconds},
                                  {"--rate", MDG_OPTION_REAL, &o.rate_hz},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 0, 0));
    MDG_TRY(check(cli, &o));
    const mdg_status status = mdg_record_serial(&o, &tally, &cli->diag);
    if (tally.files) print_tally(&o, &tally);
    return status;
}

const mdg_verb mdg_verb_record = {
    .name = "record",
    .summary = "from a sensor to a data set: serial port",
    .help =
        "midge record --serial PORT [--baud 115200] -o DIR --label L [--group G] [--notes TEXT]\n"
        "             [--seconds S] [--clip-seconds S] [--rate HZ]\n"
        "\n"
        "Writes what comes from a sensor to DIR/L/[G_]0001.csv and on, each with a .json that says where it "
        "is from,\n"
        "until S seconds are over, the device is gone, or Ctrl-C. Nothing is lost by any of them.\n"
        "\n"
        "A serial port may send lines of numbers (separated by comma, semicolon, tab or blanks; a line of "
        "names before\n"
        "them is understood, \"x:1 y:2\" too) or the frames of ports/sender/midge_send.c, which carry a "
        "CRC. Which of them,\n"
        "how many axes and how many rows a second is found out. Lines that are no row are counted and "
        "passed over.\n"
        "\n"
        "  midge record --serial /dev/ttyACM0 -o recordings --label wave --group anna --seconds 60\n"
        "  midge record --serial /dev/ttyUSB0 --baud 921600 -o recordings --label idle --clip-seconds 2\n",
    .run = run,
};
