/* SPDX-License-Identifier: MIT
 *
 * cmd_update.c: `midge update`: model images signed for devices, and the keys for it.
 */
#include <jansson.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/model.h"
#include "update/update.h"

static mdg_status fail_with_file(mdg_cli *cli, mdg_status status, const char *path) {
    return status == MDG_OK ? MDG_OK : mdg_fail_in(&cli->diag, status, path);
}

/* -- key -- */

static void print_for_firmware(const mdg_public_key *key) {
    printf("/* for the firmware */\nstatic const uint8_t update_public_key[%d] = {", MDG_KEY_BYTES);
    for (int i = 0; i < MDG_KEY_BYTES; i++) printf("%s0x%02x,", i % 12 == 0 ? "\n    " : " ", key->bytes[i]);
    printf("\n};\n");
}

static mdg_status make_key(mdg_cli *cli) {
    const mdg_option options[] = {{0}};
    mdg_public_key key;
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    const char *name = cli->args[0], *public_path = mdg_arena_printf(cli->arena, "%s.pub", name);
    MDG_TRY(mdg_keys_make(name, &cli->diag));
    MDG_TRY(mdg_public_key_read(public_path, &key, &cli->diag));
    printf("%s.key   signs updates: keep it secret, and keep a copy. Without it, devices cannot be updated.\n"
           "%s   verifies them; it may be shown to all.\n\n",
           name, public_path);
    print_for_firmware(&key);
    return MDG_OK;
}

/* -- sign -- */

static const char *base_name(mdg_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t n = strlen(name);
    const char *suffix = n > 6 ? name + n - 6 : "";
    return mdg_arena_printf(arena, "%.*s", (int)(strcmp(suffix, ".image") == 0 ? n - 6 : n), name);
}

typedef struct sign_opts {
    const char *key, *name, *out;
    int version, minimum;
} sign_opts;

static mdg_status parse_sign(mdg_cli *cli, sign_opts *o) {
    const mdg_option options[] = {{"--key", MDG_OPTION_TEXT, &o->key},
                                  {"--name", MDG_OPTION_TEXT, &o->name},
                                  {"--version", MDG_OPTION_COUNT, &o->version},
                                  {"--minimum", MDG_OPTION_COUNT, &o->minimum},
                                  {"-o", MDG_OPTION_TEXT, &o->out},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!o->key) return mdg_cli_usage(cli, "--key FILE is missing: what `midge update key` made");
    if (!o->version)
        return mdg_cli_usage(cli, "--version is missing: higher than that of the model on the devices");
    if (!o->name) o->name = base_name(cli->arena, cli->args[0]);
    if (!o->out) o->out = mdg_arena_printf(cli->arena, "%s.update", base_name(cli->arena, cli->args[0]));
    return MDG_OK;
}

static mdg_status sign_with(mdg_cli *cli, const sign_opts *o, const mdg_secret_key *key) {
    mdg_bytes image, update;
    const mdg_update_terms terms = {o->name, (uint32_t)o->version, (uint32_t)o->minimum};
    MDG_TRY(mdg_file_read(cli->args[0], cli->arena, &image, &cli->diag));
    MDG_TRY(fail_with_file(cli, mdg_update_sign(&image, &terms, key, cli->arena, &update, &cli->diag),
                           cli->args[0]));
    MDG_TRY(mdg_file_write(o->out, update.data, update.size, &cli->diag));
    printf("%s: %s version %u, %zu bytes\n", o->out, terms.name, terms.version, update.size);
    return MDG_OK;
}

static mdg_status sign(mdg_cli *cli) {
    sign_opts o = {NULL, NULL, NULL, 0, 0};
    mdg_secret_key key;
    MDG_TRY(parse_sign(cli, &o));
    MDG_TRY(mdg_secret_key_read(o.key, &key, &cli->diag));
    const mdg_status status = sign_with(cli, &o, &key);
    mdg_secret_key_forget(&key);
    return status;
}

/* -- verify, show -- */

