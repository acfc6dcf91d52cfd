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
    if (!o->dir) return mdg_cli_usage(cli, "-o DIR is missing");
    if (!o->label) return mdg_cli_usage(cli, "--label is missing: the class of what is recorded");
    if (!is_name(o->label)) return mdg_cli_usage(cli, "--label '%s' cannot name a folder", o->label);
    if (o->group && !is_name(o->group))
        return mdg_cli_usage(cli, "--group '%s' cannot begin a file's name", o->group);
    return MDG_OK;
}

/* What is recorded from, and by whom. */
typedef struct input {
    const char *serial, *audio, *from, *camera;
} input;

typedef mdg_status (*recorder)(const mdg_record_opts *, mdg_record_tally *, mdg_diag *);

static recorder choose(const input *in, mdg_record_opts *o) {
    if (!in->serial + !in->audio + !in->from + !in->camera != 3) return NULL;
    o->device = in->serial ? in->serial : in->audio ? in->audio : in->from ? in->from : in->camera;
    if (in->serial) return mdg_record_serial;
    if (in->camera) return mdg_record_camera;
    if (o->rate_hz < 1) o->rate_hz = 16000;
    return mdg_record_sound;
}

static void print_tally(const mdg_record_opts *o, const mdg_record_tally *t, const char *what) {
    if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    printf("%llu %s in %d file%s below %s/%s", (unsigned long long)t->rows, what, t->files,
           t->files == 1 ? "" : "s", o->dir, o->label);
    if (t->rate_hz > 0) printf(", %.5g a second", t->rate_hz);
    if (t->bad) printf("; %llu bad passed over", (unsigned long long)t->bad);
    if (t->lost) printf("; %llu frames lost", (unsigned long long)t->lost);
    putchar('\n');
    fflush(stdout);
}

static mdg_status run(mdg_cli *cli) {
    mdg_record_opts o = {.baud = 115200, .quiet_db = 40, .every_s = 1, .watch = {tell, live, cli}};
    mdg_record_tally tally = {0};
    input in = {0};
    const mdg_option options[] = {{"--serial", MDG_OPTION_TEXT, &in.serial},
                                  {"--audio", MDG_OPTION_TEXT, &in.audio},
                                  {"--from", MDG_OPTION_TEXT, &in.from},
                                  {"--camera", MDG_OPTION_TEXT, &in.camera},
                                  {"--split-silence", MDG_OPTION_REAL, &o.silence_s},
                                  {"--silence-level", MDG_OPTION_REAL, &o.quiet_db},
                                  {"--every", MDG_OPTION_REAL, &o.every_s},
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
    const recorder record = choose(&in, &o);
    if (!record)
        return mdg_cli_usage(cli, "what to record from is one of --serial, --audio, --from and --camera");
    const mdg_status status = record(&o, &tally, &cli->diag);
    if (tally.files) print_tally(&o, &tally, in.serial ? "rows" : in.camera ? "pictures" : "samples");
    return status;
}

const mdg_verb mdg_verb_record = {
    .name = "record",
    .summary = "from a serial port, a microphone or a camera to a data set",
    .help =
        "midge record --serial PORT [--baud 115200] [--rate HZ] -o DIR --label L ...\n"
        "midge record --audio alsa:DEVICE | --from FILE|lavfi:SPEC [--rate 16000] -o DIR --label L ...\n"
        "midge record --camera v4l2:/dev/video0 [--every 1] -o DIR --label L ...\n"
        "             [--group G] [--notes TEXT] [--seconds S] [--clip-seconds S]\n"
        "             [--split-silence S] [--silence-level 40]\n"
        "\n"
        "Writes what comes from a sensor to DIR/L/[G_]0001.csv (.wav, .png) and on, each with a .json that\n"
        "says where it is from, until S seconds are over, the source ends, or Ctrl-C. Nothing is lost by "
        "any\n"
        "of them.\n"
        "\n"
        "A serial port may send lines of numbers (separated by comma, semicolon, tab or blanks; a line of\n"
        "names before them is understood, \"x:1 y:2\" too) or the frames of ports/sender/midge_send.c, "
        "which\n"
        "carry a CRC. Which of them, how many axes and how many rows a second is found out. Lines that are "
        "no\n"
        "row are counted and passed over.\n"
        "Sound becomes one channel of 16 bits. --split-silence ends a clip at a pause of S seconds: nothing\n"
        "within --silence-level dB of full scale. Sources are FFmpeg's.\n"
        "\n"
        "  midge record --serial /dev/ttyACM0 -o recordings --label wave --group anna --seconds 60\n"
        "  midge record --serial /dev/ttyUSB0 --baud 921600 -o recordings --label idle --clip-seconds 2\n"
        "  midge record --audio alsa:default -o recordings --label bell --split-silence 0.5\n"
        "  midge record --from interview.mp3 -o recordings --label speech --clip-seconds 1\n"
        "  midge record --camera v4l2:/dev/video0 -o recordings --label cup --every 0.5 --seconds 30\n",
    .run = run,
};
