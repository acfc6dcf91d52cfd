/* SPDX-License-Identifier: MIT
 *
 * cmd_ble.c: `midge ble`: devices near, over Bluetooth LE.
 */
#include <jansson.h>
#include <string.h>

#include "ble/ble.h"
#include "cli/cli.h"
#include "update/update.h"

/* -- scan, listen -- */

typedef struct hearing {
    const char *model, *labels;
    double seconds;
    int count; /* 0 = no end */
    bool json;
    uint32_t wanted; /* id of the model */
    int heard;
    mdg_cli *cli;
} hearing;

/* Label number k of "yes,no"; NULL where there is none */
static const char *label_of(const hearing *h, int k) {
    const char *from = h->labels;
    for (; from && k > 0; k--) from = strchr(from, ',') ? strchr(from, ',') + 1 : NULL;
    return from ? mdg_arena_printf(h->cli->arena, "%.*s", (int)strcspn(from, ","), from) : NULL;
}

static void print_json(const hearing *h, const mdg_ble_heard *on) {
    const mdg_decision *d = &on->decision;
    const char *label = label_of(h, d->class_index);
    json_t *value = json_pack("{s:s, s:i, s:I, s:I, s:i, s:f, s:i, s:f}", "address", on->address, "rssi_dbm",
                              on->rssi, "model", (json_int_t)d->model, "version", (json_int_t)d->version,
                              "class", (int)d->class_index, "score", d->score / 255.0, "sequence",
                              (int)d->sequence, "time_s", d->time_ms / 1000.0);
    if (label) json_object_set_new(value, "label", json_string(label));
    json_dumpf(value, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(value);
}

static void print_row(const hearing *h, const mdg_ble_heard *on) {
    const mdg_decision *d = &on->decision;
    const char *label = label_of(h, d->class_index);
    if (h->heard == 1)
        printf("%-17s  %4s  %-8s %7s  %-12s  %5s  %8s  %12s\n", "address", "dBm", "model", "version", "class",
               "score", "sequence", "its time, s");
    printf("%-17s  %4d  %08x %7u  %-12s  %4.0f%%  %8u  %12.3f\n", on->address, on->rssi, d->model, d->version,
           label ? label : mdg_arena_printf(h->cli->arena, "%u", d->class_index), d->score / 2.55,
           d->sequence, d->time_ms / 1000.0);
}

static bool hear(void *context, const mdg_ble_heard *on) {
    hearing *h = context;
    if (!on) return !mdg_cli_interrupted();
    if (h->model && on->decision.model != h->wanted) return true;
    h->heard++;
    if (h->json)
        print_json(h, on);
    else
        print_row(h, on);
    fflush(stdout);
    return !mdg_cli_interrupted() && h->heard != h->count;
}

static mdg_status parse_hearing(mdg_cli *cli, hearing *h, int n_args) {
    const mdg_option options[] = {
        {"--seconds", MDG_OPTION_REAL, &h->seconds}, {"--count", MDG_OPTION_COUNT, &h->count},
        {"--model", MDG_OPTION_TEXT, &h->model},     {"--labels", MDG_OPTION_TEXT, &h->labels},
        {"--json", MDG_OPTION_FLAG, &h->json},       {0}};
    MDG_TRY(mdg_cli_parse(cli, options, n_args, n_args));
    h->cli = cli;
    if (h->model) h->wanted = mdg_decision_model(h->model);
    return MDG_OK;
}

static mdg_status scan(mdg_cli *cli) {
    hearing h = {.json = false};
    mdg_ble b;
    MDG_TRY(parse_hearing(cli, &h, 0));
    MDG_TRY(mdg_ble_open(&b, &cli->diag));
    const mdg_status status = mdg_ble_scan(&b, h.seconds, hear, &h, &cli->diag);
    mdg_ble_close(&b);
    return status;
}

static mdg_status listen(mdg_cli *cli) {
    hearing h = {.json = false};
    mdg_ble b;
    MDG_TRY(parse_hearing(cli, &h, 1));
    MDG_TRY(mdg_ble_open(&b, &cli->diag));
    const mdg_status status = mdg_ble_listen(&b, cli->args[0], h.seconds, hear, &h, &cli->diag);
    mdg_ble_close(&b);
    return status;
}

/* -- send -- */

static mdg_status send(mdg_cli *cli) {
    const char *address = NULL;
    const mdg_option options[] = {{"--to", MDG_OPTION_TEXT, &address}, {0}};
    mdg_bytes update;
    mdg_update_header h;
    mdg_ble b;
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!address) return mdg_cli_usage(cli, "--to ADDRESS is missing, such as C0:FF:EE:00:00:01");
    MDG_TRY(mdg_update_load(cli->args[0], cli->arena, &update, &h, &cli->diag));
    MDG_TRY(mdg_ble_open(&b, &cli->diag));
    const mdg_status status = mdg_ble_send(&b, address, &update, &cli->progress, &cli->diag);
    mdg_ble_close(&b);
    MDG_TRY(status);
    printf("%s has %s version %u\n", address, h.name, h.version);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    static const mdg_subverb scan_part = {"scan", scan}, listen_part = {"listen", listen},
                             send_part = {"send", send};
    static const mdg_subverb *const parts[] = {&scan_part, &listen_part, &send_part, NULL};
    return mdg_cli_subverb(cli, parts);
}

const mdg_verb mdg_verb_ble = {
    .name = "ble",
    .summary = "devices near, over Bluetooth LE: scan, listen, send an update",
    .help = "midge ble scan [--seconds S] [--count N] [--model NAME] [--labels A,B,...] [--json]\n"
            "midge ble listen ADDRESS [the same]\n"
            "midge ble send FILE.update --to ADDRESS\n"
            "\n"
            "Speaks with devices that run midge's Bluetooth LE service (docs/BLUETOOTH.md), through BlueZ.\n"
            "\n"
            "scan    prints what all devices near decide, from their advertisements, without a connection.\n"
            "listen  connects to one and prints what it notifies.\n"
            "        Both end after S seconds, N decisions, or with Ctrl-C. --model tells the name of the "
            "model that\n"
            "        matters; --labels its classes in their order, to be shown in place of numbers; --json "
            "prints an\n"
            "        object a line.\n"
            "send    sends an update of `midge update sign`, from where the device has it: what was "
            "interrupted goes on.\n"
            "        A device that has this version already has nothing to do.\n"
            "\n"
            "  midge ble scan --model doorbell --labels silence,bell --seconds 60\n"
            "  midge ble listen C0:FF:EE:00:00:01 --json >decisions.jsonl\n"
            "  midge ble send doorbell.update --to C0:FF:EE:00:00:01\n",
    .run = run,
};