static mdg_status verify(mdg_cli *cli) {
    const char *key_path = NULL;
    const mdg_option options[] = {{"--key", MDG_OPTION_TEXT, &key_path}, {0}};
    mdg_bytes update;
    mdg_update_header h;
    mdg_public_key key;
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!key_path) return mdg_cli_usage(cli, "--key FILE is missing: the public key, NAME.pub");
    MDG_TRY(mdg_public_key_read(key_path, &key, &cli->diag));
    MDG_TRY(mdg_update_load(cli->args[0], cli->arena, &update, &h, &cli->diag));
    MDG_TRY(fail_with_file(cli, mdg_update_verify(&update, &key, &cli->diag), cli->args[0]));
    printf("%s: %s version %u, signed by %s\n", cli->args[0], h.name, h.version, key_path);
    return MDG_OK;
}

static mdg_status show_json(const mdg_update_header *h) {
    return mdg_json_print(json_pack("{s:s, s:I, s:I, s:I, s:I}", "name", h->name, "version",
                                    (json_int_t)h->version, "minimum", (json_int_t)h->minimum, "image_format",
                                    (json_int_t)h->image_format, "image_bytes", (json_int_t)h->image_bytes));
}

static mdg_status show_update(mdg_cli *cli, bool json) {
    mdg_bytes update;
    mdg_update_header h;
    MDG_TRY(mdg_update_load(cli->args[0], cli->arena, &update, &h, &cli->diag));
    if (json) return show_json(&h);
    printf("model    %s\nversion  %u\nminimum  %u\nimage    %u bytes, format %u, CRC %08x\nsignature not "
           "checked here: "
           "`midge update verify`\n",
           h.name, h.version, h.minimum, h.image_bytes, h.image_format, h.image_crc);
    return MDG_OK;
}

static mdg_status show(mdg_cli *cli) {
    bool json = false;
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json}, {0}};
    mdg_public_key key;
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    const size_t n = strlen(cli->args[0]);
    if (n < 4 || strcmp(cli->args[0] + n - 4, ".pub") != 0) return show_update(cli, json);
    MDG_TRY(mdg_public_key_read(cli->args[0], &key, &cli->diag));
    print_for_firmware(&key);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    static const mdg_subverb key_part = {"key", make_key}, sign_part = {"sign", sign},
                             verify_part = {"verify", verify}, show_part = {"show", show};
    static const mdg_subverb *const parts[] = {&key_part, &sign_part, &verify_part, &show_part, NULL};
    return mdg_cli_subverb(cli, parts);
}

const mdg_verb mdg_verb_update = {
    .name = "update",
    .summary = "sign model images for devices: key, sign, verify, show",
    .help =
        "midge update key NAME\n"
        "midge update sign MODEL.image --key NAME.key --version N [--minimum N] [--name MODEL] [-o FILE]\n"
        "midge update verify FILE.update --key NAME.pub\n"
        "midge update show FILE.update|NAME.pub [--json]\n"
        "\n"
        "A device with midge/update.h takes a new model over the air when it is signed by its maker's key, "
        "is\n"
        "for its model, and is newer than what it runs (docs/UPDATES.md).\n"
        "\n"
        "key     makes a pair of Ed25519 keys: NAME.key, which signs and which you alone may read, and "
        "NAME.pub,\n"
        "        which goes into the firmware. It never overwrites a key.\n"
        "sign    adds header and signature to a model image (`midge compile --format image`). --name is what "
        "the\n"
        "        firmware calls its model; by default that of the image. --version grows with each update.\n"
        "        With --minimum, devices that took this one never again run a lower version than N: for an\n"
        "        update that mends something dangerous. -o is MODEL.update by default.\n"
        "verify  checks an update as a device will, for size, CRC, model image and signature.\n"
        "show    prints an update's header, or a public key as C.\n"
        "\n"
        "  midge update key doorbell\n"
        "  midge compile model.tflite -o out --name doorbell --format image\n"
        "  midge update sign out/doorbell.image --key doorbell.key --version 2 -o doorbell.update\n"
        "  midge update verify doorbell.update --key doorbell.pub\n",
    .run = run,
};
